/** English for the properties: what each demands, and what a violation is about. */
import { unreachable } from '../base/assert.ts';
import type { Finding, FindingOf, PropertyId } from '../check/violation.ts';
import { historyWords } from './english-history.ts';
import type { Names } from './names.ts';

/** What must hold, in one sentence. */
export const PROPERTY_WORDS: Readonly<Record<PropertyId, string>> = {
  'I-LEAD': 'an epoch has at most one established leader',
  'I-INT': 'what is delivered was broadcast by a leader',
  'I-AGR': 'all servers deliver the same transactions in the same order',
  'I-LOSS': 'what is committed, or was shown to a client, is in the history of every later leader',
  'I-UNC': 'clients see only what is committed',
  'I-PO': 'transactions are broadcast and delivered in the order of their leaders',
  'I-LOG': 'zxids in a log increase, without gaps or extra records',
  'I-DIG': 'servers at the same zxid have the same tree',
  'I-REC': 'what a server recovers from its disk is what had been committed there',
  'I-CODE': 'no server meets a state that its own code calls impossible',
  'I-FIFO': "a client's requests take effect and are answered in the order it sent them",
  'I-MONO': 'a session never sees an older state than it has seen',
  'I-WORD': 'a client gets the event of a watch before it sees the new state',
  'I-WLOST': 'every change that is watched is told',
  'I-EPH': 'ephemeral nodes go with their session, everywhere',
  'I-SESS': 'all servers know the same sessions, each with one owner',
  'I-BOOT': 'a server can start from a disk that only crashes have touched',
  'I-LIVE': 'once faults end, a leader is established, every live server joins and every call returns',
  'I-MUTEX': 'a lock has one holder, and nobody writes what it guards after losing it',
  'I-RECIPE': 'elections, queues, barriers and their waiters keep what the recipes promise',
  'I-LIN': 'writes happen one after the other, between call and return, and reads show the tree at their zxid',
  'I-SYNC': 'a read after a sync shows every write that had returned before the sync',
};

/** What happened that must not happen, as a sentence without its full stop. */
export function findingWords(f: Finding, w: Names): string {
  switch (f.property) {
    case 'I-LEAD':
      return f.kind === 'two-leaders'
        ? `${w.server(f.operands.first)} and ${w.server(f.operands.second)} both became the established leader of epoch ${f.operands.epoch}`
        : `${w.server(f.operands.sid)} became the established leader of epoch ${f.operands.epoch} twice`;
    case 'I-INT':
      return f.kind === 'never-broadcast'
        ? `${w.server(f.operands.sid)} delivered ${w.zxid(f.operands.zxid)}, which no leader ever broadcast`
        : `${w.server(f.operands.sid)} delivered under ${w.zxid(f.operands.zxid)} something else than what was broadcast under it`;
    case 'I-AGR':
      return f.kind === 'order'
        ? `${w.server(f.operands.sid)} delivered ${w.zxid(f.operands.zxid)} where ${w.zxid(f.operands.expected)} is committed`
        : `${w.server(f.operands.sid)} had delivered ${w.zxid(f.operands.zxid)} in the place where ${w.zxid(f.operands.expected)} is now committed`;
    case 'I-LOSS':
      return lossWords(f, w);
    case 'I-UNC':
      return uncommittedWords(f, w);
    case 'I-PO':
      return primaryOrderWords(f, w);
    case 'I-LOG':
      return logWords(f, w);
    case 'I-DIG':
      return `the trees of ${w.server(f.operands.sid)} and ${w.server(f.operands.other)} differ at ${w.zxid(f.operands.zxid)}`;
    case 'I-REC':
      return recoveryWords(f, w);
    case 'I-CODE':
      return impossibleWords(f, w);
    case 'I-FIFO':
      return orderWords(f, w);
    case 'I-MONO':
      return `${f.operands.client} was answered from a state at ${w.zxid(f.operands.zxid)} after it had seen ${w.zxid(f.operands.last)}`;
    case 'I-WORD':
    case 'I-WLOST':
      return watchWords(f, w);
    case 'I-EPH':
      return f.kind === 'survives'
        ? `${f.operands.path} is still there on ${w.server(f.operands.sid)} though its session ${w.session(f.operands.session)} is closed`
        : `session ${w.session(f.operands.session)} created ${f.operands.path} at ${w.zxid(f.operands.zxid)}, after it was closed at ${w.zxid(f.operands.closed)}`;
    case 'I-SESS':
      return sessionWords(f, w);
    case 'I-BOOT':
      return `${w.server(f.operands.sid)} cannot start from its own disk: ${f.operands.why} (${f.operands.numbers.join(', ')})`;
    case 'I-LIVE':
      return livenessWords(f, w);
    case 'I-MUTEX':
      return f.kind === 'two-holders'
        ? `${f.operands.second} got the lock ${f.operands.path} while ${f.operands.first} had it`
        : `${f.operands.client} wrote ${f.operands.path} at ${w.zxid(f.operands.zxid)}, after its lock ${f.operands.lock} had gone at ${w.zxid(f.operands.lost)}`;
    case 'I-RECIPE':
      return recipeWords(f);
    case 'I-LIN':
    case 'I-SYNC':
      return historyWords(f, w);
    default:
      return unreachable(f);
  }
}

function recipeWords(f: FindingOf<'I-RECIPE'>): string {
  switch (f.kind) {
    case 'two-leaders':
      return `${f.operands.second} became the leader of ${f.operands.path} while ${f.operands.first} led`;
    case 'taken-twice':
      return `${f.operands.second} took ${f.operands.path}, which ${f.operands.first} had taken`;
    case 'left-early':
      return `${f.operands.first} left the barrier ${f.operands.path} while ${f.operands.second} was in it`;
    case 'two-nodes':
      return `one call of ${f.operands.client} made ${f.operands.path} beside ${f.operands.first}`;
    case 'woken-in-vain':
      return `${f.operands.client} was woken by an event on ${f.operands.path}, while ${f.operands.before} still stood before its node`;
    default:
      return unreachable(f);
  }
}

function uncommittedWords({ kind, operands: { sid, session, uncommitted } }: FindingOf<'I-UNC'>, w: Names): string {
  const told = kind === 'replied' ? 'answered' : 'sent a watch event to';
  return `${w.server(sid)} ${told} session ${w.session(session)} from a tree that holds ${w.zxid(uncommitted)}, which is not committed`;
}

function logWords({ kind, operands: { sid, zxid, last, expected } }: FindingOf<'I-LOG'>, w: Names): string {
  if (kind === 'not-increasing') return `${w.server(sid)} wrote ${w.zxid(zxid)} to its log after ${w.zxid(last)}`;
  if (kind === 'hole') return `${w.server(sid)} wrote ${w.zxid(zxid)} to its log without ${w.zxid(expected)} before it`;
  return `the log of ${w.server(sid)} holds ${w.zxid(last)} between ${w.zxid(expected)} and ${w.zxid(zxid)}, where it does not belong`;
}

function impossibleWords(f: FindingOf<'I-CODE'>, w: Names): string {
  const { sid } = f.operands;
  if (f.kind === 'served-before-history') {
    return `${w.server(sid)} began to serve clients in epoch ${f.operands.epoch} without ${w.zxid(f.operands.missing)} of its leader's history`;
  }
  const { zxid, expected, why } = f.operands;
  return `${w.server(sid)} met an impossible ${f.kind.replace('bad-', '')}: ${w.zxid(zxid)} where ${w.zxid(expected)} was expected (${why})`;
}

function orderWords(f: FindingOf<'I-FIFO'>, w: Names): string {
  const { session, xid, last } = f.operands;
  switch (f.kind) {
    case 'replies':
      return `${w.server(f.operands.sid)} answered request ${xid} of session ${w.session(session)} after request ${last}`;
    case 'effects':
      return `request ${xid} of session ${w.session(session)} took effect (${w.zxid(f.operands.zxid)}) after request ${last}`;
    case 'returns':
      return `${f.operands.client} got the answer to request ${xid} after that to request ${last}`;
    default:
      return unreachable(f);
  }
}

function watchWords(f: Extract<Finding, { readonly kind: 'watch' }>, w: Names): string {
  const { client, path, table, changed, seen } = f.operands;
  return f.property === 'I-WORD'
    ? `${client} saw the state at ${w.zxid(seen)} before the event of its ${table} watch on ${path}, which changed at ${w.zxid(changed)}`
    : `${client} never got the event of its ${table} watch on ${path}, which changed at ${w.zxid(changed)}`;
}

function sessionWords(f: FindingOf<'I-SESS'>, w: Names): string {
  const session = w.session(f.operands.session);
  switch (f.kind) {
    case 'missing':
      return `${w.server(f.operands.sid)} does not know session ${session}, which is open`;
    case 'unknown':
      return `${w.server(f.operands.sid)} knows session ${session}, which is not open`;
    case 'reused':
      return `session ${session}, opened at ${w.zxid(f.operands.opened)}, was opened again at ${w.zxid(f.operands.zxid)}`;
    case 'expired-elsewhere':
      return `${w.server(f.operands.sid)} expired session ${session} and does not lead`;
    case 'stale-owner':
      return `${w.server(f.operands.sid)} made a write of session ${session} (${w.zxid(f.operands.zxid)}) after it had moved to ${w.server(f.operands.owner)}`;
    default:
      return unreachable(f);
  }
}

function livenessWords(f: FindingOf<'I-LIVE'>, w: Names): string {
  const since = `though faults ended at ${f.operands.calmAt / 1_000_000} s`;
  switch (f.kind) {
    case 'no-leader':
      return `no leader is established with ${w.servers(f.operands.sids)} alive, ${since}`;
    case 'several-leaders':
      return `${w.servers(f.operands.sids)} all hold themselves for the leader, ${since}`;
    case 'not-joined':
      return `${w.server(f.operands.sid)} is in ${f.operands.zabState} and has not joined the leader, ${since}`;
    case 'unanswered':
      return `a call of ${f.operands.client} was never answered, ${since}`;
    case 'silent':
      return `${f.operands.client} had no word from ${w.server(f.operands.sid)} in time, ${since}`;
    default:
      return unreachable(f);
  }
}

function lossWords(f: FindingOf<'I-LOSS'>, w: Names): string {
  const { leader, epoch, zxid } = f.operands;
  switch (f.kind) {
    case 'lost':
      return `${w.server(leader)} was established as leader of epoch ${epoch} without ${w.zxid(zxid)}, which is committed`;
    case 'seen-lost':
      return `${w.server(leader)} was established as leader of epoch ${epoch} without ${w.zxid(zxid)}, which a client has seen`;
    case 'not-prefix':
      return `${w.server(leader)}, established late as leader of epoch ${epoch}, has ${w.zxid(zxid)}, which the history of epoch ${f.operands.laterEpoch} lacks`;
    case 'committed-too-late':
      return `${w.server(leader)} committed ${w.zxid(zxid)} in epoch ${epoch}, but the history of epoch ${f.operands.laterEpoch} had begun without it`;
    default:
      return unreachable(f);
  }
}

function primaryOrderWords(f: FindingOf<'I-PO'>, w: Names): string {
  const zxid = w.zxid(f.operands.zxid);
  switch (f.kind) {
    case 'broadcast-order':
      return `${w.server(f.operands.leader)} broadcast ${zxid} after ${w.zxid(f.operands.last)}`;
    case 'commit-order':
      return `${w.server(f.operands.leader)} committed ${zxid} after ${w.zxid(f.operands.last)}`;
    case 'foreign-epoch':
      return `${w.server(f.operands.leader)} broadcast ${zxid} as leader of epoch ${f.operands.epoch}`;
    case 'primary-integrity':
      return `${w.server(f.operands.leader)} began to broadcast in epoch ${f.operands.epoch} without having delivered ${zxid} of an earlier leader`;
    case 'skipped':
      return `${w.server(f.operands.sid)} delivered ${zxid} after ${w.zxid(f.operands.last)}, leaving out what lies between`;
    case 'went-back':
      return `${w.server(f.operands.sid)} delivered ${zxid} after it had delivered ${w.zxid(f.operands.last)}`;
    case 'late':
      return `${w.server(f.operands.sid)} delivered ${zxid} of an old leader after ${w.zxid(f.operands.last)} of a newer one`;
    default:
      return unreachable(f);
  }
}

function recoveryWords(f: FindingOf<'I-REC'>, w: Names): string {
  const server = w.server(f.operands.sid);
  const zxid = w.zxid(f.operands.zxid);
  switch (f.kind) {
    case 'hole':
      return `${server} recovered ${zxid} from its disk without ${w.zxid(f.operands.expected)} before it (snapshot ${w.zxid(f.operands.snapshot)})`;
    case 'extra':
      return `${server} recovered ${w.zxid(f.operands.last)} from its disk between ${w.zxid(f.operands.expected)} and ${zxid}, where it does not belong`;
    case 'resurfaced':
      return `${server} recovered ${zxid} from its disk, which it had discarded when it joined epoch ${f.operands.epoch}`;
    case 'digest':
      return `the tree that ${server} recovered differs from that of ${w.server(f.operands.other)} at ${zxid}`;
    default:
      return unreachable(f);
  }
}

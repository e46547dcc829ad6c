/**
 * What a script can wait for or expect of a state, as short sentences: `leader elected`, `s2 is LEADING`, `/a = hello on s1`.
 * Parsed once into data.
 */
import { unreachable } from '../base/assert.ts';
import { zxidText, parseZxid, type Zxid } from '../base/zxid.ts';
import type { ServerState } from '../zab/packet.ts';
import type { ZabState } from '../zab/note.ts';
import type { NoteMatch } from './document.ts';
import { formatRefs, parseRefs, REFS_PATTERN, type ServerRef } from './server-ref.ts';

export type Refs = readonly ServerRef[];

export type Condition =
  | { readonly is: 'leader-elected'; readonly not: boolean }
  /** Both name the same servers, and somebody. */
  | { readonly is: 'same'; readonly servers: Refs; readonly others: Refs; readonly not: boolean }
  | { readonly is: 'state'; readonly servers: Refs; readonly state: string; readonly not: boolean }
  | { readonly is: 'serving'; readonly servers: Refs; readonly not: boolean }
  | { readonly is: 'zxid'; readonly servers: Refs; readonly which: 'logged' | 'applied' | 'synced'; readonly zxid: Zxid }
  | { readonly is: 'in-log'; readonly servers: Refs; readonly zxid: Zxid; readonly not: boolean }
  | { readonly is: 'epoch'; readonly servers: Refs; readonly which: 'acceptedEpoch' | 'currentEpoch'; readonly epoch: number }
  | { readonly is: 'node'; readonly servers: Refs; readonly path: string; readonly data: string | null; readonly exists: boolean }
  | { readonly is: 'same-tree'; readonly servers: Refs }
  | { readonly is: 'client'; readonly client: string; readonly state: string }
  | { readonly is: 'connected-to'; readonly client: string; readonly servers: Refs }
  /** As the server's table of sessions has it. */
  | { readonly is: 'session'; readonly client: string; readonly known: boolean; readonly servers: Refs }
  /** The event just run was this thread's, and performed the effect of that name, or took the item of that name and performed none. */
  | { readonly is: 'did'; readonly servers: Refs; readonly thread: string; readonly label: string }
  /** In the event just run, by one of these servers or clients. */
  | { readonly is: 'noted'; readonly nodes: Refs; readonly match: NoteMatch }
  | { readonly is: 'in-flight'; readonly packet: string; readonly from: Refs; readonly to: Refs };

/** Every state of a server, which the compiler keeps complete. */
const SERVER_STATES: Readonly<Record<ServerState | ZabState | 'down' | 'off' | 'paused', true>> = {
  LOOKING: true,
  FOLLOWING: true,
  LEADING: true,
  OBSERVING: true,
  ELECTION: true,
  DISCOVERY: true,
  SYNCHRONIZATION: true,
  BROADCAST: true,
  down: true,
  off: true,
  paused: true,
};

export const STATES: readonly string[] = Object.keys(SERVER_STATES);
export const CLIENT_STATES: readonly string[] = ['connected', 'connecting', 'closed', 'idle'];

export const CONDITION_FORMS: readonly string[] = [
  'leader elected',
  'no leader',
  'SERVER is [not] LEADING|FOLLOWING|LOOKING|OBSERVING|ELECTION|DISCOVERY|SYNCHRONIZATION|BROADCAST|down|off|paused',
  'SERVER is [not] SERVER',
  'SERVER [not] serving',
  'SERVER has logged|synced|applied ZXID',
  'SERVER has acceptedEpoch|currentEpoch N',
  'ZXID [not] in log of SERVER',
  'PATH exists|missing on SERVER',
  'PATH = DATA on SERVER',
  'same tree on SERVER',
  'CLIENT is connected|connecting|closed|idle',
  'CLIENT is connected to SERVER',
  'session of CLIENT known|unknown on SERVER',
  'TYPE from SERVER to SERVER in flight',
  'SERVER|CLIENT noted NOTE [OPERAND=VALUE ...]',
  'SERVER THREAD did EFFECT, such as: s1 SyncThread did append txn(1.2)',
];

/** Groups of a form, by position. */
type Groups = readonly string[];
type Maker = (groups: Groups) => Condition | null;

const REFS = `(${REFS_PATTERN})`;

function form(pattern: string, make: Maker): readonly [RegExp, Maker] {
  return [new RegExp(`^${pattern}$`), make];
}

const FORMS: readonly (readonly [RegExp, Maker])[] = [
  form('leader elected', () => ({ is: 'leader-elected', not: false })),
  form(`${REFS} noted ([a-z0-9-]+)((?: [\\w.]+=\\S+)*)`, ([refs, note = '', operands = '']) => ({
    is: 'noted',
    nodes: refsOf(refs),
    match: { ...operandsOf(operands), note },
  })),
  form(`${REFS} ([A-Z]\\w+) did (\\S.*)`, ([refs, thread = '', label = '']) => ({ is: 'did', servers: refsOf(refs), thread, label })),
  form('no leader', () => ({ is: 'leader-elected', not: true })),
  form(`same tree on ${REFS}`, ([refs]) => ({ is: 'same-tree', servers: refsOf(refs) })),
  form(`(/\\S*) (exists|missing) on ${REFS}`, ([path = '', how, refs]) => ({
    is: 'node',
    servers: refsOf(refs),
    path,
    data: null,
    exists: how === 'exists',
  })),
  form(`(/\\S*) = (.*) on ${REFS}`, ([path = '', data = '', refs]) => ({ is: 'node', servers: refsOf(refs), path, data, exists: true })),
  form(`session of (\\S+) (known|unknown) on ${REFS}`, ([client = '', how, refs]) => ({
    is: 'session',
    client,
    known: how === 'known',
    servers: refsOf(refs),
  })),
  form(`(\\S+) from ${REFS} to ${REFS} in flight`, ([packet = '', from, to]) => ({
    is: 'in-flight',
    packet,
    from: refsOf(from),
    to: refsOf(to),
  })),
  form(`(\\S+) (not )?in log of ${REFS}`, ([text = '', not, refs]) => {
    const zxid = parseZxid(text);
    return zxid === null ? null : { is: 'in-log', servers: refsOf(refs), zxid, not: not !== '' };
  }),
  form(`${REFS} has (logged|synced|applied) (\\S+)`, ([refs, which, text = '']) => {
    const zxid = parseZxid(text);
    return zxid === null
      ? null
      : { is: 'zxid', servers: refsOf(refs), which: which === 'logged' ? 'logged' : which === 'synced' ? 'synced' : 'applied', zxid };
  }),
  form(`${REFS} has (acceptedEpoch|currentEpoch) (\\d{1,9})`, ([refs, which, epoch]) => ({
    is: 'epoch',
    servers: refsOf(refs),
    which: which === 'acceptedEpoch' ? 'acceptedEpoch' : 'currentEpoch',
    epoch: Number(epoch),
  })),
  form(`${REFS} (not )?serving`, ([refs, not]) => ({ is: 'serving', servers: refsOf(refs), not: not !== '' })),
  form(`(\\S+) is connected to ${REFS}`, ([client = '', refs]) => ({ is: 'connected-to', client, servers: refsOf(refs) })),
  form(`(\\S+) is (${CLIENT_STATES.join('|')})`, ([client = '', state = '']) => ({ is: 'client', client, state })),
  form(`${REFS} is (not )?(${STATES.join('|')})`, ([refs, not, state = '']) => ({
    is: 'state',
    servers: refsOf(refs),
    state,
    not: not !== '',
  })),
  form(`${REFS} is (not )?${REFS}`, ([refs, not, others]) => ({
    is: 'same',
    servers: refsOf(refs),
    others: refsOf(others),
    not: not !== '',
  })),
];

/** ` epoch=2 mode=DIFF` */
function operandsOf(text: string): NoteMatch {
  const parts = text.split(' ').filter((part) => part !== '');
  return Object.fromEntries(parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
}

function refsOf(text: string | undefined): Refs {
  return parseRefs(text ?? '') ?? [];
}

/** The condition, or null when the text has none of the forms. Names are checked elsewhere. */
export function parseCondition(text: string): Condition | null {
  for (const [pattern, make] of FORMS) {
    const match = pattern.exec(text.trim());
    if (match === null) continue;
    const made = make(match.slice(1).map((group: string | undefined) => group ?? ''));
    if (made !== null) return made;
  }
  return null;
}

/** The inverse of `parseCondition`. */
export function formatCondition(condition: Condition): string {
  const not = 'not' in condition && condition.not ? 'not ' : '';
  const servers = 'servers' in condition ? formatRefs(condition.servers) : '';
  switch (condition.is) {
    case 'leader-elected':
      return condition.not ? 'no leader' : 'leader elected';
    case 'same':
      return `${servers} is ${not}${formatRefs(condition.others)}`;
    case 'state':
      return `${servers} is ${not}${condition.state}`;
    case 'serving':
      return `${servers} ${not}serving`;
    case 'zxid':
      return `${servers} has ${condition.which} ${zxidText(condition.zxid)}`;
    case 'in-log':
      return `${zxidText(condition.zxid)} ${not}in log of ${servers}`;
    case 'epoch':
      return `${servers} has ${condition.which} ${condition.epoch}`;
    case 'node':
      if (condition.data !== null) return `${condition.path} = ${condition.data} on ${servers}`;
      return `${condition.path} ${condition.exists ? 'exists' : 'missing'} on ${servers}`;
    case 'same-tree':
      return `same tree on ${servers}`;
    case 'client':
      return `${condition.client} is ${condition.state}`;
    case 'connected-to':
      return `${condition.client} is connected to ${servers}`;
    case 'session':
      return `session of ${condition.client} ${condition.known ? 'known' : 'unknown'} on ${servers}`;
    case 'did':
      return `${servers} ${condition.thread} did ${condition.label}`;
    case 'noted': {
      const { note = '', ...operands } = condition.match;
      return [`${formatRefs(condition.nodes)} noted ${note}`, ...Object.entries(operands).map(([key, value]) => `${key}=${value}`)].join(
        ' ',
      );
    }
    case 'in-flight':
      return `${condition.packet} from ${formatRefs(condition.from)} to ${formatRefs(condition.to)} in flight`;
    default:
      return unreachable(condition);
  }
}

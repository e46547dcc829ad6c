// What clients observed, judged after the run against what was committed. It uses the clients' facts, the servers' replies to setWatches and
// the committed transactions, and nothing that the code under test believes.

import { peek } from '../../src/base/parts.ts';
import type { ClientNote, WatchTable } from '../../src/client/note.ts';
import type { Ensemble } from '../../src/ensemble/ensemble.ts';
import type { Note } from '../../src/ensemble/note.ts';
import { bodyOf, type TxnBody } from '../../src/server/txn-body.ts';

type Returned = Extract<ClientNote, { type: 'client-returned' }>;
type Evented = Extract<ClientNote, { type: 'client-event' }>;
type Replied = Extract<Note, { type: 'replied' }>;

export interface History {
  /** In the order of events: of clients everything, of servers the replies to setWatches and what was attached and expired. */
  readonly entries: { readonly at: number; readonly node: number; readonly note: Note }[];
}

export function recordHistory(ensemble: Ensemble): History {
  const history: History = { entries: [] };
  ensemble.world.observe = ({ record }) => {
    for (const each of record.notes) {
      const note = each as Note;
      const isWanted = note.type.startsWith('client-') || note.type.startsWith('session-') || isSetWatchesReply(note);
      if (isWanted) history.entries.push({ at: record.at, node: record.node, note });
    }
  };
  return history;
}

function isSetWatchesReply(note: Note): note is Replied {
  return note.type === 'replied' && note.operation.op === 'setWatches';
}

interface Change {
  readonly zxid: number;
  readonly kind: 'create' | 'delete' | 'setData';
  readonly path: string;
}

/** A watch as its client must believe it has it. */
interface Watch {
  readonly table: WatchTable;
  readonly path: string;
  /** The read that set it: an event tells of a change after this. */
  readonly setAt: number;
  /** Changes after this must be told. */
  since: number;
}

interface ClientView {
  readonly invoked: Map<number, number>;
  readonly returned: Set<number>;
  readonly seen: Map<string, number>;
  readonly watches: Map<string, Watch>;
  lastReply: number;
  session: string;
}

/** What is wrong, by the name of the invariant; empty when nothing is. */
export function judgeHistory(ensemble: Ensemble, history: History): string[] {
  const bad: string[] = [];
  const changes = committedChanges(ensemble, bad);
  const views = new Map<number, ClientView>();
  for (const { at, node, note } of history.entries) {
    const complain = (what: string): void => void bad.push(`${what} at ${at} by node ${node}: ${JSON.stringify(note)}`);
    const view = views.get(node) ?? makeView();
    views.set(node, view);
    switch (note.type) {
      case 'client-invoked':
        if (view.invoked.has(note.call)) complain('invoked twice');
        view.invoked.set(note.call, view.invoked.size);
        break;
      case 'client-returned':
        judgeReturn(view, note, changes, complain);
        break;
      case 'client-event':
        judgeEvent(view, note, changes, complain);
        break;
      case 'client-state':
        if (note.why === 'opened') Object.assign(view, { lastReply: -1, watches: new Map() });
        break;
      case 'client-session': {
        const isOld = [...views.values()].some((other) => other !== view && other.session === note.session);
        if (isOld) complain('I-SESS: a session of two clients');
        if ((note.how === 'created') === (view.session === note.session)) complain('I-SESS: created and reattached confused');
        view.session = note.session;
        break;
      }
      case 'client-expired':
        if (note.by === 'server' && !hasEnded(history, note.session)) complain('I-SESS: expired, but nobody expired it');
        break;
      case 'replied':
        // WATCH-43: what an exist watch has missed by now it will never tell.
        for (const other of views.values()) {
          if (other.session !== note.session) continue;
          for (const watch of other.watches.values()) if (watch.table === 'exist') watch.since = Math.max(watch.since, note.zxid);
        }
        break;
      default:
        break;
    }
  }
  return bad;
}

function makeView(): ClientView {
  return { invoked: new Map(), returned: new Set(), seen: new Map(), watches: new Map(), lastReply: -1, session: '' };
}

function hasEnded(history: History, session: string): boolean {
  return history.entries.some(
    ({ note }) => (note.type === 'session-expired' || note.type === 'session-closed') && note.session === session,
  );
}

function judgeReturn(view: ClientView, note: Returned, changes: readonly Change[], complain: (what: string) => void): void {
  const order = view.invoked.get(note.call);
  if (order === undefined) return complain('returned, not invoked');
  if (view.returned.has(note.call)) complain('returned twice');
  view.returned.add(note.call);
  if (note.zxid === -1) return undefined;
  if (order < view.lastReply) complain('I-FIFO: replies out of order');
  view.lastReply = order;
  if (note.zxid < (view.seen.get(note.session) ?? 0)) complain('I-MONO');
  view.seen.set(note.session, note.zxid);
  for (const watch of view.watches.values()) {
    const change = changes.find((each) => each.zxid > watch.since && each.zxid <= note.zxid && fires(each, watch));
    if (change !== undefined)
      complain(`I-WORD or I-WLOST: ${watch.table} watch since ${watch.since} was not told of ${JSON.stringify(change)}`);
  }
  addWatch(view, note);
  return undefined;
}

function addWatch(view: ClientView, { operation, error, zxid }: Returned): void {
  if (!('watch' in operation) || !operation.watch) return;
  const isMissing = operation.op === 'exists' && error === 'NONODE';
  if (error !== 'OK' && !isMissing) return;
  const table: WatchTable = isMissing ? 'exist' : operation.op.startsWith('getChildren') ? 'child' : 'data';
  const key = `${table} ${operation.path}`;
  if (!view.watches.has(key)) view.watches.set(key, { table, path: operation.path, setAt: zxid, since: zxid });
}

function judgeEvent(
  view: ClientView,
  { event, path, consumed }: Evented,
  changes: readonly Change[],
  complain: (what: string) => void,
): void {
  for (const table of consumed) {
    const watch = view.watches.get(`${table} ${path}`);
    if (watch === undefined) complain('an event used up a watch that is not there');
    else if (!changes.some((each) => each.zxid > watch.setAt && fires(each, watch))) complain('an event without a change');
    view.watches.delete(`${table} ${path}`);
  }
  const known = [...view.watches.values()].filter((watch) => watch.path === path && tablesOf(event).includes(watch.table));
  if (known.length > 0) complain('an event left its watch');
}

function tablesOf(event: Evented['event']): readonly WatchTable[] {
  if (event === 'NodeChildrenChanged') return ['child'];
  return event === 'NodeDeleted' ? ['data', 'exist', 'child'] : ['data', 'exist'];
}

function fires({ kind, path }: Change, watch: Watch): boolean {
  if (watch.table === 'child') return (kind === 'delete' && path === watch.path) || (kind !== 'setData' && parentOf(path) === watch.path);
  return path === watch.path && (watch.table === 'data' ? kind !== 'create' : kind === 'create');
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The union of the servers' committed logs, in order; each session's writes must be in the order of its xids. */
function committedChanges(ensemble: Ensemble, bad: string[]): Change[] {
  const txns = new Map(
    ensemble.servers.flatMap(({ refs }) => peek(ensemble.world.parts, refs.database).committedLog).map((txn) => [txn.zxid, txn]),
  );
  const lastXid = new Map<string, number>();
  const changes: Change[] = [];
  for (const txn of [...txns.values()].sort((a, b) => a.zxid - b.zxid)) {
    const before = changes.length;
    addChanges(changes, txn.zxid, bodyOf(txn));
    // Servers close sessions with xid 0; and what comes late through an old server takes a zxid, but has no effect.
    if (txn.cxid === 0 || changes.length === before) continue;
    if (txn.cxid <= (lastXid.get(txn.session) ?? 0)) bad.push(`I-FIFO: writes out of order ${JSON.stringify(txn)}`);
    lastXid.set(txn.session, txn.cxid);
  }
  return changes;
}

function addChanges(changes: Change[], zxid: number, body: TxnBody): void {
  if (body.type === 'create' || body.type === 'delete' || body.type === 'setData') changes.push({ zxid, kind: body.type, path: body.path });
  else if (body.type === 'multi' && !body.txns.some((each) => each.type === 'error'))
    for (const each of body.txns) addChanges(changes, zxid, each);
  else if (body.type === 'closeSession') for (const path of body.paths2Delete) changes.push({ zxid, kind: 'delete', path });
}

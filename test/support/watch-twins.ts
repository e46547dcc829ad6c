// The slow twins of the two properties about watches: each watch is a reply that set it, and everything about it is looked up in all notes since.

import { sameTxn, type NoteOf, type Txn } from '../../src/check/fact.ts';
import { forEachChange } from '../../src/ensemble/txn-view.ts';
import { duesOf, isTold, type Due, type Step } from './lasting-twins.ts';
import { historyBefore, type NaiveHistory, type Told } from './naive-history.ts';

const GRACE_US = 1_000_000;

interface NaiveWatch {
  readonly table: 'data' | 'exist' | 'child';
  readonly path: string;
  readonly due: number;
  readonly fired: boolean;
  /** Time of the first reply that covered the change, once it was due. */
  readonly overdueAt: number | null;
}

function tableOf({ note }: Told): NaiveWatch['table'] | null {
  if (note.type !== 'client-returned' || !('watch' in note.operation) || !note.operation.watch) return null;
  if (note.operation.op === 'exists') return note.error === 'OK' ? 'data' : note.error === 'NONODE' ? 'exist' : null;
  if (note.error !== 'OK') return null;
  return note.operation.op.startsWith('getChildren') ? 'child' : 'data';
}

function concerns(table: NaiveWatch['table'], path: string, txn: Txn): boolean {
  let found = false;
  forEachChange(txn, null, (_, change, changed) => {
    const parent = changed.slice(0, changed.lastIndexOf('/')) || '/';
    if (table === 'child' ? (changed === path && change === 'delete') || (parent === path && change !== 'setData') : changed === path)
      found = true;
  });
  return found;
}

/** Does this note end every watch of the client? */
function endsAll({ note, where }: Told, node: number): boolean {
  if (where.node !== node) return false;
  if (note.type === 'client-state') return note.state === 'CLOSED' || note.why === 'opened';
  return note.type === 'client-expired' || note.type === 'node-down' || (note.type === 'client-session' && note.how === 'created');
}

/** The watches that the client has, by walking over its notes; what is due to each after each of them. */
function watchesOf({ before, trees }: NaiveHistory, node: number): NaiveWatch[] {
  const open = new Map<string, NaiveWatch & { since: number; armed: boolean }>();
  for (let i = 0; i < before.length; i++) {
    const told = before[i]!;
    const { note, where } = told;
    const after = historyBefore(before.slice(0, i + 1), trees.length).committed;
    const earlier = historyBefore(before.slice(0, i), trees.length).committed;
    const fresh = after.filter((txn) => !earlier.some((each) => sameTxn(each, txn)));
    for (const [key, watch] of open) {
      const change = fresh.find((txn) => txn.zxid > watch.since && concerns(watch.table, watch.path, txn));
      if (change !== undefined && watch.due === -1 && watch.armed) open.set(key, { ...watch, due: change.zxid });
    }
    if (endsAll(told, node)) open.clear();
    const isRearmed =
      note.type === 'replied' &&
      (note.operation.op === 'setWatches' || note.operation.op === 'setWatches2') &&
      ownerOf(before.slice(0, i), note.session) === node;
    for (const [key, watch] of open) {
      if (where.node === node && note.type === 'client-state') open.set(key, { ...watch, fired: false });
      if (where.node === node && note.type === 'client-resets-watches' && watch.table === 'exist') {
        open.set(key, { ...watch, armed: false, due: -1, overdueAt: null });
      }
      if (where.node === node && note.type === 'client-invoked' && isRemoval(note, watch.path)) {
        open.set(key, { ...watch, armed: false, due: -1, overdueAt: null });
      }
      if (note.type === 'watch-withheld' && isAbout(note, watch) && ownerOf(before.slice(0, i), note.session) === node) {
        open.set(key, { ...watch, armed: false, due: -1, overdueAt: null });
      }
      if (isRearmed && !watch.armed && note.type === 'replied')
        open.set(key, { ...watch, armed: true, since: note.zxid, due: firstDue(after, watch.table, watch.path, note.zxid) });
      if (
        where.node === node &&
        note.type === 'client-returned' &&
        watch.due !== -1 &&
        watch.due <= note.zxid &&
        watch.overdueAt === null
      ) {
        open.set(key, { ...watch, overdueAt: where.at });
      }
      if (where.node === node && note.type === 'client-event' && note.path === watch.path && note.consumed.includes(watch.table))
        open.delete(key);
      if (note.type === 'watch-fired' && isAbout(note, watch) && ownerOf(before.slice(0, i), note.session) === node) {
        open.set(key, { ...watch, fired: true });
      }
    }
    const table = where.node === node ? tableOf(told) : null;
    if (table === null || note.type !== 'client-returned' || !('path' in note.operation)) continue;
    const { path } = note.operation;
    if (path === null) continue;
    if ((open.get(`${table} ${path}`)?.due ?? -1) !== -1) continue;
    const due = firstDue(after, table, path, note.zxid);
    open.set(`${table} ${path}`, { table, path, since: note.zxid, armed: true, due, fired: false, overdueAt: null });
  }
  return [...open.values()];
}

/** H1: is the event one that the watch waits for? */
function isAbout({ event, path }: { readonly event: string; readonly path: string }, watch: NaiveWatch): boolean {
  if (path !== watch.path) return false;
  return event === 'NodeDeleted' || (event === 'NodeChildrenChanged') === (watch.table === 'child');
}

function isRemoval({ operation }: NoteOf<'client-invoked'>, path: string): boolean {
  return operation.op === 'removeWatches' && operation.path === path;
}

/** What is due to lasting watches; the three questions after one note share the answer. */
function lastingDues(history: NaiveHistory, node: number): readonly Due[] {
  let byNode = known.get(history);
  if (byNode === undefined) known.set(history, (byNode = new Map()));
  let dues = byNode.get(node);
  if (dues === undefined) byNode.set(node, (dues = duesOf(stepsOf(history, node), node)));
  return dues;
}

const known = new WeakMap<NaiveHistory, Map<number, readonly Due[]>>();

/** The notes with what the twin of lasting watches wants to know of each. */
function stepsOf({ before, trees }: NaiveHistory, node: number): Step[] {
  let earlier: readonly Txn[] = [];
  return before.map((told, i) => {
    const changes = told.note.type === 'committed' || told.note.type === 'established';
    const committed = changes ? historyBefore(before.slice(0, i + 1), trees.length).committed : earlier;
    const fresh = committed.filter((txn) => !earlier.some((each) => sameTxn(each, txn)));
    earlier = committed;
    const isOwn = 'session' in told.note && ownerOf(before.slice(0, i), told.note.session) === node;
    return { told, fresh, committed, endsAll: endsAll(told, node), isOwn };
  });
}

function firstDue(committed: readonly Txn[], table: NaiveWatch['table'], path: string, since: number): number {
  return committed.find((txn) => txn.zxid > since && concerns(table, path, txn))?.zxid ?? -1;
}

/** The client that the session belongs to. */
function ownerOf(before: readonly Told[], session: string): number {
  return before.findLast((each) => each.note.type === 'client-session' && each.note.session === session)?.where.node ?? -1;
}

export const watchTwins = {
  'I-WORD': (history: NaiveHistory, { note, where: { node } }: Told): boolean => {
    if (note.type === 'client-event') {
      const isLate = watchesOf(history, node).some(
        ({ path, table, overdueAt }) => path === note.path && note.consumed.includes(table) && overdueAt !== null,
      );
      return isLate || lastingDues(history, node).some((due) => isTold(due, note) && due.overdueAt !== null);
    }
    if (note.type !== 'client-returned' || note.zxid === -1) return false;
    return (
      watchesOf(history, node).some(({ due, fired }) => due !== -1 && due <= note.zxid && fired) ||
      lastingDues(history, node).some(({ zxid, fired }) => zxid <= note.zxid && fired)
    );
  },
  'I-WLOST': (history: NaiveHistory, { note, where: { node, at } }: Told): boolean => {
    if (note.type !== 'client-returned' || note.zxid === -1) return false;
    const isLost = ({ overdueAt }: { readonly overdueAt: number | null }): boolean => overdueAt !== null && at - overdueAt > GRACE_US;
    return watchesOf(history, node).some(isLost) || lastingDues(history, node).some(isLost);
  },
};

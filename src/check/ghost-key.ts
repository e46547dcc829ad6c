/**
 * What of the history the properties still need, as a hash: two equal worlds with different pasts may differ in what violates a property
 * from here on, so an exploration may take them for one only when this is equal too. Times, counts and who said something first are left
 * out; everything that a property compares is in.
 */
import { hashPlain, makeHash, roll, rollHash, rollText, type Lanes } from '../base/hash.ts';
import { sortedKeys } from '../base/table.ts';
import type { Book, BookEntry } from './book.ts';
import type { CheckState } from './check-state.ts';
import { itemAt, type Chunked } from './chunked.ts';
import type { Txn } from './fact.ts';
import type { Ghost, ServerGhost, SessionGhost } from './ghost.ts';
import { settle, type Line } from './line.ts';
import type { Watch } from './watch-book.ts';

/** Writes the key of what the checker knows to `out`. Lines are settled on the way, which changes what none of them says. */
export function checkLanes({ ghost, watches, boot }: CheckState, out: Lanes): void {
  const { lo, hi } = makeHash();
  out.lo = lo;
  out.hi = hi;
  for (const server of ghost.servers) if (server !== undefined) rollServer(out, server, ghost);
  for (const client of ghost.clients) {
    if (client === undefined) continue;
    const { session, lastZxid, lastXid, server, calls } = client;
    rollPlain(out, [session, lastZxid, lastXid, server, [...calls.keys()]]);
  }
  rollList(out, ghost.committed);
  rollBook(out, ghost.book);
  for (const epoch of [...ghost.epochs.keys()].sort((a, b) => a - b)) rollPlain(out, { epoch, ...ghost.epochs.get(epoch) });
  roll(out, ghost.maxEstablished);
  roll(out, ghost.maxBroadcastEpoch);
  for (const session of sortedKeys(ghost.sessions)) rollSession(out, session, ghost);
  for (const { session, xid, txns } of ghost.told) {
    rollPlain(out, [session, xid, txns.length]);
    txns.forEach((txn) => rollTxn(out, txn));
  }
  ghost.seen.forEach((txn) => rollTxn(out, txn));
  if (watches.clients.size > 0) rollWatches(out, watches.clients);
  rollPlain(out, [boot.crashed, boot.damaged]);
}

function rollServer(out: Lanes, server: ServerGhost, ghost: Ghost): void {
  const { up, refused, state, zabState, currentEpoch, ackedEpoch, lastBroadcast, lastCommit, digestZxid, digest } = server;
  const { lastLogged, previousLogged, snapshot, line, loading, incoming, begun, snapshots } = server;
  roll(out, (up ? 1 : 0) + (refused ? 2 : 0));
  rollText(out, state);
  rollText(out, zabState);
  for (const n of [currentEpoch, ackedEpoch, lastBroadcast, lastCommit, digestZxid, lastLogged, previousLogged, snapshot]) roll(out, n);
  rollText(out, digest);
  settle(line, ghost.committed);
  rollLine(out, line);
  roll(out, loading.length);
  loading.forEach((txn) => rollTxn(out, txn));
  if (incoming !== null) rollLine(out, incoming);
  if (begun !== null) rollSnapshot(out, begun);
  snapshots.forEach((each) => rollSnapshot(out, each));
}

function rollSnapshot(out: Lanes, { zxid, line }: { readonly zxid: number; readonly line: Line }): void {
  roll(out, zxid);
  rollLine(out, line);
}

function rollLine(out: Lanes, { agree, tail }: Line): void {
  roll(out, agree);
  roll(out, tail.length);
  tail.forEach((txn) => rollTxn(out, txn));
}

/** What `sameTxn` compares. */
function rollTxn(out: Lanes, { zxid, session, cxid, timeMs, digest }: Txn): void {
  roll(out, zxid);
  rollText(out, session);
  roll(out, cxid);
  roll(out, timeMs);
  rollText(out, digest ?? '');
}

function rollList(out: Lanes, list: Chunked<Txn>): void {
  roll(out, list.length);
  for (let i = 0; i < list.length; i++) {
    const txn = itemAt(list, i);
    if (txn !== undefined) rollTxn(out, txn);
  }
}

function rollBook(out: Lanes, book: Book): void {
  for (const { txn, node, digest } of entriesOf(book)) {
    rollTxn(out, txn);
    roll(out, node);
    rollText(out, digest ?? '');
  }
}

function entriesOf({ epochs, odd }: Book): BookEntry[] {
  const entries: BookEntry[] = [];
  for (const epoch of [...epochs.keys()].sort((a, b) => a - b)) {
    const list = epochs.get(epoch)?.entries;
    for (let i = 0; i < (list?.length ?? 0); i++) {
      const entry = list === undefined ? undefined : itemAt(list, i);
      if (entry !== undefined) entries.push(entry);
    }
  }
  for (const zxid of [...odd.keys()].sort((a, b) => a - b)) entries.push(...(odd.get(zxid) ?? []));
  return entries;
}

/** Events have other numbers in every order; what counts is which broadcasts came before the session's move. */
function rollSession(out: Lanes, id: string, { sessions, book }: Ghost): void {
  const known: SessionGhost | undefined = sessions.get(id);
  if (known === undefined) return;
  const { opened, closed, openedZxid, closedZxid, client, lastCxid, replies, owner, ownerEvent, ownerEpoch } = known;
  const before = entriesOf(book).filter(({ event }) => event <= ownerEvent).length;
  rollText(out, id);
  const finite = [opened, closed].map((position) => (position === Infinity ? -1 : position));
  for (const n of [...finite, openedZxid, closedZxid, client, lastCxid, owner, before, ownerEpoch]) roll(out, n);
  replies.forEach((xid, node) => {
    roll(out, node);
    roll(out, xid);
  });
}

function rollWatches(out: Lanes, clients: CheckState['watches']['clients']): void {
  for (const node of [...clients.keys()].sort((a, b) => a - b)) {
    const known = clients.get(node);
    if (known === undefined) continue;
    roll(out, node);
    for (const key of sortedKeys(known.watches)) rollPlain(out, untimed(known.watches.get(key)));
    known.due.forEach((watch) => rollPlain(out, untimed(watch)));
  }
}

function untimed(watch: Watch | undefined): unknown {
  return watch === undefined ? null : { ...watch, overdueAt: watch.overdueAt === -1 ? -1 : 0 };
}

const NO_SKIP: ReadonlySet<string> = new Set();
const scratch = makeHash();

function rollPlain(out: Lanes, value: unknown): void {
  hashPlain(value, NO_SKIP, scratch);
  rollHash(out, scratch);
}

// One server without a network: its disk, a database that only lists what was applied, and its threads stepped one by one. Effects are
// performed one at a time, so that a test can stop between any two, kill the process and boot it from its files.

import { own, peek, replace } from '../../src/base/parts.ts';
import { kindOf, threadId, type Effect, type Item } from '../../src/base/step.ts';
import type { Application, PeerConfig, ZabContext } from '../../src/zab/context.ts';
import { makeDatabase } from '../../src/zab/database.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { stepLearner } from '../../src/zab/learner.ts';
import { makeLearnerState, makeSyncThreadState } from '../../src/zab/learner-state.ts';
import type { ZabNote } from '../../src/zab/note.ts';
import { makeQuorumPeer } from '../../src/zab/peer-state.ts';
import { stepSnapshotThread } from '../../src/zab/snapshot-thread.ts';
import { stepSync } from '../../src/zab/sync-request-processor.ts';
import { QUORUM_PEER, SNAPSHOT, SYNC } from '../../src/zab/thread-kinds.ts';
import type { Txn } from '../../src/zab/txn.ts';
import { makePeerContext, type PeerContext } from './peer-context.ts';

export interface StoredFile {
  records: Item[];
  bytes: number;
  /** Records that a power loss leaves. */
  synced: number;
  torn: boolean;
}

interface Thread {
  readonly id: number;
  mailbox: Item[];
  /** The next effect last. */
  todo: Effect[];
  blockedOn: ZabContext['thread']['blockedOn'];
  ending: boolean;
}

export interface SingleServer {
  readonly ctx: PeerContext;
  readonly files: Map<string, StoredFile>;
  readonly threads: Map<number, Thread>;
  /** Every effect performed so far, `continue` apart, with the kind of its thread. */
  readonly performed: { readonly kind: number; readonly effect: Effect }[];
  /** Packets on the leader's connection. */
  readonly sent: Item[];
  /** Items for threads that are not replication's. */
  readonly outside: Item[];
  /** zxids that the tree has applied, and each application function called, in order. */
  tree: number[];
  readonly calls: string[];
  /** The next effect of this type fails. */
  failing: Effect['type'] | null;
  exited: string | null;
}

export const LINK = 7;
const COMMIT_ID = threadId(40, 0);

export function makeServer(config: PeerConfig, decisions: Partial<ZabDecisions> = {}): SingleServer {
  const ctx = makePeerContext(config, decisions);
  const server: SingleServer = {
    ctx,
    files: new Map(),
    threads: new Map(),
    performed: [],
    sent: [],
    outside: [],
    tree: [],
    calls: [],
    failing: null,
    exited: null,
  };
  Object.assign(ctx, { app: makeApplication(server), disk: makeDisk(server.files) });
  forgetMemory(server);
  startThread(server, threadId(QUORUM_PEER, 0));
  return server;
}

function makeDisk(files: SingleServer['files']): ZabContext['disk'] {
  return {
    names: () => [...files.keys()].sort((a, b) => (a < b ? -1 : 1)),
    exists: (file) => files.has(file),
    records: (file) => files.get(file)?.records.length ?? 0,
    record: (file, index) => {
      const stored = files.get(file);
      return stored === undefined || (stored.torn && index === stored.records.length - 1) ? null : (stored.records[index] ?? null);
    },
    bytes: (file) => files.get(file)?.bytes ?? 0,
  };
}

/** A tree that is the list of what it applied; a snapshot has a root record and one for each entry. */
function makeApplication(server: SingleServer): Application {
  const call = (name: string) => (): void => void server.calls.push(name);
  return {
    applyTxn: (ctx, txn) => {
      server.tree.push(txn.zxid);
      const database = own(ctx.parts, ctx.refs.database);
      database.lastProcessedZxid = Math.max(database.lastProcessedZxid, txn.zxid);
      return true;
    },
    clear: () => void (server.tree = []),
    beginSnapshot: () => ({ type: 'cursor', zxid: 0 }),
    walkSnapshot: (_, { zxid: at = 0 }) => ({
      record: at === 0 ? { type: 'root' } : { type: 'node', zxid: server.tree[at - 1]! },
      bytes: 10,
      cursor: at < server.tree.length ? { type: 'cursor', zxid: at + 1 } : null,
    }),
    restoreRecord: (_, record) => {
      if (record.zxid !== undefined) server.tree.push(record.zxid);
    },
    restored: call('restored'),
    removeDeadEphemerals: call('removeDeadEphemerals'),
    startProcessors: call('startProcessors'),
    stopProcessors: call('stopProcessors'),
    commitThread: () => COMMIT_ID,
    processFinal: call('processFinal'),
    continueFinal: call('continueFinal'),
    publish: call('publish'),
    unpublish: call('unpublish'),
    closeClients: call('closeClients'),
    commitEffect: (_, txn) => ({ type: 'enqueue', to: COMMIT_ID, item: { type: 'commit', zxid: txn.zxid } }),
    learnerRequestEffect: (_, request) => ({ type: 'enqueue', to: COMMIT_ID, item: request }),
    syncedEffect: () => ({ type: 'enqueue', to: COMMIT_ID, item: { type: 'synced' } }),
    touchSessions: call('touchSessions'),
    takeTouches: () => [{ session: '00000000000000aa', timeoutMs: 4000 }],
    revalidate: () => true,
    revalidatedEffect: () => ({ type: 'enqueue', to: COMMIT_ID, item: { type: 'revalidated' } }),
  };
}

function forgetMemory({ ctx }: SingleServer): void {
  const { parts, refs } = ctx;
  replace(parts, refs.peer, makeQuorumPeer());
  replace(parts, refs.database, makeDatabase());
  replace(parts, refs.learner, makeLearnerState());
  replace(parts, refs.sync, makeSyncThreadState());
}

function startThread(server: SingleServer, id: number): Thread {
  const thread: Thread = { id, mailbox: [], todo: [], blockedOn: null, ending: false };
  server.threads.set(id, thread);
  return thread;
}

/** The process ends; its files stay as the page cache has them. */
export function killServer(server: SingleServer): void {
  forgetMemory(server);
  server.tree = [];
  server.threads.clear();
  startThread(server, threadId(QUORUM_PEER, 0));
}

/** The machine loses power: what was not fsynced is gone. */
export function losePower(server: SingleServer): void {
  for (const [name, file] of server.files) {
    file.records.length = file.synced;
    if (file.synced === 0) server.files.delete(name);
  }
  killServer(server);
}

/** Runs `step` on the QuorumPeer thread as the code of one event, then what it pushed, until the thread waits. */
export function runOnQuorumPeer(server: SingleServer, step: (ctx: ZabContext) => unknown, limit = Infinity): void {
  const thread = server.threads.get(threadId(QUORUM_PEER, 0))!;
  runStep(server, thread, () => step(server.ctx));
  runTodo(server, thread, limit);
}

export function give(server: SingleServer, input: Item, limit = Infinity): void {
  runOnQuorumPeer(server, (ctx) => stepLearner(ctx, input), limit);
}

/** A packet from the leader. `limit` bounds the effects performed: the thread stops in the middle. */
export function receive(server: SingleServer, packet: Item, limit = Infinity): void {
  give(server, packetInput(packet), limit);
}

export function packetInput(packet: Item): Item {
  return { type: 'packet', link: LINK, packet, zxid: packet.zxid ?? 0 } as Item;
}

/** Goes on with what the QuorumPeer thread has still to do. */
export function goOn(server: SingleServer, limit = Infinity): void {
  runTodo(server, server.threads.get(threadId(QUORUM_PEER, 0))!, limit);
}

/** Runs the mailbox of another thread; when it is empty and the thread polls, the poll ends. At most `limit` effects. */
export function runThread(server: SingleServer, id: number, limit = Infinity): void {
  const thread = server.threads.get(id);
  if (thread === undefined) return;
  let left = runTodo(server, thread, limit);
  while (left > 0 && !thread.ending) {
    const item = thread.mailbox.shift() ?? (thread.blockedOn?.on === 'queue' ? { type: 'timeout' } : null);
    if (item === null) break;
    runStep(server, thread, () => stepThread(server.ctx, item));
    left = runTodo(server, thread, left);
  }
  if (thread.ending && thread.todo.length === 0) server.threads.delete(id);
}

function stepThread(ctx: ZabContext, item: Item): void {
  if (kindOf(ctx.thread.id) === SYNC) stepSync(ctx, item);
  else if (kindOf(ctx.thread.id) === SNAPSHOT) stepSnapshotThread(ctx, item);
  else stepLearner(ctx, item);
}

function runStep(server: SingleServer, thread: Thread, step: () => unknown): void {
  const { ctx } = server;
  const kind = kindOf(thread.id);
  const incarnation = Math.floor(thread.id / 0x100000) % 0x400000;
  ctx.thread = { id: thread.id, kind, incarnation, key: thread.id % 0x100000, blockedOn: null, ending: thread.ending };
  ctx.effects.length = 0;
  step();
  thread.todo.push(...ctx.effects.slice().reverse());
  thread.blockedOn = ctx.thread.blockedOn;
  thread.ending = ctx.thread.ending;
}

function runTodo(server: SingleServer, thread: Thread, limit: number): number {
  let left = limit;
  while (left > 0 && server.exited === null) {
    const effect = thread.todo.pop();
    if (effect === undefined) break;
    if (effect.type === 'continue') {
      if (effect.item.type === 'role-ended') server.outside.push(effect.item);
      else runStep(server, thread, () => stepThread(server.ctx, effect.item));
      continue;
    }
    left -= 1;
    server.performed.push({ kind: kindOf(thread.id), effect });
    if (server.failing === effect.type) {
      server.failing = null;
      thread.todo = [];
      runStep(server, thread, () => stepThread(server.ctx, { type: 'failed', effect, error: 'io' } as Item));
    } else perform(server, effect);
  }
  return left;
}

function perform(server: SingleServer, effect: Effect): void {
  const { files } = server;
  switch (effect.type) {
    case 'create':
      files.set(effect.file, { records: [], bytes: 0, synced: 0, torn: false });
      return;
    case 'append': {
      const file = files.get(effect.file)!;
      file.records.push(effect.record);
      file.bytes += effect.bytes;
      return;
    }
    case 'fsync':
      for (const name of effect.files) files.get(name)!.synced = files.get(name)!.records.length;
      return;
    case 'rename':
      files.set(effect.to, files.get(effect.from)!);
      files.delete(effect.from);
      return;
    case 'truncate':
      files.get(effect.file)!.records.length = effect.records;
      return;
    case 'delete':
      files.delete(effect.file);
      return;
    case 'send':
      server.sent.push(effect.packet);
      return;
    case 'start':
      startThread(server, effect.thread).mailbox.push(effect.item);
      return;
    case 'enqueue': {
      const thread = server.threads.get(effect.to);
      if (thread === undefined) server.outside.push(effect.item);
      else thread.mailbox.push(effect.item);
      return;
    }
    case 'exit':
      server.exited = effect.reason;
      break;
    default: // connections are the test's business
  }
}

// What tests put on the disk and look at.

export function makeTxn(zxid: number): Txn {
  return { type: 'txn', zxid, session: '0000000000000001', cxid: 1, timeMs: 0, body: { type: 'set' }, digest: '', bytes: 100 };
}

export function storeLog(server: SingleServer, name: string, zxids: readonly number[], torn = false): void {
  server.files.set(name, { records: zxids.map(makeTxn), bytes: zxids.length * 113, synced: zxids.length, torn });
}

export function storeSnapshot(server: SingleServer, name: string, zxids: readonly number[], sealed = true, fillsHole = false): void {
  const nodes: Item[] = [{ type: 'root' }, ...zxids.map((zxid) => ({ type: 'node', zxid }))];
  const seal = { type: 'snapshot-seal', records: nodes.length, fillsHole };
  const records = sealed ? [...nodes, seal] : nodes;
  server.files.set(name, { records, bytes: 10 * records.length, synced: records.length, torn: false });
}

export function storeEpoch(server: SingleServer, file: string, epoch: number): void {
  server.files.set(file, { records: [{ type: 'epoch', epoch } as Item], bytes: 8, synced: 1, torn: false });
}

/** The zxids in a log file. */
export function logged(server: SingleServer, name: string): number[] {
  return (server.files.get(name)?.records ?? []).map((record) => record.zxid ?? -1);
}

/** All log records on disk, in order of files by name. */
export function allLogged(server: SingleServer): number[] {
  return [...server.files.keys()]
    .filter((name) => name.startsWith('log.'))
    .sort((a, b) => Number.parseInt(a.slice(4), 16) - Number.parseInt(b.slice(4), 16))
    .flatMap((name) => logged(server, name));
}

export function notesOf<T extends ZabNote['type']>(server: SingleServer, type: T): Extract<ZabNote, { type: T }>[] {
  return server.ctx.notes.filter((note): note is Extract<ZabNote, { type: T }> => note.type === type);
}

export function databaseOf(
  server: SingleServer,
): Readonly<{ initialized: boolean; lastProcessedZxid: number; committedLog: readonly Txn[] }> {
  return peek(server.ctx.parts, server.ctx.refs.database);
}

/** The effects of one thread kind so far, in short: 'append log.1', 'fsync', 'send ACK 200000000'. */
export function effectsOf(server: SingleServer, kind: number): string[] {
  return server.performed.filter((entry) => entry.kind === kind).map(({ effect }) => shortOf(effect));
}

function shortOf(effect: Effect): string {
  switch (effect.type) {
    case 'create':
    case 'append':
    case 'truncate':
    case 'delete':
      return `${effect.type} ${effect.file}`;
    case 'rename':
      return `rename ${effect.to}`;
    case 'fsync':
      return `fsync ${effect.files.join(' ')}`;
    case 'send':
      return `send ${effect.packet.type} ${(effect.packet.zxid ?? 0).toString(16)}`;
    case 'enqueue':
    case 'start':
      return `${effect.type} ${effect.item.type} ${(effect.item.zxid ?? 0).toString(16)}`;
    default:
      return effect.type;
  }
}

/** What can be seen of a server or a client, read from a world without changing it: for properties, conditions, words and pictures. */
import { assert } from '../base/assert.ts';
import { lengthOf } from '../base/deque.ts';
import { peek } from '../base/parts.ts';
import type { Zxid } from '../base/zxid.ts';
import { contextOf } from '../kernel/context.ts';
import type { Power } from '../kernel/node-state.ts';
import { nodeOf } from '../kernel/nodes.ts';
import type { ServerContext } from '../server/context.ts';
import { digestText } from '../server/digest.ts';
import type { ServerState } from '../zab/packet.ts';
import type { ZabState } from '../zab/note.ts';
import { logFiles } from '../zab/txn-log.ts';
import type { ClientHandle, Ensemble, ServerHandle } from './ensemble.ts';

export interface ServerView {
  readonly name: string;
  readonly sid: number;
  readonly node: number;
  readonly power: Power;
  readonly paused: boolean;
  readonly state: ServerState;
  readonly zabState: ZabState;
  readonly serving: boolean;
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  readonly lastProcessedZxid: Zxid;
  /** Newest record of the log, page cache included; -1 for none. */
  readonly lastLoggedZxid: Zxid;
  /** Newest record that would survive a power loss. */
  readonly lastSyncedZxid: Zxid;
  readonly digest: string;
}

/** A record of a server's log. */
export interface LogEntryView {
  readonly zxid: Zxid;
  readonly synced: boolean;
}

export function serverAt(ensemble: Ensemble, node: number): ServerHandle {
  const server = ensemble.servers[node];
  assert(server !== undefined, () => `node ${node} is not a server`);
  return server;
}

function clientAt(ensemble: Ensemble, node: number): ClientHandle {
  const client = ensemble.clients[node - ensemble.servers.length];
  assert(client !== undefined, () => `node ${node} is not a client`);
  return client;
}

/** The context that the server's steps get: for readers that take one. */
export function serverContextOf(ensemble: Ensemble, node: number): ServerContext {
  return contextOf(ensemble.world, nodeOf(ensemble.world, serverAt(ensemble, node).node)) as unknown as ServerContext;
}

/** The log as the files hold it, oldest first. */
export function logView(ensemble: Ensemble, node: number): LogEntryView[] {
  const { world } = ensemble;
  const handle = nodeOf(world, node);
  const ctx = serverContextOf(ensemble, node);
  const { files } = peek(world.parts, handle.disk);
  const entries: LogEntryView[] = [];
  for (const { file } of logFiles(ctx)) {
    const ref = files.get(file);
    if (ref === undefined) continue;
    const { length, synced } = peek(world.parts, ref);
    for (let i = 0; i < length; i++) {
      const record = ctx.disk.record(file, i);
      if (record?.zxid !== undefined) entries.push({ zxid: record.zxid, synced: i < synced });
    }
  }
  return entries;
}

export function serverView(ensemble: Ensemble, node: number): ServerView {
  const { world } = ensemble;
  const { name, sid, refs } = serverAt(ensemble, node);
  const { power, paused } = peek(world.parts, nodeOf(world, node).part);
  const peer = peek(world.parts, refs.peer);
  const { lastProcessedZxid } = peek(world.parts, refs.database);
  return {
    name,
    sid,
    node,
    power,
    paused,
    state: peer.state,
    zabState: peer.zabState,
    serving: peer.serving,
    acceptedEpoch: peer.acceptedEpoch,
    currentEpoch: peer.currentEpoch,
    lastProcessedZxid,
    ...lastLogged(ensemble, node),
    digest: digestText(peek(world.parts, refs.tree).digest),
  };
}

function lastLogged(ensemble: Ensemble, node: number): { lastLoggedZxid: Zxid; lastSyncedZxid: Zxid } {
  const { world } = ensemble;
  const handle = nodeOf(world, node);
  const ctx = serverContextOf(ensemble, node);
  const { files } = peek(world.parts, handle.disk);
  let lastLoggedZxid: Zxid = -1;
  let lastSyncedZxid: Zxid = -1;
  for (const { file } of logFiles(ctx)) {
    const ref = files.get(file);
    if (ref === undefined) continue;
    const { length, synced } = peek(world.parts, ref);
    lastLoggedZxid = ctx.disk.record(file, length - 1)?.zxid ?? lastLoggedZxid;
    lastSyncedZxid = ctx.disk.record(file, synced - 1)?.zxid ?? lastSyncedZxid;
  }
  return { lastLoggedZxid, lastSyncedZxid };
}

export interface ClientView {
  readonly name: string;
  readonly node: number;
  readonly power: Power;
  readonly paused: boolean;
  readonly state: string;
  readonly session: string;
  readonly timeoutMs: number;
  /** Node it is connected to or dials; -1 for none. */
  readonly server: number;
  readonly lastZxid: Zxid;
  /** Calls submitted and not returned. */
  readonly pending: number;
}

export function clientView(ensemble: Ensemble, node: number): ClientView {
  const { world } = ensemble;
  const { name, client } = clientAt(ensemble, node);
  const { power, paused } = peek(world.parts, nodeOf(world, node).part);
  const part = peek(world.parts, client);
  const { state, session, timeoutMs, server, lastZxid } = part;
  return {
    name,
    node,
    power,
    paused,
    state,
    session,
    timeoutMs,
    server,
    lastZxid,
    pending: lengthOf(part.outgoing) + lengthOf(part.pending),
  };
}

// The server's threads without a host: a role with its processors, steps run by hand as the thread that the test names.

import { makeParts, own, peek } from '../../src/base/parts.ts';
import { threadId, type Effect, type Item } from '../../src/base/step.ts';
import { application } from '../../src/server/application.ts';
import { makeServerConfig, type ServerConfig } from '../../src/server/config.ts';
import { openConnection, setSessionId } from '../../src/server/connections.ts';
import type { ServerContext } from '../../src/server/context.ts';
import { FIXED_SERVER, type ServerDecisions } from '../../src/server/decisions.ts';
import type { ServerNote } from '../../src/server/note.ts';
import type { Operation } from '../../src/server/protocol.ts';
import { LEADER_ITSELF, type ServerRequest } from '../../src/server/request.ts';
import { stepServer } from '../../src/server/server.ts';
import { allotServer } from '../../src/server/server-state.ts';
import { setOwner, trackSession } from '../../src/server/session-tracker.ts';
import {
  chainOf,
  isInCharge,
  trackerOf,
  type Connection,
  type RequestProcessors,
  type Role,
  type SessionTracker,
} from '../../src/server/thread-state.ts';
import { FIXED_ZAB, type ZabDecisions } from '../../src/zab/decisions.ts';
import { makeLeaderState } from '../../src/zab/leader-state.ts';
import type { ZabNote } from '../../src/zab/note.ts';
import { QUORUM_PEER } from '../../src/zab/thread-kinds.ts';
import { makePeerConfig } from './peer-context.ts';

export interface Processors extends ServerContext {
  now: number;
  thread: ServerContext['thread'];
  readonly notes: (ServerNote | ZabNote)[];
  readonly started: readonly Effect[];
}

export const INCARNATION = 7;
export const LEADER_LINK = 99;
export const TICK_US = 2_000_000;

export interface ProcessorsOptions {
  readonly server?: Partial<ServerDecisions>;
  readonly zab?: Partial<ZabDecisions>;
  readonly config?: Partial<ServerConfig>;
}

/** A server in a role, its processors started and clients served. */
export function makeProcessors(role: Role, options: ProcessorsOptions = {}): Processors {
  const parts = makeParts(true);
  const refs = allotServer(parts);
  Object.assign(own(parts, refs.peer), { incarnation: INCARNATION, acceptedEpoch: 1, currentEpoch: 1 });
  Object.assign(own(parts, refs.database), { initialized: true, lastProcessedZxid: 0x1_0000_0000 });
  Object.assign(own(parts, refs.leader), { ...makeLeaderState(INCARNATION), epoch: 1 });
  own(parts, refs.learner).link = LEADER_LINK;
  const notes: (ServerNote | ZabNote)[] = [];
  const ctx = {
    parts,
    refs,
    config: { ...makePeerConfig(1, [1, 2, 3]), ...makeServerConfig(TICK_US), ...options.config },
    decide: { zab: { ...FIXED_ZAB, ...options.zab }, server: { ...FIXED_SERVER, ...options.server } },
    app: application,
    notes,
    disk: { names: () => [], exists: () => false, records: () => 0, record: () => null, bytes: () => 0 },
    now: 10_000_000,
    node: 0,
    thread: threadControl(QUORUM_PEER, 0, 0),
    effects: [],
    traced: true,
    draw: () => 0,
    note: (note: ServerNote | ZabNote) => void notes.push(note),
    started: [] as readonly Effect[],
  } as unknown as Processors;
  const started = asPeer(ctx, () => application.startProcessors(ctx, role));
  application.publish(ctx);
  return Object.assign(ctx, { started });
}

function threadControl(kind: number, incarnation: number, key: number): ServerContext['thread'] {
  return { id: threadId(kind, incarnation, key), kind, incarnation, key, blockedOn: null, ending: false };
}

/** Runs code as the QuorumPeer thread and returns the effects. */
export function asPeer(ctx: Processors, act: () => unknown): readonly Effect[] {
  ctx.thread = threadControl(QUORUM_PEER, 0, 0);
  return effectsOf(ctx, act);
}

/** One step of a server thread; the effects it pushed. */
export function step(ctx: Processors, kind: number, input: unknown, key = 0, incarnation = INCARNATION): readonly Effect[] {
  ctx.thread = threadControl(kind, incarnation, key);
  return effectsOf(ctx, () => stepServer(ctx, input as Item));
}

/** The step, and then every `continue` it pushes, in the order the host would run them: all effects that are not `continue`. */
export function run(ctx: Processors, kind: number, input: unknown, key = 0, incarnation = INCARNATION): readonly Effect[] {
  const todo = [...step(ctx, kind, input, key, incarnation)];
  const done: Effect[] = [];
  for (let effect = todo.shift(); effect !== undefined; effect = todo.shift()) {
    if (effect.type === 'continue') todo.unshift(...step(ctx, kind, effect.item, key, incarnation));
    else done.push(effect);
  }
  return done;
}

function effectsOf(ctx: Processors, act: () => unknown): readonly Effect[] {
  ctx.effects.length = 0;
  act();
  return ctx.effects.splice(0);
}

/** The items of the enqueue effects, those inside atomic ones too, in order, as `Kind:type`. */
export function enqueued(effects: readonly Effect[]): { readonly to: number; readonly item: Item }[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'atomic') return enqueued(effect.effects);
    return effect.type === 'enqueue' ? [{ to: effect.to, item: effect.item }] : [];
  });
}

/** Types of the items enqueued for one kind of thread. */
export function itemsFor(effects: readonly Effect[], kind: number): readonly string[] {
  return enqueued(effects).flatMap(({ to, item }) => (Math.floor(to / 0x40000000000) === kind ? [item.type] : []));
}

export function chain(ctx: Processors): RequestProcessors {
  return chainOf(own(ctx.parts, ctx.refs.processors), INCARNATION)!;
}

export function tracker(ctx: Processors): SessionTracker {
  return trackerOf(own(ctx.parts, ctx.refs.trackers), INCARNATION)!;
}

export const sessionId = (n: number): string => `01${n.toString(16).padStart(14, '0')}`;

/** An established connection of a session that the server knows; returns its id. */
export function attach(ctx: Processors, session: string, link = 50): number {
  const id = openConnection(ctx, link, '127.0.0.1:1024');
  setSessionId(ctx, id, session);
  const connection = own(ctx.parts, ctx.refs.connections).slots.find((each) => each?.id === id) as Connection;
  Object.assign(connection, { stage: 'established', timeoutMs: 4000 });
  own(ctx.parts, ctx.refs.sessions).set(session, 4000);
  if (isInCharge(tracker(ctx).role)) {
    trackSession(ctx, INCARNATION, session, 4000);
    setOwner(ctx, INCARNATION, session, LEADER_ITSELF, id);
  }
  return id;
}

export function request(session: string, cxid: number, operation: ServerRequest['operation'], connection = -1): ServerRequest {
  const owner = connection === -1 ? null : LEADER_ITSELF;
  return { type: 'request', session, cxid, operation, connection, origin: connection, owner, authInfo: [], exception: 'OK' };
}

export const ping: Operation = { op: 'ping' };
export const getData = (path: string, watch = false): Operation => ({ op: 'getData', path, watch });
export const sync: Operation = { op: 'sync', path: '/' };

export function lastProcessed(ctx: Processors): number {
  return peek(ctx.parts, ctx.refs.database).lastProcessedZxid;
}

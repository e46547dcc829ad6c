// A server that leads, without a host: its Leader object and handlers are there, threads are called one step at a time.

import { own, peek } from '../../src/base/parts.ts';
import { keyOf, kindOf, type Effect, type Item } from '../../src/base/step.ts';
import { makeZxid, type Zxid } from '../../src/base/zxid.ts';
import type { Application } from '../../src/zab/context.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { allotHandler, handlerRef, makeLeaderState, type LeaderState, type LearnerHandlerState } from '../../src/zab/leader-state.ts';
import { LEARNER_HANDLER_SENDER, QUORUM_PEER } from '../../src/zab/thread-kinds.ts';
import type { Txn } from '../../src/zab/txn.ts';
import { makePeerConfig, makePeerContext, runStepAs, type PeerContext } from './peer-context.ts';

/** Kind of the commit processor's thread in these tests: any of the server layer's. */
const COMMIT_QUEUE = 40;

export interface LeaderOptions {
  readonly voters?: readonly number[];
  readonly observers?: readonly number[];
  readonly epoch?: number;
  readonly decisions?: Partial<ZabDecisions>;
  readonly maxCounter?: number;
}

/** Server 1, in term 1, with nothing connected. */
export function makeLeaderContext(options: LeaderOptions = {}): PeerContext {
  const { voters = [1, 2, 3], observers = [], epoch = 1, decisions = {}, maxCounter = 0xffff_ffff } = options;
  const ctx = makePeerContext({ ...makePeerConfig(1, voters, observers), maxCounter }, decisions);
  Object.assign(own(ctx.parts, ctx.refs.peer), { state: 'LEADING', stage: 'role', incarnation: 1 });
  const zxid = makeZxid(epoch, 0);
  Object.assign(own(ctx.parts, ctx.refs.leader), makeLeaderState(1), { epoch, lastProposed: zxid, lastCommitted: zxid });
  const app: Partial<Application> = {
    commitEffect: (_ctx, txn) => ({ type: 'enqueue', to: COMMIT_QUEUE, item: txn }),
    learnerRequestEffect: (_ctx, request) => ({ type: 'enqueue', to: COMMIT_QUEUE, item: request }),
    touchSessions: () => undefined,
    revalidate: () => true,
  };
  Object.assign(ctx.app, app);
  return ctx;
}

export function leaderOf(ctx: PeerContext): LeaderState {
  return own(ctx.parts, ctx.refs.leader);
}

export function handlerOf(ctx: PeerContext, key: number): LearnerHandlerState {
  return own(ctx.parts, handlerRef(peek(ctx.parts, ctx.refs.leader), key)!);
}

/** A handler as after a number of packets. */
export function addHandler(ctx: PeerContext, sid: number, fields: Partial<LearnerHandlerState> = {}): number {
  const key = allotHandler(ctx.parts, leaderOf(ctx), 100 + sid);
  Object.assign(handlerOf(ctx, key), { sid, alive: true, tickOfNextAckDeadline: 15, ...fields });
  return key;
}

/** One past startForwarding. */
export function addFollower(ctx: PeerContext, sid: number): number {
  const key = addHandler(ctx, sid, { stage: 'main', sendingThreadStarted: true });
  leaderOf(ctx).forwardingFollowers.push(key);
  return key;
}

export function addObserver(ctx: PeerContext, sid: number): number {
  const key = addHandler(ctx, sid, { stage: 'main', sendingThreadStarted: true, learnerType: 'OBSERVER' });
  leaderOf(ctx).observingLearners.push(key);
  return key;
}

/** A step of the main thread, or of a thread of term 1. */
export function runAs(ctx: PeerContext, kind: number, key: number, step: () => unknown): readonly Effect[] {
  return runStepAs(ctx, kind, kind === QUORUM_PEER ? 0 : 1, key, step);
}

export function txnAt(zxid: Zxid): Txn {
  return { type: 'txn', zxid, session: '0', cxid: 0, timeMs: 0, body: { type: 'none' }, digest: '', bytes: 1 };
}

/** What was queued, as 'key:TYPE' for learners and 'commit:...' for the CommitProcessor, in order. */
export function queued(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'atomic') return queued(effect.effects);
    if (effect.type !== 'enqueue') return [];
    return [`${kindOf(effect.to) === LEARNER_HANDLER_SENDER ? keyOf(effect.to) : 'commit'}:${effect.item.type}`];
  });
}

export function queuedItems(effects: readonly Effect[]): Item[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'atomic') return queuedItems(effect.effects);
    return effect.type === 'enqueue' ? [effect.item] : [];
  });
}

export function signals(effects: readonly Effect[]): string[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'atomic') return signals(effect.effects);
    return effect.type === 'signal' ? [effect.condition] : [];
  });
}

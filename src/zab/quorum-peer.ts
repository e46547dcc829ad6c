/**
 * QuorumPeer: the process start of a server and its main loop, which looks for a leader, takes the role that comes out, and when that has
 * been shut down looks again. Each role has its own module; this one only knows whose turn it is.
 */
import { own, peek, replace } from '../base/parts.ts';
import { threadId, type Item } from '../base/step.ts';
import type { ZabContext } from './context.ts';
import { makeDatabase } from './database.ts';
import { beginLookForLeader, bootElection, stepLookForLeader } from './fast-leader-election.ts';
import { beginLeading, stepLeader } from './leader.ts';
import { makeLeaderState, releaseHandlers } from './leader-state.ts';
import { beginFollowing, beginObserving, stepLearner } from './learner.ts';
import { makeLearnerState, makeSyncThreadState } from './learner-state.ts';
import { makeQuorumPeer } from './peer-state.ts';
import { lastLoggedZxid, loadDatabase } from './recovery.ts';
import { beginStandalone, stepStandalone } from './standalone.ts';
import { QUORUM_PEER } from './thread-kinds.ts';
import { setZabState } from './zab-state.ts';

/** Process start: nothing of the memory before is left. The election begins once the database is loaded. */
export function bootQuorumPeer(ctx: ZabContext): void {
  const { parts, refs } = ctx;
  releaseHandlers(parts, refs.leader);
  replace(parts, refs.peer, makeQuorumPeer());
  replace(parts, refs.database, makeDatabase());
  replace(parts, refs.leader, makeLeaderState(-1));
  replace(parts, refs.learner, makeLearnerState());
  replace(parts, refs.sync, makeSyncThreadState());
  ctx.effects.push({ type: 'start', thread: threadId(QUORUM_PEER, 0), item: { type: 'boot' } });
}

/** One step of the main thread. */
export function stepQuorumPeer(ctx: ZabContext, input: Item): void {
  const { stage } = peek(ctx.parts, ctx.refs.peer);
  if (input.type === 'interrupted') own(ctx.parts, ctx.refs.peer).stopping = true;
  switch (stage) {
    case 'boot':
      return boot(ctx, input);
    case 'looking':
      return look(ctx, input);
    case 'role':
      return input.type === 'role-ended' ? onRoleEnded(ctx) : stepRole(ctx, input);
    case 'delay':
      return input.type === 'interrupted' ? exit(ctx, 'stopped') : startLooking(ctx);
  }
}

/** QuorumPeer.start: loadDataBase, then the election's threads (ID-13 to ID-15, ID-22). */
function boot(ctx: ZabContext, input: Item): void {
  switch (input.type) {
    case 'boot':
      if (!loadDatabase(ctx)) return exit(ctx, 'refused-to-start');
      ctx.effects.push({ type: 'continue', item: { type: 'loaded' } });
      return;
    case 'loaded':
      if (ctx.config.standalone) return beginStandalone(ctx);
      bootElection(ctx);
      enterLooking(ctx);
      ctx.effects.push({ type: 'continue', item: { type: 'look' } });
      return;
    case 'look':
      return startLooking(ctx);
    default:
      // An I/O error while it wrote its first files, or a stop.
      return exit(ctx, input.type === 'interrupted' ? 'stopped' : 'io-error-at-start');
  }
}

function enterLooking(ctx: ZabContext): void {
  const peer = own(ctx.parts, ctx.refs.peer);
  peer.state = 'LOOKING';
  ctx.note({ type: 'state', state: 'LOOKING', epoch: peer.currentEpoch });
  setZabState(ctx, 'ELECTION');
}

/** A database that the last role has cleared is loaded first: the vote names its last zxid (ID-21). */
function startLooking(ctx: ZabContext): void {
  own(ctx.parts, ctx.refs.peer).stage = 'looking';
  lastLoggedZxid(ctx);
  if (peek(ctx.parts, ctx.refs.database).initialized) beginLookForLeader(ctx);
}

function look(ctx: ZabContext, input: Item): void {
  if (input.type === 'look') return startLooking(ctx);
  if (input.type === 'interrupted') return exit(ctx, 'stopped');
  if (stepLookForLeader(ctx, input)) beginRole(ctx);
}

function beginRole(ctx: ZabContext): void {
  const peer = own(ctx.parts, ctx.refs.peer);
  peer.stage = 'role';
  peer.incarnation += 1;
  peer.failed = false;
  switch (peer.state) {
    case 'LEADING':
      return beginLeading(ctx);
    case 'FOLLOWING':
      return beginFollowing(ctx);
    case 'OBSERVING':
      return beginObserving(ctx);
    case 'LOOKING':
      // lookForLeader ended without a leader (ELEC-36, ELEC-37).
      return startLooking(ctx);
  }
}

function stepRole(ctx: ZabContext, input: Item): void {
  if (ctx.config.standalone) stepStandalone(ctx, input);
  else if (peek(ctx.parts, ctx.refs.peer).state === 'LEADING') stepLeader(ctx, input);
  else stepLearner(ctx, input);
}

/** QuorumPeer.updateServerState; an observer waits a random while first, so that not all return at once (ELEC-40). */
function onRoleEnded(ctx: ZabContext): void {
  const { state, stopping } = peek(ctx.parts, ctx.refs.peer);
  if (stopping) return exit(ctx, 'stopped');
  enterLooking(ctx);
  const { observerElectionDelayUs } = ctx.config;
  const peer = own(ctx.parts, ctx.refs.peer);
  peer.stage = 'looking';
  if (state === 'OBSERVING' && observerElectionDelayUs > 0) {
    peer.stage = 'delay';
    ctx.thread.blockedOn = { on: 'sleep', until: ctx.now + ctx.draw('observer-election-delay', observerElectionDelayUs) };
  } else ctx.effects.push({ type: 'continue', item: { type: 'look' } });
}

function exit(ctx: ZabContext, reason: string): void {
  ctx.effects.push({ type: 'exit', reason });
}

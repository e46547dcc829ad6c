/**
 * CommitProcessor (COMMIT-01..09): matches what the leader committed with what this server's clients asked for. Each session's requests stay
 * in order; reads go to the workers; a write runs alone on the main thread, when no read is under way.
 *
 * The queues are memory of the role, written by the thread that hands a request over; its wake-up is the item in the mailbox. Commits come
 * through the mailbox itself. So a commit can be seen while its own request is still queued (ZOOKEEPER-1863).
 */
import { assert, unreachable } from '../base/assert.ts';
import { at, lengthOf, push, shift } from '../base/deque.ts';
import { own } from '../base/parts.ts';
import { threadId, type Effect, type Item } from '../base/step.ts';
import type { ServerContext } from './context.ts';
import { failCriticalThread, processRead, processSync, processWrite, stepFinal, type FinalItem } from './final-request-processor.ts';
import { needsCommit, type ServerRequest } from './request.ts';
import { COMMIT, COMMIT_INTAKE, COMMIT_WORKER } from './thread-kinds.ts';
import { chainOf, type Committed, type RequestProcessors, type StartItem, type StopItem } from './thread-state.ts';

export type CommitInput =
  | StartItem
  | StopItem
  | Committed
  | FinalItem
  /** processRequest has added to queuedRequests and notifies. */
  | { readonly type: 'wakeup' }
  | { readonly type: 'iterate' }
  | { readonly type: 'fall-asleep' }
  | { readonly type: 'signalled' }
  | ProcessItem
  | WrittenItem;

/** A commit taken from its queue, to be applied: past every look at `stopped` (ZOOKEEPER-3598). */
interface ProcessItem extends Item {
  readonly type: 'process';
  readonly committed: Committed;
  readonly request: ServerRequest | null;
}

interface WrittenItem extends Item {
  readonly type: 'written';
  readonly session: string;
}

const WAKEUP = { type: 'wakeup' } as const;
const FALL_ASLEEP = { type: 'continue', item: { type: 'fall-asleep' } } as const;
const ITERATE = { type: 'continue', item: { type: 'iterate' } } as const;

/** CommitProcessor.processRequest, on the thread of the stage before: the request is queued, the main thread woken. */
export function queueRequest(ctx: ServerContext, incarnation: number, request: ServerRequest): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), incarnation);
  if (chain === null || chain.stopped) return;
  push(chain.queuedRequests, request);
  if (needsCommit(request, matchesSyncs(chain))) push(chain.queuedWriteRequests, request);
  const to = ctx.decide.server.drainsRequestsBeforeCommit ? COMMIT : COMMIT_INTAKE;
  ctx.effects.push({ type: 'enqueue', to: threadId(to, incarnation), item: WAKEUP });
}

export type IntakeInput = StartItem | StopItem | { readonly type: 'wakeup' | 'timeout' };

/** One wake-up in so many comes late, by the time that a stalled thread may take. */
const lateOneIn = 32;
const lateUs = 8000;

/**
 * ZOOKEEPER-1863: the main thread once polled for a commit after it had found no request, and both could come in between. Its mailbox is
 * in order, so where that may happen the wake-ups take a way of their own.
 */
export function stepCommitIntake(ctx: ServerContext, input: IntakeInput): void {
  if (input.type === 'stop') ctx.thread.ending = true;
  if (input.type !== 'wakeup' && input.type !== 'timeout') return;
  if (input.type === 'wakeup' && ctx.draw('commit-intake', lateOneIn) === 0) {
    ctx.thread.blockedOn = { on: 'sleep', until: ctx.now + lateUs };
    return;
  }
  ctx.effects.push({ type: 'enqueue', to: threadId(COMMIT, ctx.thread.incarnation), item: WAKEUP });
}

/** One look at the queues an event: what Java does between two points where another thread can come. */
export function stepCommitProcessor(ctx: ServerContext, input: CommitInput): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), ctx.thread.incarnation);
  if (chain === null) {
    ctx.thread.ending = true;
    return;
  }
  if (isUnderWay(input)) {
    if (input.type === 'process') process(ctx, chain, input.committed, input.request);
    else stepFinal(ctx, chain, input);
    return;
  }
  if (chain.stopped) {
    chain.ended = true;
    ctx.thread.ending = true;
    return;
  }
  if (input.type === 'wakeup' && chain.unheard > 0) {
    chain.unheard--;
    return;
  }
  lookAtQueues(ctx, chain, input);
  if (!ctx.decide.server.looksBeforeSleeping) prepareToSleep(ctx, chain, input);
}

/**
 * ZOOKEEPER-4537: what was seen outside the lock is acted on under it. A request that comes between the two wakes nobody, and lies there until
 * something else does. (The same happens to commits, which are in the mailbox here.)
 */
function prepareToSleep(ctx: ServerContext, chain: RequestProcessors, input: CommitInput): void {
  const waiting = lengthOf(chain.queuedRequests);
  if (input.type === 'fall-asleep') {
    chain.unheard = waiting;
    return;
  }
  if (ctx.effects.some(isContinue) || lengthOf(chain.committedRequests) > 0 || chain.unheard > 0) return;
  ctx.effects.push(waiting > 0 ? { type: 'continue', item: WAKEUP } : FALL_ASLEEP);
}

function isContinue({ type }: Effect): boolean {
  return type === 'continue';
}

function lookAtQueues(ctx: ServerContext, chain: RequestProcessors, input: Exclude<CommitInput, ProcessItem | FinalItem>): void {
  switch (input.type) {
    case 'start':
    case 'stop':
    case 'fall-asleep':
      return;
    case 'wakeup':
      takeRequest(ctx, chain);
      return;
    case 'commit':
    case 'commit-sync':
      push(chain.committedRequests, input);
      return iterate(ctx, chain);
    case 'iterate':
    case 'signalled':
      chain.waitsForEmptyPool = false;
      return iterate(ctx, chain);
    case 'written':
      return releaseReads(ctx, chain, input.session);
    default:
      unreachable(input);
  }
}

/** What Java does inside FinalRequestProcessor, where nobody looks at `stopped`. */
function isUnderWay(input: CommitInput): input is ProcessItem | FinalItem {
  return input.type === 'process' || input.type === 'final';
}

/** One pass of the loop: a queued request if it may come first, else a commit. */
function iterate(ctx: ServerContext, chain: RequestProcessors): void {
  if (lengthOf(chain.committedRequests) === 0) return;
  const drains = ctx.decide.server.drainsRequestsBeforeCommit;
  // With a local write pending, the commit at hand is that one's or another server's (CommitProcessor.run).
  if (drains && chain.pendingRequests.size === 0 && takeRequest(ctx, chain)) {
    ctx.effects.push(ITERATE);
    return;
  }
  if (chain.numRequestsProcessing > 0) {
    chain.waitsForEmptyPool = true;
    ctx.thread.blockedOn = { on: 'condition', condition: emptyPool(chain.incarnation), deadline: null };
    return;
  }
  if (!ctx.decide.server.appliesForeignCommits && isForeign(chain, at(chain.committedRequests, 0))) failOnForeign(ctx, chain);
  else takeCommitted(ctx, chain);
}

/** A write that its session sent through another server before it came here, or sent through here before it left and came back. */
function isForeign(chain: RequestProcessors, committed: Committed): boolean {
  const head = chain.pendingRequests.get(sessionOf(committed))?.[0];
  return head !== undefined && needsCommit(head, matchesSyncs(chain)) && !matches(head, committed);
}

/** ZOOKEEPER-2684: the first pending request was taken for the one that is committed, and other numbers for impossible. */
function failOnForeign(ctx: ServerContext, chain: RequestProcessors): void {
  const committed = at(chain.committedRequests, 0);
  const zxid = committed.type === 'commit' ? committed.zxid : -1;
  ctx.note({ type: 'bad', what: 'commit', zxid, expected: -1, why: 'unexpected-cxid' });
  failCriticalThread(ctx);
}

/** COMMIT-02: false when nothing is queued. */
function takeRequest(ctx: ServerContext, chain: RequestProcessors): boolean {
  if (lengthOf(chain.queuedRequests) === 0) return false;
  const request = shift(chain.queuedRequests);
  const pending = chain.pendingRequests.get(request.session);
  if (pending !== undefined) {
    if (ctx.traced && !needsCommit(request, matchesSyncs(chain))) ctx.note({ type: 'read-waits-for-write', session: request.session });
    pending.push(request);
  } else if (needsCommit(request, matchesSyncs(chain))) {
    chain.pendingRequests.set(request.session, [request]);
  } else {
    sendToWorker(ctx, chain, request);
  }
  return true;
}

/** COMMIT-06, COMMIT-07: the head of the commits, with the local request it belongs to if it is one's own. */
function takeCommitted(ctx: ServerContext, chain: RequestProcessors): void {
  const committed = at(chain.committedRequests, 0);
  let request: ServerRequest | null = null;
  if (matches(firstWrite(ctx, chain, committed), committed)) {
    const pending = chain.pendingRequests.get(sessionOf(committed));
    const head = pending?.[0];
    if (pending === undefined || head === undefined || !needsCommit(head, matchesSyncs(chain))) {
      // Its request has not been looked at yet: the next pass does so.
      const took = takeRequest(ctx, chain);
      assert(took, 'a commit waits for a request that is nowhere');
      ctx.effects.push(ITERATE);
      return;
    }
    request = head;
    pending.shift();
    takeFirstWrite(chain, head);
  }
  shift(chain.committedRequests);
  // Where shutdown joins this thread nobody can tell taking from applying: they are then one event.
  const item: ProcessItem = { type: 'process', committed, request };
  if (joinsCommitThread(ctx, chain)) process(ctx, chain, committed, request);
  else ctx.effects.push({ type: 'continue', item });
}

function joinsCommitThread(ctx: ServerContext, chain: RequestProcessors): boolean {
  const { leaderShutdownPlan, learnerShutdownPlan } = ctx.decide.zab;
  const plan: readonly (string | readonly string[])[] = chain.role === 'leader' ? leaderShutdownPlan : learnerShutdownPlan;
  for (const entry of plan) if (typeof entry === 'string' ? entry === 'join-commit' : entry.includes('join-commit')) return true;
  return false;
}

/** Without draining first, releases before 3.5.0 compared with the session's own pending head. */
function firstWrite(ctx: ServerContext, chain: RequestProcessors, committed: Committed): ServerRequest | null {
  if (!ctx.decide.server.drainsRequestsBeforeCommit) return chain.pendingRequests.get(sessionOf(committed))?.[0] ?? null;
  return lengthOf(chain.queuedWriteRequests) === 0 ? null : at(chain.queuedWriteRequests, 0);
}

function takeFirstWrite(chain: RequestProcessors, request: ServerRequest): void {
  const { queuedWriteRequests: queue } = chain;
  if (lengthOf(queue) > 0 && at(queue, 0).session === request.session && at(queue, 0).cxid === request.cxid) {
    shift(queue);
  }
}

function matches(request: ServerRequest | null, committed: Committed): boolean {
  if (request === null) return false;
  const { session, cxid } = committed.type === 'commit' ? committed.txn : committed.request;
  return request.session === session && request.cxid === cxid;
}

function sessionOf(committed: Committed): string {
  return committed.type === 'commit' ? committed.txn.session : committed.request.session;
}

function process(ctx: ServerContext, chain: RequestProcessors, committed: Committed, request: ServerRequest | null): void {
  if (committed.type === 'commit') processWrite(ctx, chain, request, committed.txn);
  else processSync(ctx, chain, committed.request);
  if (request !== null) ctx.effects.push(continueReleasing(request.session));
  else if (lengthOf(chain.committedRequests) > 0) ctx.effects.push(ITERATE);
}

/** COMMIT-08: the reads behind the write, one an event, up to the session's next write. */
function releaseReads(ctx: ServerContext, chain: RequestProcessors, session: string): void {
  const pending = chain.pendingRequests.get(session);
  const head = pending?.[0];
  if (pending !== undefined && head !== undefined && !needsCommit(head, matchesSyncs(chain))) {
    pending.shift();
    sendToWorker(ctx, chain, head);
    ctx.effects.push(continueReleasing(session));
    return;
  }
  if (pending !== undefined && head === undefined) chain.pendingRequests.delete(session);
  if (lengthOf(chain.committedRequests) > 0) ctx.effects.push(ITERATE);
}

function continueReleasing(session: string): Effect {
  const item: WrittenItem = { type: 'written', session };
  return { type: 'continue', item };
}

/** COMMIT-09: a session always goes to the same worker. */
function sendToWorker(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  const { commitWorkers } = ctx.config;
  if (commitWorkers === 0) {
    const rest = processRead(ctx, chain, request);
    if (rest !== null) ctx.effects.push({ type: 'continue', item: rest });
    return;
  }
  chain.numRequestsProcessing++;
  ctx.effects.push({
    type: 'enqueue',
    to: threadId(COMMIT_WORKER, chain.incarnation, workerOf(request.session, commitWorkers)),
    item: request,
  });
}

/** Java takes the id modulo the number of workers. */
function workerOf(session: string, workers: number): number {
  return parseInt(session.slice(-4), 16) % workers;
}

export type WorkerInput = StartItem | StopItem | ServerRequest | FinalItem | { readonly type: 'done' };

/** CommitWorkRequest.doWork. */
export function stepCommitWorker(ctx: ServerContext, input: WorkerInput): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), ctx.thread.incarnation);
  if (chain === null) {
    ctx.thread.ending = true;
    return;
  }
  switch (input.type) {
    case 'start':
      return;
    case 'stop':
      ctx.thread.ending = true;
      return;
    case 'request': {
      const rest = chain.stopped ? null : processRead(ctx, chain, input);
      if (ctx.effects.length <= 1) workDone(ctx, chain);
      else ctx.effects.push({ type: 'continue', item: { type: 'done' } });
      if (rest !== null) ctx.effects.push({ type: 'continue', item: rest });
      return;
    }
    case 'done':
      return workDone(ctx, chain);
    case 'final':
      return stepFinal(ctx, chain, input);
    default:
      unreachable(input);
  }
}

function workDone(ctx: ServerContext, chain: RequestProcessors): void {
  chain.numRequestsProcessing--;
  if (chain.numRequestsProcessing === 0 && chain.waitsForEmptyPool) {
    ctx.effects.push({ type: 'signal', condition: emptyPool(chain.incarnation) });
  }
}

export function emptyPool(incarnation: number): string {
  return `empty-pool/${incarnation}`;
}

function matchesSyncs(chain: RequestProcessors): boolean {
  return chain.role !== 'leader';
}

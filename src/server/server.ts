/**
 * The server's threads behind one door. A request's way: reader -> PrepRequestProcessor (leader) or FollowerRequestProcessor (learner) ->
 * CommitProcessor -> FinalRequestProcessor -> writer; in between replication proposes, logs and commits it.
 */
import { assert, Bug } from '../base/assert.ts';
import { threadId, type Item } from '../base/step.ts';
import {
  stepCommitIntake,
  stepCommitProcessor,
  stepCommitWorker,
  type CommitInput,
  type IntakeInput,
  type WorkerInput,
} from './commit-processor.ts';
import { stepAcceptor, stepReader, stepWriter, type AcceptorInput, type ReaderInput, type WriterInput } from './connection.ts';
import { stepContainerManager, type ContainerManagerInput } from './container-manager.ts';
import type { ServerContext } from './context.ts';
import { stepWatchEvents, type WatchEventsInput } from './final-request-processor.ts';
import { stepFollowerRequest, type FollowerRequestInput } from './follower-request-processor.ts';
import { stepPrep, type PrepInput } from './prep-request-processor.ts';
import { stepThrottler, type ThrottlerInput } from './request-throttler.ts';
import { stepTracker, type TrackerInput } from './session-tracker.ts';
import {
  CLIENT_ACCEPTOR,
  CLIENT_READER,
  CLIENT_WRITER,
  COMMIT,
  COMMIT_INTAKE,
  COMMIT_WORKER,
  CONTAINER_MANAGER,
  FOLLOWER_REQUEST,
  PREP,
  REQUEST_THROTTLER,
  SESSION_TRACKER,
  WATCH_EVENTS,
} from './thread-kinds.ts';
import { resetThreads, START } from './thread-state.ts';
import { resetData } from './server-state.ts';

/** Process start: memory is fresh, and the client port opens before the first election (LIVE-20). */
export function bootServer(ctx: ServerContext): void {
  resetData(ctx.parts, ctx.refs);
  resetThreads(ctx.parts, ctx.refs);
  if (!ctx.decide.server.queuesEventsWithReplies) ctx.effects.push({ type: 'start', thread: threadId(WATCH_EVENTS, 0), item: START });
  ctx.effects.push({ type: 'start', thread: threadId(CLIENT_ACCEPTOR, 0), item: START });
}

/** What each kind of thread can find in its mailbox, on its connection, or as the host's answer. */
const ACCEPTOR_INPUTS = new Set<AcceptorInput['type']>(['start', 'accepted']);
const READER_INPUTS = new Set<ReaderInput['type']>(['start', 'stop', 'receive', 'own-session', 'packet', 'closed', 'failed', 'timeout']);
const WRITER_INPUTS = new Set<WriterInput['type']>(['start', 'stop', 'CONNECTED', 'REPLY', 'EVENT', 'TEXT', 'close-conn', 'failed']);
const PREP_INPUTS = new Set<PrepInput['type']>(['start', 'stop', 'request', 'propose', 'log']);
const THROTTLER_INPUTS = new Set<ThrottlerInput['type']>(['start', 'stop', 'submitted', 'signalled', 'timeout']);
const FOLLOWER_REQUEST_INPUTS = new Set<FollowerRequestInput['type']>(['start', 'stop', 'request', 'failed']);
const COMMIT_INPUTS = new Set<CommitInput['type']>([
  'start',
  'stop',
  'wakeup',
  'commit',
  'commit-sync',
  'iterate',
  'fall-asleep',
  'signalled',
  'process',
  'written',
  'final',
]);
const WORKER_INPUTS = new Set<WorkerInput['type']>(['start', 'stop', 'request', 'done', 'final']);
const TRACKER_INPUTS = new Set<TrackerInput['type']>(['start', 'stop', 'timeout', 'expire-next']);
const INTAKE_INPUTS = new Set<IntakeInput['type']>(['start', 'stop', 'wakeup', 'timeout']);
const CONTAINER_MANAGER_INPUTS = new Set<ContainerManagerInput['type']>(['start', 'stop', 'timeout', 'delete-next']);
const WATCH_EVENTS_INPUTS = new Set<WatchEventsInput['type']>(['start', 'watch-event']);

/** One step of a server thread. */
export function stepServer(ctx: ServerContext, item: Item): void {
  switch (ctx.thread.kind) {
    case CLIENT_ACCEPTOR:
      return stepAcceptor(ctx, inputOf<AcceptorInput>(item, ACCEPTOR_INPUTS));
    case CLIENT_READER:
      return stepReader(ctx, inputOf<ReaderInput>(item, READER_INPUTS));
    case CLIENT_WRITER:
      return stepWriter(ctx, inputOf<WriterInput>(item, WRITER_INPUTS));
    case PREP:
      return stepPrep(ctx, inputOf<PrepInput>(item, PREP_INPUTS));
    case REQUEST_THROTTLER:
      return stepThrottler(ctx, inputOf<ThrottlerInput>(item, THROTTLER_INPUTS));
    case FOLLOWER_REQUEST:
      return stepFollowerRequest(ctx, inputOf<FollowerRequestInput>(item, FOLLOWER_REQUEST_INPUTS));
    case COMMIT:
      return stepCommitProcessor(ctx, inputOf<CommitInput>(item, COMMIT_INPUTS));
    case COMMIT_WORKER:
      return stepCommitWorker(ctx, inputOf<WorkerInput>(item, WORKER_INPUTS));
    case SESSION_TRACKER:
      return stepTracker(ctx, inputOf<TrackerInput>(item, TRACKER_INPUTS));
    case COMMIT_INTAKE:
      return stepCommitIntake(ctx, inputOf<IntakeInput>(item, INTAKE_INPUTS));
    case CONTAINER_MANAGER:
      return stepContainerManager(ctx, inputOf<ContainerManagerInput>(item, CONTAINER_MANAGER_INPUTS));
    case WATCH_EVENTS:
      return stepWatchEvents(ctx, inputOf<WatchEventsInput>(item, WATCH_EVENTS_INPUTS));
    default:
      throw new Bug(`no server thread of kind ${ctx.thread.kind}`);
  }
}

/** An item of one of these types was put there by that thread's own doors, so its type tells all of it. */
function inputOf<T extends Item>(item: Item, types: ReadonlySet<T['type']>): T {
  assert(isOneOf(item, types), () => `a server thread got ${item.type}`);
  return item;
}

function isOneOf<T extends Item>(item: Item, types: ReadonlySet<T['type']>): item is T {
  const names: ReadonlySet<string> = types;
  return names.has(item.type);
}

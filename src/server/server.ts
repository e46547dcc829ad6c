/**
 * The server's threads behind one door. A request's way: reader -> PrepRequestProcessor (leader) or FollowerRequestProcessor (learner) ->
 * CommitProcessor -> FinalRequestProcessor -> writer; in between replication proposes, logs and commits it.
 */
import { Bug } from '../base/assert.ts';
import { threadId, type Item } from '../base/step.ts';
import { stepCommitProcessor, stepCommitWorker, type CommitInput, type WorkerInput } from './commit-processor.ts';
import { stepAcceptor, stepReader, stepWriter, type AcceptorInput, type ReaderInput, type WriterInput } from './connection.ts';
import type { ServerContext } from './context.ts';
import { stepWatchEvents, type WatchEventItem } from './final-request-processor.ts';
import { stepFollowerRequest, type FollowerRequestInput } from './follower-request-processor.ts';
import { stepPrep, type PrepInput } from './prep-request-processor.ts';
import { stepTracker, type TrackerInput } from './session-tracker.ts';
import {
  CLIENT_ACCEPTOR,
  CLIENT_READER,
  CLIENT_WRITER,
  COMMIT,
  COMMIT_WORKER,
  FOLLOWER_REQUEST,
  PREP,
  SERVER_KIND_FIRST,
  SERVER_KIND_LAST,
  SERVER_THREAD_NAMES,
  SESSION_TRACKER,
  WATCH_EVENTS,
} from './thread-kinds.ts';
import { resetThreads, START, type StartItem } from './thread-state.ts';
import { resetData } from './server-state.ts';

/** Process start: memory is fresh, and the client port opens before the first election (LIVE-20). */
export function bootServer(ctx: ServerContext): void {
  resetData(ctx.parts, ctx.refs);
  resetThreads(ctx.parts, ctx.refs);
  if (!ctx.decide.server.queuesEventsWithReplies) ctx.effects.push({ type: 'start', thread: threadId(WATCH_EVENTS, 0), item: START });
  ctx.effects.push({ type: 'start', thread: threadId(CLIENT_ACCEPTOR, 0), item: START });
}

export function isServerThread(kind: number): boolean {
  return kind >= SERVER_KIND_FIRST && kind <= SERVER_KIND_LAST;
}

export function serverThreadName(kind: number): string {
  return SERVER_THREAD_NAMES[kind - SERVER_KIND_FIRST] ?? `server thread ${kind}`;
}

/**
 * One step of a server thread. What lies in the mailbox of a kind is put there by that kind's own door functions, so its input type is
 * known by the kind.
 */
export function stepServer(ctx: ServerContext, input: Item): void {
  switch (ctx.thread.kind) {
    case CLIENT_ACCEPTOR:
      return stepAcceptor(ctx, input as AcceptorInput);
    case CLIENT_READER:
      return stepReader(ctx, input as ReaderInput);
    case CLIENT_WRITER:
      return stepWriter(ctx, input as WriterInput);
    case PREP:
      return stepPrep(ctx, input as PrepInput);
    case FOLLOWER_REQUEST:
      return stepFollowerRequest(ctx, input as FollowerRequestInput);
    case COMMIT:
      return stepCommitProcessor(ctx, input as CommitInput);
    case COMMIT_WORKER:
      return stepCommitWorker(ctx, input as WorkerInput);
    case SESSION_TRACKER:
      return stepTracker(ctx, input as TrackerInput);
    case WATCH_EVENTS:
      return stepWatchEvents(ctx, input as StartItem | WatchEventItem);
    default:
      throw new Bug(`no server thread of kind ${ctx.thread.kind}`);
  }
}

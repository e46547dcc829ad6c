/**
 * The client library as a program of its own node. Whoever drives it (scenario, lesson, test) puts items into its SendThread's mailbox; what
 * it observes are the facts of note.ts. Its threads: SendThread and, for each connection, a ReadThread, both on one part; an EventThread
 * where an application listens.
 */
import { Bug } from '../base/assert.ts';
import { replace } from '../base/parts.ts';
import { EVENT_THREAD_ID, openHandle, SEND_THREAD_ID } from './client-cnxn.ts';
import type { ClientContext } from './context.ts';
import type { ClientInput, ClientItem, Submission, EventThreadItem } from './items.ts';
import { stepReadThread } from './read-thread.ts';
import { stepSendThread } from './send-thread.ts';
import { CLIENT_THREAD_NAMES, EVENT_THREAD, READ_THREAD, SEND_THREAD } from './thread-kinds.ts';

/** Where `submitItem` and the other items of a driver go. */
export const CLIENT_MAILBOX = SEND_THREAD_ID;

/** Process start: a new handle, which dials at once. */
export function bootClient(ctx: ClientContext): void {
  replace(ctx.parts, ctx.refs.client, openHandle(ctx, 0));
  ctx.effects.push({ type: 'start', thread: SEND_THREAD_ID, item: { type: 'wake' } });
  if (ctx.app !== undefined) ctx.effects.push({ type: 'start', thread: EVENT_THREAD_ID, item: { type: 'run' } });
}

export function stepClient(ctx: ClientContext, input: ClientInput): void {
  switch (ctx.thread.kind) {
    case SEND_THREAD:
      return stepSendThread(ctx, input);
    case READ_THREAD:
      return stepReadThread(ctx, input);
    case EVENT_THREAD:
      if (ctx.app !== undefined && isForEventThread(input)) ctx.app.step(ctx, input);
      return undefined;
    default:
      throw new Bug(`no client thread of kind ${ctx.thread.kind}`);
  }
}

function isForEventThread(input: ClientInput): input is EventThreadItem {
  return input.type === 'run' || input.type === 'watched' || input.type === 'finished' || input.type === 'state';
}

export function clientThreadName(kind: number): string {
  return CLIENT_THREAD_NAMES[kind - SEND_THREAD] ?? 'unknown';
}

/** The item that invokes an operation. `call` names it in every note about it; the outcome is the one client-returned with that number. */
export function submitItem(operation: Submission, call: number): ClientItem {
  return { type: 'submit', operation, call };
}

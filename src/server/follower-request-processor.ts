/**
 * FollowerRequestProcessor and ObserverRequestProcessor: a learner's own clients' requests go to the local CommitProcessor first, so that it
 * is ready for the answer, and then, if only the leader can decide them, to the leader (PIPE-03, PIPE-04, PIPE-09, PIPE-10).
 */
import { unreachable } from '../base/assert.ts';
import { own } from '../base/parts.ts';
import type { Effect } from '../base/step.ts';
import { queueRequest } from './commit-processor.ts';
import type { ServerContext } from './context.ts';
import { authWriteRequest } from './eager-acl.ts';
import { failCriticalThread } from './final-request-processor.ts';
import { needsCommit, withoutConnection, type ServerRequest } from './request.ts';
import { chainOf, type RequestProcessors, type StartItem, type StopItem } from './thread-state.ts';

export type FollowerRequestInput = StartItem | StopItem | ServerRequest | { readonly type: 'failed'; readonly effect: Effect };

export function stepFollowerRequest(ctx: ServerContext, input: FollowerRequestInput): void {
  const chain = chainOf(own(ctx.parts, ctx.refs.processors), ctx.thread.incarnation);
  switch (input.type) {
    case 'start':
      return;
    case 'stop':
      ctx.thread.ending = true;
      return;
    case 'request':
      if (chain === null || chain.stopped) ctx.thread.ending = true;
      else if (authWriteRequest(ctx, chain, input)) forward(ctx, chain, input);
      return;
    case 'failed': // the connection to the leader is gone: the role will end too
      failCriticalThread(ctx);
      return;
    default:
      unreachable(input);
  }
}

function forward(ctx: ServerContext, chain: RequestProcessors, request: ServerRequest): void {
  queueRequest(ctx, chain.incarnation, request);
  if (!needsCommit(request, true)) return;
  if (request.operation.op === 'sync') chain.pendingSyncs.push(request);
  if (ctx.traced) ctx.note({ type: 'request-forwarded', session: request.session, operation: request.operation.op });
  const packet = { type: 'REQUEST', zxid: -1, request: withoutConnection(request) } as const;
  if (chain.leaderLink !== null) ctx.effects.push({ type: 'send', link: chain.leaderLink, packet });
}

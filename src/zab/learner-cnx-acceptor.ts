/** Leader.LearnerCnxAcceptor: makes a LearnerHandler of every connection to the quorum port (DISC-02, DISC-03). */
import { own, peek } from '../base/parts.ts';
import { threadId, type HostInput, type Item } from '../base/step.ts';
import { isOwnTerm } from './broadcast.ts';
import type { ZabContext } from './context.ts';
import { HOST_INPUTS, makeInputGuard, type InputGuard } from './input-guard.ts';
import type { RunItem } from './learner-handler.ts';
import { allotHandler } from './leader-state.ts';
import { QUORUM_PORT } from './packet.ts';
import { LEARNER_HANDLER } from './thread-kinds.ts';

interface AcceptNextItem extends Item {
  readonly type: 'accept-next';
}
type LearnerCnxAcceptorInput = HostInput | RunItem | AcceptNextItem;

const assertInput: InputGuard<LearnerCnxAcceptorInput> = makeInputGuard('the acceptor', { ...HOST_INPUTS, run: true, 'accept-next': true });

export function stepLearnerCnxAcceptor(ctx: ZabContext, input: Item): void {
  assertInput(input);
  accept(ctx, input);
}

function accept(ctx: ZabContext, input: LearnerCnxAcceptorInput): void {
  const isStopped = !isOwnTerm(ctx) || peek(ctx.parts, ctx.refs.leader).stopping;
  if (isStopped || input.type === 'interrupted' || input.type === 'failed') {
    if (input.type === 'accepted') ctx.effects.push({ type: 'close', link: input.link });
    ctx.thread.ending = true;
    return;
  }
  if (input.type !== 'accepted') {
    ctx.thread.blockedOn = { on: 'accept', port: QUORUM_PORT };
    return;
  }
  const key = allotHandler(ctx.parts, own(ctx.parts, ctx.refs.leader), input.link);
  const thread = threadId(LEARNER_HANDLER, ctx.thread.incarnation, key);
  // It asks again whether to stop before it accepts again: the port may belong to a later term by then.
  ctx.effects.push(
    { type: 'start', thread, item: { type: 'run' } satisfies RunItem },
    { type: 'continue', item: { type: 'accept-next' } satisfies AcceptNextItem },
  );
}

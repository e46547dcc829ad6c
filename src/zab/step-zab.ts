/** The door of the replication layer: which thread's code gets an input. Every kind below 32 is one of these. */
import { Bug } from '../base/assert.ts';
import { kindOf, type Item } from '../base/step.ts';
import { stepConnector } from './connector.ts';
import type { ZabContext } from './context.ts';
import { stepLearnerCnxAcceptor } from './learner-cnx-acceptor.ts';
import { stepLearnerHandler } from './learner-handler.ts';
import { stepLearnerHandlerSender } from './learner-handler-sender.ts';
import { stepListener } from './listener.ts';
import { stepWorkerReceiver, stepWorkerSender } from './messenger.ts';
import { stepQuorumPeer } from './quorum-peer.ts';
import { stepRecvWorker } from './recv-worker.ts';
import { stepSendWorker } from './send-worker.ts';
import { stepSnapshotThread } from './snapshot-thread.ts';
import { stepSync } from './sync-request-processor.ts';
import * as kinds from './thread-kinds.ts';

export function stepZab(ctx: ZabContext, input: Item): void {
  const kind = kindOf(ctx.thread.id);
  switch (kind) {
    case kinds.QUORUM_PEER:
      return stepQuorumPeer(ctx, input);
    case kinds.LISTENER:
      return stepListener(ctx, input);
    case kinds.CONNECTOR:
      return stepConnector(ctx, input);
    case kinds.SEND_WORKER:
      return stepSendWorker(ctx, input);
    case kinds.RECV_WORKER:
      return stepRecvWorker(ctx, input);
    case kinds.WORKER_SENDER:
      return stepWorkerSender(ctx, input);
    case kinds.WORKER_RECEIVER:
      return stepWorkerReceiver(ctx, input);
    case kinds.LEARNER_CNX_ACCEPTOR:
      return stepLearnerCnxAcceptor(ctx, input);
    case kinds.LEARNER_HANDLER:
      return stepLearnerHandler(ctx, input);
    case kinds.LEARNER_HANDLER_SENDER:
      return stepLearnerHandlerSender(ctx, input);
    case kinds.SYNC:
      return stepSync(ctx, input);
    case kinds.SNAPSHOT:
      return stepSnapshotThread(ctx, input);
    default:
      throw new Bug(`no replication thread of kind ${kind}`);
  }
}

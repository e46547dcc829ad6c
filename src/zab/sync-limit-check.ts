/**
 * LearnerHandler.SyncLimitCheck (BCAST-20): how long the oldest unacknowledged proposal has been with a learner. It follows one proposal
 * at a time, and the latest one after it; a zxid of 0 stands for none.
 */
import type { Zxid } from '../base/zxid.ts';
import type { LearnerHandlerState } from './leader-state.ts';

/** From the NEWLEADER ack on. */
export function startLimit(handler: LearnerHandlerState): void {
  handler.limitStarted = true;
}

/** The sender is about to write this proposal. */
export function updateProposal(handler: LearnerHandlerState, zxid: Zxid, now: number): void {
  if (!handler.limitStarted) return;
  if (handler.limitZxid === 0) {
    handler.limitZxid = zxid;
    handler.limitTime = now;
  } else {
    handler.limitNextZxid = zxid;
    handler.limitNextTime = now;
  }
}

export function updateAck(handler: LearnerHandlerState, zxid: Zxid): void {
  if (zxid === 0) return;
  if (handler.limitZxid === zxid) {
    handler.limitZxid = handler.limitNextZxid;
    handler.limitTime = handler.limitNextTime;
  } else if (handler.limitNextZxid !== zxid) return;
  handler.limitNextZxid = 0;
  handler.limitNextTime = 0;
}

/** False: the learner is too slow and is cut off. */
export function isWithinLimit(handler: Readonly<LearnerHandlerState>, now: number, limitUs: number): boolean {
  return handler.limitZxid === 0 || now - handler.limitTime < limitUs;
}

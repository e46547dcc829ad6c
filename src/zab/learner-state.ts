/** State of Learner, Follower, Observer and SyncRequestProcessor. Written by their modules only. */
import { makePartKind } from '../base/parts.ts';

export interface LearnerState {
  placeholder: null;
}
export interface SyncThreadState {
  placeholder: null;
}
export const LEARNER = makePartKind<LearnerState>('learner');
export const SYNC_THREAD = makePartKind<SyncThreadState>('sync-thread');

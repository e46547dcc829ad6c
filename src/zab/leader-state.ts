/** State of Leader and its LearnerHandlers. Written by their modules only. */
import { makePartKind } from '../base/parts.ts';

export interface LeaderState {
  placeholder: null;
}
export const LEADER = makePartKind<LeaderState>('leader');

/** What bounded liveness waits for. */

export interface LiveOptions {
  /** From calm to a stable ensemble, and from there to the answer of a call, in virtual microseconds. */
  readonly withinUs: number;
  /** How late a watch event may be before it counts as lost. */
  readonly graceUs: number;
}

/** Why nothing can be asked of an ensemble. */
export type Excuse = 'no-quorum' | 'refused-to-start';

export interface LiveState extends LiveOptions {
  /** -1 while a fault is active. */
  calmAt: number;
  phase: 'faults' | 'settling' | 'stable' | 'excused';
  /** Time at which something is judged next; Infinity for nothing. */
  deadline: number;
  stableAt: number;
  excuse: Excuse | null;
}

export function makeLive({ withinUs, graceUs }: LiveOptions): LiveState {
  return { withinUs, graceUs, calmAt: -1, phase: 'faults', deadline: Infinity, stableAt: -1, excuse: null };
}

export function copyLive(live: LiveState): LiveState {
  return { ...live };
}

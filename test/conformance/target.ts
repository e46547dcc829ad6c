// What a comparison needs of an ensemble, whoever runs it.

import type { Address } from './client.ts';
import type { Role, Setup } from './setups.ts';

export interface Target {
  readonly name: string;
  /** How often a case is played anew, in an ensemble of its own, that waited in vain: a real server now and then leaves a request unanswered. */
  readonly retries: number;
  start(setup: Setup): Promise<Running>;
}

export interface Running {
  /** Who plays which role now. */
  readonly sids: ReadonlyMap<Role, number>;
  address(role: Role): Address;
  /** Texts that differ from run to run, as ports do, and their names. */
  readonly places: readonly (readonly [RegExp, string])[];
  /** From now on this learner hears nothing from the leader, which still hears it; `release` lets everything through. */
  hold(role: Role): void;
  release(role: Role): void;
  /** As by SIGKILL. */
  kill(role: Role): Promise<void>;
  /** Starts it again with its disk; does not wait until it serves. */
  restart(role: Role): Promise<void>;
  /** Waits until all that live serve, and gives out the roles anew: who is dead is `other`. */
  reelected(): Promise<void>;
  stop(): Promise<void>;
}

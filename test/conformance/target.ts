// What a comparison needs of an ensemble, whoever runs it.

import type { Address } from './client.ts';
import type { Role, Setup } from './setups.ts';

export interface Target {
  readonly name: string;
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
  restart(role: Role): Promise<void>;
  stop(): Promise<void>;
}

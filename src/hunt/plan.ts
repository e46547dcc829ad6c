/**
 * What a hunt runs: an ensemble in the words of a scenario file, and a driver that acts on it. Both are drawn from a seed alone. Nothing
 * below this line of code sees a mutation, so the same seed makes the same choices whatever is being hunted, up to the first event that differs.
 */
import { assert } from '../base/assert.ts';
import { drawBelow, type DrawKey, type Stream } from '../base/draw.ts';
import type { Item } from '../base/step.ts';
import type { Driver } from '../kernel/driver.ts';

/** The head of a scenario file: every scalar is a text, as the file has it. */
export interface Head {
  readonly mode: 'fine' | 'coarse';
  readonly ensemble: Readonly<Record<string, unknown>>;
  readonly network: Readonly<Record<string, string>>;
  readonly clients: readonly Readonly<Record<string, string>>[];
}

/** The ensemble of a file, in place of a drawn one. */
export interface GivenEnsemble {
  readonly voters: number;
  readonly observers: number;
  readonly head: Omit<Head, 'mode'>;
}

export interface HuntPlan {
  readonly strategy: string;
  /** Of the world: delays, service times, which records a power loss keeps. */
  readonly seed: string;
  readonly head: Head;
  readonly servers: number;
  readonly driver: Driver;
  /** How long the run goes on after its faults have ended, virtual microseconds, once everything that liveness asks for is there. */
  readonly watchUs: number;
}

/** The state that a hunt's driver keeps in the world: `last` names the fault of its last step, null for none. */
export interface HuntState extends Item {
  readonly type: 'hunt';
  readonly step: number;
  readonly last: string | null;
}

export function isHuntState(state: Item): state is HuntState {
  return state.type === 'hunt';
}

/** A number of 0..limit-1. */
export type Below = (limit: number) => number;

/** Draws one after the other from a stream. */
export function drawsOf(key: DrawKey, stream: Stream): Below {
  let n = 0;
  return (limit) => drawBelow(key, stream, n++, limit);
}

export function pickFrom<T>(below: Below, list: readonly T[]): T {
  const item = list[below(list.length)];
  assert(item !== undefined, 'a pick from a list that is not empty');
  return item;
}

/** Small timeouts, so that elections and expiries take few events; everything optional is on, and containers and TTL nodes go within a run. */
export const QUICK_ENSEMBLE = {
  tickTime: '200ms',
  initLimit: '5',
  syncLimit: '3',
  cnxTimeout: '500ms',
  extendedTypesEnabled: 'true',
  enforceQuota: 'true',
  containerCheckInterval: '500ms',
  containerMaxNeverUsedInterval: '2s',
} as const;
export const QUICK_NETWORK = { retransmit: '50ms' } as const;

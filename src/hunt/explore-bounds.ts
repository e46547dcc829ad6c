/** How much may happen in an exploration: what the scenario's `explore` says, or the command line over it. */
import type { Exploration } from '../scenario/document.ts';

/** What is counted against a budget on the way. */
export const BUDGETS = ['crashes', 'powerLosses', 'restarts', 'breaks', 'partitions', 'timeouts', 'waits', 'transactions'] as const;
export type Budget = (typeof BUDGETS)[number];

export interface Bounds extends Readonly<Record<Budget, number>> {
  readonly order: 'bfs' | 'dfs';
  readonly depth: number;
  readonly states: number;
  readonly elections: number;
}

/** What is said over the file's head; absent for what is not. */
export type BoundOptions = Partial<Bounds>;

const STATES_MAX = 1_000_000;

export function boundsOf(explore: Exploration | undefined, over: BoundOptions): Bounds {
  const said = { ...explore, ...over };
  return {
    order: said.order ?? 'bfs',
    depth: said.depth ?? Infinity,
    states: said.states ?? STATES_MAX,
    crashes: said.crashes ?? 0,
    powerLosses: said.powerLosses ?? 0,
    restarts: said.restarts ?? 0,
    breaks: said.breaks ?? 0,
    partitions: said.partitions ?? 0,
    timeouts: said.timeouts ?? 0,
    waits: said.waits ?? 0,
    transactions: said.transactions ?? Infinity,
    elections: said.elections ?? Infinity,
  };
}

/** May time pass? Then which timeout comes next is part of a state. */
export function isTimed({ waits, timeouts }: Bounds): boolean {
  return waits > 0 || timeouts > 0;
}

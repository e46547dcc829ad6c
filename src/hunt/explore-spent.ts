/** What of a model is used up on the way to a state: budgets, the lines that are done, and what the clients were told. */
import { hashPlain, makeHash, type Lanes } from '../base/hash.ts';
import { BUDGETS, type Budget, type Bounds } from './explore-bounds.ts';

/** Immutable, and shared by all states for which it is the same. */
export interface Spent {
  readonly used: Readonly<Record<Budget, number>>;
  /** By sequence of lines: how many are done. */
  readonly done: readonly number[];
  /** By sequence: the call whose answer its next line waits for; -1 for none. */
  readonly calls: readonly number[];
  /** A server is cut off. */
  readonly isolated: boolean;
  /** What calls returned, in the order of their lines. */
  readonly results: readonly string[];
  readonly lanes: Lanes;
}

type Content = Omit<Spent, 'lanes'>;

const NONE: ReadonlySet<string> = new Set();

export function makeSpent(sequences: number): Spent {
  const used = { crashes: 0, powerLosses: 0, restarts: 0, breaks: 0, partitions: 0, timeouts: 0, waits: 0, transactions: 0 };
  const zeros = Array.from({ length: sequences }, () => 0);
  return sealed({ used, done: zeros, calls: zeros.map(() => -1), isolated: false, results: [] });
}

/** With the changes, and its hash. */
export function spend(spent: Spent, changes: Partial<Content>): Spent {
  return sealed({ ...spent, ...changes });
}

/** One more of a budget, or of none. */
export function charge({ used }: Spent, budget: Budget | null): Spent['used'] {
  return budget === null ? used : { ...used, [budget]: used[budget] + 1 };
}

export function isLeft({ used }: Spent, bounds: Bounds, budget: Budget): boolean {
  return used[budget] < bounds[budget];
}

function sealed({ used, done, calls, isolated, results }: Content): Spent {
  const lanes = makeHash();
  const counts = BUDGETS.map((budget) => used[budget]);
  hashPlain([counts, done, calls, isolated, results], NONE, lanes);
  return { used, done, calls, isolated, results, lanes };
}

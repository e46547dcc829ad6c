/** What of a model is used up on the way to a state: budgets, the lines that are done, and what the clients were told. */
import { hashPlain, makeHash, type Lanes } from '../base/hash.ts';
import { BUDGETS, type Budget, type Bounds } from './explore-bounds.ts';
import type { Answer } from './explore-local.ts';
import type { Move } from './explore-moves.ts';

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

/** What a move uses up, and what it was answered. */
export function spentOn(spent: Spent, move: Move, answers: readonly Answer[]): Spent {
  const moved = spentByMove(spent, move);
  if (answers.length === 0) return moved;
  return spend(moved, {
    calls: moved.calls.map((call) => (answers.some((answer) => answer.call === call) ? -1 : call)),
    results: [...moved.results, ...answers.map(({ text }) => text)].sort((a, b) => (a < b ? -1 : 1)),
  });
}

function spentByMove(spent: Spent, move: Move): Spent {
  if (move.type === 'event' && move.budget === null) return spent;
  const used = charge(spent, move.budget);
  if (move.type === 'event') return spend(spent, { used });
  if (move.type === 'fault') {
    const { type } = move.action;
    return spend(spent, { used, isolated: type === 'partition' || (spent.isolated && type !== 'heal') });
  }
  const { line, call } = move.line;
  const isAwaited = line.verb === 'operation' && line.async !== true;
  return spend(spent, {
    used,
    done: spent.done.map((count, i) => (i === move.sequence ? count + 1 : count)),
    calls: spent.calls.map((known, i) => (i === move.sequence && isAwaited ? call : known)),
  });
}

/** With the changes, and its hash. */
function spend(spent: Spent, changes: Partial<Content>): Spent {
  return sealed({ ...spent, ...changes });
}

/** One more of a budget, or of none. */
function charge({ used }: Spent, budget: Budget | null): Spent['used'] {
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

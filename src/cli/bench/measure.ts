/** Repetition: a warm-up of some seconds, for the engine compiles what runs often, then several runs of which the median counts. */

export interface Sample {
  readonly value: number;
  /** In the order measured. */
  readonly runs: readonly number[];
}

/** `run` returns the figure of one run; it is tried once at least, and for so long, before it counts. */
export function medianOf(repetitions: number, warmUpMs: number, run: () => number): Sample {
  const start = performance.now();
  do run();
  while (performance.now() - start < warmUpMs);
  const runs = Array.from({ length: repetitions }, run);
  return { value: quantile(runs, 0.5), runs };
}

/** The value that this share of all is at most. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Wall milliseconds that `act` takes. */
export function timed(act: () => void): number {
  const start = performance.now();
  act();
  return performance.now() - start;
}

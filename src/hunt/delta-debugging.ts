/** Delta debugging: the smallest part of a list that still does it, by taking away ever smaller pieces. */

/** Tells whether so much is enough; asking takes a while, and the asker looks up in between. */
export type Enough<T> = (kept: readonly T[]) => Generator<void, boolean>;

/** `items` are known to be enough. Of what comes back no single item can be spared. */
export function* smallestPart<T>(items: readonly T[], enough: Enough<T>): Generator<void, readonly T[]> {
  if (items.length === 0 || (yield* enough([]))) return [];
  let kept = items;
  let pieces = 2;
  while (kept.length > 1) {
    const size = Math.ceil(kept.length / pieces);
    const before = kept.length;
    // From the end: what stands early often has what stands late depend on it.
    for (let at = Math.ceil(kept.length / size) - 1; at >= 0; at--) {
      const rest = [...kept.slice(0, at * size), ...kept.slice((at + 1) * size)];
      if (rest.length > 0 && rest.length < kept.length && (yield* enough(rest))) kept = rest;
    }
    if (size > 1) pieces = Math.min(kept.length, pieces * 2);
    else if (kept.length === before) break;
  }
  return kept;
}

/** The same for two at a time, which may need one another: a crash and the restart after it. */
export function* withoutPairs<T>(items: readonly T[], enough: Enough<T>): Generator<void, readonly T[]> {
  let kept = items;
  for (let i = 0; i < kept.length; i++) {
    for (let j = i + 1; j < kept.length; j++) {
      const rest = kept.filter((_, at) => at !== i && at !== j);
      if (!(yield* enough(rest))) continue;
      kept = rest;
      j = i;
    }
  }
  return kept;
}

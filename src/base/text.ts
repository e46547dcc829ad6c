/* Order and likeness of texts. */

/** By UTF-16 unit, the one order of texts here: locales differ between machines. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The candidate most like `name`, for "did you mean", or null when none is near; of equals the first. Case does not count. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  let best: string | null = null;
  let limit = Math.min(3, Math.max(1, Math.floor(name.length / 3)));
  for (const candidate of candidates) {
    const edits = editsBetween(name.toLowerCase(), candidate.toLowerCase(), limit);
    if (edits <= limit) {
      best = candidate;
      limit = edits - 1;
    }
  }
  return best;
}

/**
 * How many insertions, removals, replacements and swaps of neighbours turn `a` into `b`, no unit edited twice (the restricted
 * Damerau-Levenshtein distance); some number above `limit` when there are more than that.
 */
export function editsBetween(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(
        Math.min(
          cell(previous, j) + 1,
          cell(row, j - 1) + 1,
          cell(previous, j - 1) + (same ? 0 : 1),
          swapped ? cell(beforePrevious, j - 2) + 1 : Infinity,
        ),
      );
    }
    beforePrevious = previous;
    previous = row;
  }
  return cell(previous, b.length);
}

function cell(row: readonly number[], j: number): number {
  return row[j] ?? Infinity;
}

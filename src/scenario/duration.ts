/** Durations with units, to virtual microseconds. */

const UNITS: readonly (readonly [unit: string, us: number])[] = [
  ['us', 1],
  ['ms', 1000],
  ['s', 1_000_000],
  ['min', 60_000_000],
  ['h', 3_600_000_000],
];

/** At most a thousand hours. */
const MAX_US = 3_600_000_000_000;

export const DURATION_PATTERN = '^[0-9]{1,9}(\\.[0-9]{1,6})? ?(us|ms|s|min|h)$';
const PARTS = /^(\d{1,9})(?:\.(\d{1,6}))? ?(us|ms|s|min|h)$/;

/** Microseconds of `200ms`, `1.5s`, `2min`; null when it is not a duration. */
export function parseDuration(text: string): number | null {
  const match = PARTS.exec(text.trim());
  if (match === null) return null;
  const unit = UNITS.find(([name]) => name === match[3])?.[1] ?? 0;
  const fraction = (match[2] ?? '').padEnd(6, '0');
  const us = Number(match[1]) * unit + Math.floor((Number(fraction) * unit) / 1_000_000);
  return us > MAX_US ? null : us;
}

/** `1.5s`, `200ms`, `30us`: the shortest exact form. */
export function formatDuration(us: number): string {
  if (us % 60_000_000 === 0 && us > 0) return `${us / 60_000_000}min`;
  for (const [unit, size] of [
    ['s', 1_000_000],
    ['ms', 1000],
  ] as const) {
    if (us >= size && us % (size / 1000) === 0) return `${us / size}${unit}`;
  }
  return `${us}us`;
}

export const DURATION_FORM = 'a duration with a unit, such as 200ms, 1.5s or 2min';

/** Virtual time and speed as text. Times are in virtual microseconds. */

/** `5.091 736 s`: to the microsecond, in groups, so that digits do not dance while time runs. */
export function timeText(us: number): string {
  const whole = Math.max(0, Math.floor(us));
  const fraction = String(whole % 1_000_000).padStart(6, '0');
  return `${Math.floor(whole / 1_000_000)}.${fraction.slice(0, 3)} ${fraction.slice(3)} s`;
}

/** `5.091 s`. */
export function shortTime(us: number): string {
  const ms = Math.max(0, Math.floor(us / 1000));
  return `${Math.floor(ms / 1000)}.${String(ms % 1000).padStart(3, '0')} s`;
}

/** A span: `420 us`, `1.5 ms`, `2 s`. */
export function spanText(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${trim(us / 1000)} ms`;
  return `${trim(us / 1_000_000)} s`;
}

function trim(n: number): string {
  return n >= 100 ? String(Math.round(n)) : String(Math.round(n * 10) / 10);
}

/** Virtual microseconds for each second that a person waits: 1, 2 and 5 of each decade, from 10 µs to 10 s. */
export const SPEEDS: readonly number[] = [10, 100, 1000, 10_000, 100_000, 1_000_000]
  .flatMap((decade) => [decade, 2 * decade, 5 * decade])
  .concat(10_000_000);

export const DEFAULT_SPEED = SPEEDS.indexOf(2000);

/** `2 ms/s`: how much of the run passes in one second. */
export function speedText(usPerSecond: number): string {
  return `${spanText(usPerSecond)}/s`;
}

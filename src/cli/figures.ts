/** Numbers as a person reads them, the same in every locale. */

/** Virtual microseconds as `1.204 s`. */
export function secondsText(us: number): string {
  return `${(Math.floor(us / 1000) / 1000).toFixed(3)} s`;
}

/** `12 345 678`. */
export function countText(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ' ');
}

/*
 * The one permutation of 64 bits under every hash and draw, as two 32-bit lanes. It uses only exact integer steps (Math.imul, xor, shift,
 * add), each of which can be undone, so it maps no two inputs to one output and every engine computes the same. A hash absorbs a word by
 * xor into the lanes and mixes; after two rounds every input bit has moved about half of the output bits.
 */

/** The result of the last `mix`: [lo, hi] as signed 32-bit integers. Read it before the next call; typed, so that no call allocates. */
export const mixed = new Int32Array(2);

/** Mixes the lanes (any 32-bit integers, signed or not) into `mixed`. */
export function mix(lo: number, hi: number): void {
  let a = Math.imul(lo, 0x85ebca6b);
  a ^= a >>> 16;
  let b = Math.imul(hi ^ a ^ 0x2545f491, 0xc2b2ae35);
  b ^= b >>> 15;
  a = Math.imul((a + b) | 0, 0x9e3779b1);
  a ^= a >>> 15;
  mixed[0] = a;
  mixed[1] = b ^ a;
}

/** The upper lane of a safe integer, negative ones in two's complement; the lower one is `n | 0`. Exact: 2^32 is a power of two. */
export function upperLane(n: number): number {
  return Math.floor(n / 0x1_0000_0000);
}

/* Adler-32 (RFC 1950): the checksum of transaction log records and snapshots (DISK-02). */

/** The unsigned checksum of `bytes`. To go on after earlier bytes, pass their checksum as `before`. */
export function adler32(bytes: Uint8Array, before = 1): number {
  let a = before & 0xffff;
  let b = before >>> 16;
  for (let start = 0; start < bytes.length;) {
    // 5552 is the most bytes for which b cannot pass 2^32 before the remainder is taken.
    const end = Math.min(start + 5552, bytes.length);
    for (; start < end; start++) {
      a += bytes[start] ?? 0;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}

/* CRC-32 (IEEE, reflected 0xedb88320): the checksum under the digest of a data tree (DIG-02). */
import type { Bytes } from './bytes.ts';

/** The remainder of each byte value. */
const remainders = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 0 ? crc >>> 1 : (crc >>> 1) ^ 0xedb88320;
  return crc;
});

/** The remainder of each byte value with one, two and three zero bytes behind it: with them a word goes in one round instead of four. */
const remainders1 = remainders.map((crc) => afterZero(crc));
const remainders2 = remainders1.map((crc) => afterZero(crc));
const remainders3 = remainders2.map((crc) => afterZero(crc));

function afterZero(crc: number): number {
  return (crc >>> 8) ^ (remainders[crc & 0xff] ?? 0);
}

/** The unsigned checksum of `bytes`. To go on after earlier bytes, pass their checksum as `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (remainders[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** `crc32` of a byte string, without making an array of it. */
export function crc32OfBytes(bytes: Bytes, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (remainders[(crc ^ bytes.charCodeAt(i)) & 0xff] ?? 0);
  return ~crc >>> 0;
}

/** `crc32` of 32-bit words whose bytes lie in network order. */
export function crc32OfWords(words: Int32Array, before = 0): number {
  let crc = ~before;
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    crc =
      (remainders3[(crc ^ (word >>> 24)) & 0xff] ?? 0) ^
      (remainders2[((crc >>> 8) ^ (word >>> 16)) & 0xff] ?? 0) ^
      (remainders1[((crc >>> 16) ^ (word >>> 8)) & 0xff] ?? 0) ^
      (remainders[((crc >>> 24) ^ word) & 0xff] ?? 0);
  }
  return ~crc >>> 0;
}

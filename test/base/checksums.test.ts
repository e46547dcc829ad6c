import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { adler32 } from '../../src/base/adler32.ts';
import { bytesOfArray } from '../../src/base/bytes.ts';
import { crc32, crc32OfBytes, crc32OfWords } from '../../src/base/crc32.ts';
import { encodeUtf8 } from '../../src/base/utf8.ts';

const ramp = Uint8Array.from({ length: 1 << 16 }, (_, i) => i);
const high = new Uint8Array(100_000).fill(255);

describe('known answers (zlib)', () => {
  test.each([
    ['', 0x0000_0001, 0x0000_0000],
    ['a', 0x0062_0062, 0xe8b7_be43],
    ['Wikipedia', 0x11e6_0398, 0xadaa_c02e],
    ['123456789', 0x091e_01de, 0xcbf4_3926],
  ])('%j', (text, adler, crc) => {
    expect(adler32(encodeUtf8(text))).toBe(adler);
    expect(crc32(encodeUtf8(text))).toBe(crc);
  });

  test('long inputs', () => {
    expect(adler32(ramp)).toBe(0xbbba_8772);
    expect(adler32(high)).toBe(0x149a_302c);
    expect(crc32(ramp)).toBe(0xb11d_e6a1);
    expect(crc32(high)).toBe(0x68c6_cec4);
  });
});

test('a checksum goes on from that of the bytes before, and a byte string has that of its array', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), fc.uint8Array({ maxLength: 50 }), (a, b) => {
      const whole = Uint8Array.from([...a, ...b]);
      expect(adler32(b, adler32(a))).toBe(adler32(whole));
      expect(crc32(b, crc32(a))).toBe(crc32(whole));
      expect(crc32OfBytes(bytesOfArray(b), crc32OfBytes(bytesOfArray(a)))).toBe(crc32(whole));
    }),
  );
});

test('words count as their bytes in network order', () => {
  fc.assert(
    fc.property(fc.int32Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 5 }), (words, before) => {
      const bytes = Buffer.alloc(4 * words.length);
      words.forEach((word, i) => bytes.writeInt32BE(word, 4 * i));
      expect(crc32OfWords(words, crc32(before))).toBe(crc32(bytes, crc32(before)));
    }),
  );
});

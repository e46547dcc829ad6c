import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8, utf8Length } from '../../src/base/utf8.ts';

/** Any sequence of UTF-16 units, lone surrogates included, biased towards the edges of UTF-8's lengths. */
const unit = fc.oneof(
  fc.constantFrom(0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfeff, 0xfffd, 0xffff),
  fc.integer({ min: 0, max: 0xffff }),
);
const anyText = fc.array(unit, { maxLength: 40 }).map((units) => String.fromCharCode(...units));
const leads = fc.constantFrom(
  0,
  0x7f,
  0x80,
  0x8f,
  0x90,
  0x9f,
  0xa0,
  0xbf,
  0xc0,
  0xc1,
  0xc2,
  0xdf,
  0xe0,
  0xed,
  0xef,
  0xf0,
  0xf4,
  0xf5,
  0xff,
);
const anyBytes = fc.array(fc.oneof(leads, fc.integer({ min: 0, max: 255 })), { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));

test('encodes any text as the engine does', () => {
  const engine = new TextEncoder();
  fc.assert(
    fc.property(anyText, (text) => {
      expect([...encodeUtf8(text)]).toEqual([...engine.encode(text)]);
      expect(utf8Length(text)).toBe(engine.encode(text).length);
    }),
    { numRuns: 3000 },
  );
});

test('decodes any bytes as the engine does, broken ones included', () => {
  const engine = new TextDecoder('utf-8', { ignoreBOM: true });
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expect(decodeUtf8(bytes)).toBe(engine.decode(bytes));
    }),
    { numRuns: 5000 },
  );
});

test('a lone surrogate becomes U+FFFD', () => {
  expect(decodeUtf8(encodeUtf8('a\ud800b'))).toBe('a\ufffdb');
});

test('long texts come back whole', () => {
  const text = 'aé€😀'.repeat(10_000);
  expect(decodeUtf8(encodeUtf8(text))).toBe(text);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeJavaUtf8, javaUtf8Length, putJavaUtf8 } from '../../src/wire/java-utf8.ts';
import { text } from '../support/any-packet.ts';

function javaUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(javaUtf8Length(text));
  expect(putJavaUtf8(bytes, 0, text)).toBe(bytes.length);
  return bytes;
}

/** Taken from `new String(bytes, UTF_8)` of Java 17; U+FFFD is written ?. */
const brokenPieces: readonly (readonly [hex: string, text: string])[] = [
  ['80', '?'],
  ['c0 80', '??'],
  ['c3', '?'],
  ['c3 41', '?A'],
  ['e0 80 80', '???'],
  ['e1 80', '?'],
  ['e1 80 41', '?A'],
  ['ed a0 80', '?'], // a surrogate is one piece; the Encoding Standard has three
  ['ed a0', '?'],
  ['ed a0 41', '?A'],
  ['ed a0 bd ed b8 80', '??'],
  ['f0 90 80', '?'],
  ['f0 80 80 80', '????'],
  ['f4 90 80 80', '????'],
  ['f5 80', '??'],
  ['41 f0 9f 98 80 42', 'A\u{1f600}B'],
  ['ef bf bf', '\uffff'],
  ['ef bb bf 41', '\ufeffA'],
];

for (const [hex, text] of brokenPieces) {
  test(`${hex} is read as Java reads it`, () => {
    const bytes = Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
    expect(decodeJavaUtf8(bytes)).toBe(text.replaceAll('?', '\ufffd'));
  });
}

test('what has no surrogates comes back, and is the UTF-8 that everybody writes', () => {
  fc.assert(
    fc.property(text, (text) => {
      const bytes = javaUtf8(text);
      expect(decodeJavaUtf8(bytes)).toBe(text);
      expect(Buffer.compare(bytes, Buffer.from(text))).toBe(0);
    }),
  );
});

test('a character beyond U+FFFF is written by its two units, and comes back as two broken pieces', () => {
  expect(Buffer.from(javaUtf8('\u{1f600}')).toString('hex')).toBe('eda0bdedb880');
  expect(decodeJavaUtf8(javaUtf8('a\u{1f600}'))).toBe('a\ufffd\ufffd');
});

test('real UTF-8 of any length is read as the engine reads it', () => {
  const long = 'aé€\u{1f600}'.repeat(5000);
  expect(decodeJavaUtf8(Buffer.from(long))).toBe(long);
});

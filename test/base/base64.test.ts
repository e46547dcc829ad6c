import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64OfBytes, bytesOfBase64 } from '../../src/base/base64.ts';
import { bytesOfArray, bytesOfUtf8 } from '../../src/base/bytes.ts';

test.for([
  ['', ''],
  ['f', 'Zg=='],
  ['fo', 'Zm8='],
  ['foo', 'Zm9v'],
  ['foob', 'Zm9vYg=='],
  ['fooba', 'Zm9vYmE='],
  ['foobar', 'Zm9vYmFy'],
] as const)('the vectors of RFC 4648: "%s" is "%s"', ([text, base64]) => {
  expect(base64OfBytes(bytesOfUtf8(text))).toBe(base64);
  expect(bytesOfBase64(base64)).toBe(text);
});

test('any bytes read back, and as Node writes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (array) => {
      const bytes = bytesOfArray(array);
      expect(base64OfBytes(bytes)).toBe(Buffer.from(array).toString('base64'));
      expect(bytesOfBase64(base64OfBytes(bytes))).toBe(bytes);
    }),
  );
});

test.for(['Z', 'Zg', 'Zg=', 'Zg===', 'Zh==', 'Zm9=', 'Zm8=Zm8=', 'Zm 9', 'Zm9\n', '====', 'Zm_-'])('"%s" is no base64', (text) => {
  expect(bytesOfBase64(text)).toBeNull();
});

/*
 * UTF-8 as ZooKeeper's Java has it. Reading differs from the Encoding Standard in one point: the three bytes of a surrogate are one broken
 * piece, not three. Writing is Jute's own, which knows no surrogate pairs: each UTF-16 unit is one to three bytes, so that a character
 * beyond U+FFFF comes back from a server as two broken pieces.
 */
import { pointAt, putUnits, textOfUnits } from '../base/utf8.ts';

const replacement = 0xfffd;

/** The text of `bytes`; each broken piece becomes one U+FFFD. */
export function decodeJavaUtf8(bytes: Uint8Array): string {
  return isAscii(bytes) ? textOfUnits(bytes) : textOfUnits(unitsOf(bytes));
}

function isAscii(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] ?? 0) > 0x7f) return false;
  return true;
}

/** No byte makes more than one unit. */
function unitsOf(bytes: Uint8Array): Uint16Array {
  const units = new Uint16Array(bytes.length);
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const size = sequenceLength(bytes, at);
    end = putUnits(units, end, size > 0 ? pointAt(bytes, at, size) : replacement);
    at += Math.abs(size);
  }
  return units.subarray(0, end);
}

/** The length of the sequence at `at`, or minus the length of the broken piece there. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // The second byte's bounds keep out overlong forms and points above U+10FFFF.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < low || second > high) return -1;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return -i;
  const isSurrogate = lead === 0xed && second >= 0xa0;
  return isSurrogate ? -3 : length;
}

/** How many bytes `putJavaUtf8` makes of `text`. */
export function javaUtf8Length(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) length += unit > 0x7ff ? 2 : 1;
  }
  return length;
}

/** Writes `text` from `start` on; returns where it ends. */
export function putJavaUtf8(bytes: Uint8Array, start: number, text: string): number {
  let at = start;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) {
      bytes[at++] = unit;
      continue;
    }
    if (unit < 0x800) {
      bytes[at++] = 0xc0 | (unit >> 6);
    } else {
      bytes[at++] = 0xe0 | (unit >> 12);
      bytes[at++] = 0x80 | ((unit >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (unit & 0x3f);
  }
  return at;
}

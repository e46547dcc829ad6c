/* UTF-8 as the Encoding Standard has it, without the engine's TextEncoder: the pure layers have none. A byte order mark is kept. */

const replacement = 0xfffd;

/** The bytes of `text`; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(utf8Length(text));
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const point = codePointOf(text, i);
    if (point > 0xffff) i++;
    at = putPoint(bytes, at, point);
  }
  return bytes;
}

/** How many bytes `encodeUtf8` makes of `text`. */
export function utf8Length(text: string): number {
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const point = codePointOf(text, i);
    if (point > 0xffff) i++;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return length;
}

function codePointOf(text: string, i: number): number {
  const point = text.codePointAt(i) ?? replacement;
  return point >= 0xd800 && point <= 0xdfff ? replacement : point;
}

function putPoint(bytes: Uint8Array, start: number, point: number): number {
  let at = start;
  if (point < 0x80) {
    bytes[at++] = point;
    return at;
  }
  if (point < 0x800) {
    bytes[at++] = 0xc0 | (point >> 6);
  } else {
    if (point < 0x1_0000) {
      bytes[at++] = 0xe0 | (point >> 12);
    } else {
      bytes[at++] = 0xf0 | (point >> 18);
      bytes[at++] = 0x80 | ((point >> 12) & 0x3f);
    }
    bytes[at++] = 0x80 | ((point >> 6) & 0x3f);
  }
  bytes[at++] = 0x80 | (point & 0x3f);
  return at;
}

/** The text of `bytes`; each longest piece of a broken sequence becomes one U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length); // no byte makes more than one unit
  let end = 0;
  for (let at = 0; at < bytes.length;) {
    const length = sequenceLength(bytes, at);
    end = putUnits(units, end, length > 0 ? pointAt(bytes, at, length) : replacement);
    at += Math.abs(length);
  }
  return textOfUnits(units.subarray(0, end));
}

/** By pieces, since a call takes only so many arguments. */
export function textOfUnits(units: Uint8Array | Uint16Array): string {
  if (units.length <= 4096) return textOfSome(units);
  let text = '';
  for (let at = 0; at < units.length; at += 4096) text += textOfSome(units.subarray(at, at + 4096));
  return text;
}

/** By apply, since to spread a typed array takes ten times as long; it takes any ArrayLike, which its type does not say. */
function textOfSome(units: ArrayLike<number>): string {
  return String.fromCharCode.apply(null, units as number[]);
}

/** The length of the valid sequence at `at`, or minus the length of the broken piece there. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  // The second byte's bounds keep out overlong forms, surrogates and points above U+10FFFF.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[at + 1] ?? 0;
  if (second < low || second > high) return -1;
  for (let i = 2; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return -i;
  return length;
}

/** The point of a valid sequence of `length` bytes. */
export function pointAt(bytes: Uint8Array, at: number, length: number): number {
  const lead = bytes[at] ?? 0;
  if (length === 1) return lead;
  let point = lead & (0x7f >> length);
  for (let i = 1; i < length; i++) point = (point << 6) | ((bytes[at + i] ?? 0) & 0x3f);
  return point;
}

/** Writes the one or two units of `point`; returns where they end. */
export function putUnits(units: Uint16Array, at: number, point: number): number {
  if (point < 0x1_0000) {
    units[at] = point;
    return at + 1;
  }
  units[at] = 0xd800 + ((point - 0x1_0000) >> 10);
  units[at + 1] = 0xdc00 + (point & 0x3ff);
  return at + 2;
}

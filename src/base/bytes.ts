/*
 * Immutable byte strings: znode data, passwords. A string in which each UTF-16 unit 0..255 is one byte: plain data that engines store as one
 * byte each, that JSON holds, and that `===`, tables and hashes take as they are.
 */
import { assert } from './assert.ts';
import { decodeUtf8, encodeUtf8, textOfUnits } from './utf8.ts';

declare const brand: unique symbol;

/** Made only by the functions below. `a < b` orders by unsigned bytes, `===` compares content. */
export type Bytes = string & { readonly [brand]: true };

export const noBytes: Bytes = brandOf('');

/** The one door to the brand: the caller knows that every unit is a byte. */
function brandOf(units: string): Bytes {
  return units as Bytes;
}

export function bytesOfArray(array: Uint8Array | readonly number[]): Bytes {
  return array instanceof Uint8Array ? brandOf(textOfUnits(array)) : bytesOfUnits(textOfUnits(Uint16Array.from(array)));
}

export function arrayOfBytes(bytes: Bytes): Uint8Array {
  const array = new Uint8Array(bytes.length);
  putBytes(array, 0, bytes);
  return array;
}

/** Writes `bytes` into `array` from `start` on. */
export function putBytes(array: Uint8Array, start: number, bytes: Bytes): void {
  for (let i = 0; i < bytes.length; i++) array[start + i] = bytes.charCodeAt(i);
}

/** Takes a string that holds one byte a unit already, as after JSON. Throws Bug when it does not. */
export function bytesOfUnits(units: string): Bytes {
  assert(/^[\0-\xff]*$/.test(units), 'a unit above 255 is not a byte');
  return brandOf(units);
}

/** The UTF-8 form of `text`; a lone surrogate becomes U+FFFD. */
export function bytesOfUtf8(text: string): Bytes {
  // ASCII is its own UTF-8 form.
  return /^[\0-\x7f]*$/.test(text) ? brandOf(text) : bytesOfArray(encodeUtf8(text));
}

/** The text that `bytes` are the UTF-8 form of; what is no UTF-8 becomes U+FFFD. */
export function utf8OfBytes(bytes: Bytes): string {
  return /^[\0-\x7f]*$/.test(bytes) ? bytes : decodeUtf8(arrayOfBytes(bytes));
}

/** Reads pairs of hex digits. Throws Bug on anything else. */
export function bytesOfHex(hex: string): Bytes {
  assert(/^([0-9a-f]{2})*$/i.test(hex), () => `'${hex}' is not pairs of hex digits`);
  let units = '';
  for (let i = 0; i < hex.length; i += 2) units += String.fromCharCode(parseInt(hex.slice(i, i + 2), 16));
  return brandOf(units);
}

/** Two lowercase digits a byte. */
export function hexOfBytes(bytes: Bytes): string {
  let hex = '';
  for (let i = 0; i < bytes.length; i++) hex += byteAt(bytes, i).toString(16).padStart(2, '0');
  return hex;
}

export function bytesLength(bytes: Bytes): number {
  return bytes.length;
}

/** 0..255. Throws Bug outside the string. */
export function byteAt(bytes: Bytes, i: number): number {
  assert(i >= 0 && i < bytes.length, () => `byte ${i} of ${bytes.length}`);
  return bytes.charCodeAt(i);
}

export function concatBytes(...pieces: readonly Bytes[]): Bytes {
  return brandOf(pieces.join(''));
}

/** Bytes `start` to before `end`, with both within the string. */
export function sliceBytes(bytes: Bytes, start: number, end: number = bytes.length): Bytes {
  assert(start >= 0 && start <= end && end <= bytes.length, () => `bytes ${start} to ${end} of ${bytes.length}`);
  return brandOf(bytes.slice(start, end));
}

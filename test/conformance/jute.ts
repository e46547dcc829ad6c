// Jute, as little of it as scripts need, and on purpose not the codec of src: what one wrote wrongly and the other read wrongly would look right.
// Writing is made of parts, so that a script can also send what no well-meaning client would.

import { Buffer } from 'node:buffer';

export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function long(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt.asIntN(64, BigInt(value)));
  return bytes;
}

export function bool(value: boolean): Buffer {
  return Buffer.from([value ? 1 : 0]);
}

/** A buffer, or a text in UTF-8; null has the length -1. */
export function buffer(value: Buffer | string | null): Buffer {
  if (value === null) return int(-1);
  const bytes = Buffer.from(value);
  return Buffer.concat([int(bytes.length), bytes]);
}

export function vector(items: readonly Buffer[] | null): Buffer {
  return items === null ? int(-1) : Buffer.concat([int(items.length), ...items]);
}

/** With its length in front, as it goes over the wire. */
export function framed(...parts: readonly Buffer[]): Buffer {
  return buffer(Buffer.concat(parts));
}

export interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function take(r: Reader, length: number): Buffer {
  if (length < 0 || r.at + length > r.bytes.length) throw new RangeError(`${length} bytes wanted at ${r.at} of ${r.bytes.length}`);
  r.at += length;
  return r.bytes.subarray(r.at - length, r.at);
}

export function readInt(r: Reader): number {
  return take(r, 4).readInt32BE();
}

export function readLong(r: Reader): bigint {
  return take(r, 8).readBigInt64BE();
}

export function readBool(r: Reader): boolean {
  return take(r, 1)[0] !== 0;
}

export function readBuffer(r: Reader): Buffer | null {
  const length = readInt(r);
  return length === -1 ? null : take(r, length);
}

export function readText(r: Reader): string | null {
  return readBuffer(r)?.toString('utf8') ?? null;
}

export function readVector<T>(r: Reader, item: (r: Reader) => T): T[] | null {
  const count = readInt(r);
  if (count === -1) return null;
  if (count < 0 || count > r.bytes.length - r.at) throw new RangeError(`a vector of ${count}`);
  return Array.from({ length: count }, () => item(r));
}

export function rest(r: Reader): Buffer {
  return take(r, r.bytes.length - r.at);
}

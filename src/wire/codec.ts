/* Codecs: each says once, for both directions, how a value lies in a frame. Records are built from them field by field, in wire order. */
import { hexOfBytes, bytesOfHex, noBytes, type Bytes } from '../base/bytes.ts';
import type { Int64 } from '../base/int64.ts';
import {
  bytesLeft,
  readBoolean,
  readBuffer,
  readInt,
  readInt64,
  readLong,
  readString,
  readVector,
  WireError,
  type Reader,
} from './reader.ts';
import { writeBoolean, writeBuffer, writeInt, writeInt64, writeLong, writeString, writeVector, type Writer } from './writer.ts';

export interface Codec<T> {
  readonly read: (from: Reader) => T;
  readonly write: (to: Writer, value: T) => void;
}

export type Fields<T> = { readonly [Name in keyof T]: Codec<T[Name]> };

/** The fields one after the other, as they are listed. */
export function record<Value extends object>(fields: Fields<Value>): Codec<Value> {
  return fieldsBehind(() => ({}), fields);
}

/** A record whose `op` is known otherwise: from a header, or from what was asked. */
export function tagged<Op extends string, Rest extends object>(op: Op, fields: Fields<Rest>): Codec<{ readonly op: Op } & Rest> {
  return fieldsBehind(() => ({ op }), fields);
}

/** A record without fields. */
export function bare<Op extends string>(op: Op): Codec<{ readonly op: Op }> {
  return fieldsBehind(() => ({ op }), {});
}

/** `begin` is a function, because a literal that grows is thirty times as fast as one that begins as a copy. */
function fieldsBehind<Given extends object, Rest extends object>(begin: () => Given, fields: Fields<Rest>): Codec<Given & Rest> {
  const entries = Object.entries(fields) as [keyof Rest, Codec<unknown>][];
  return {
    read: (from) => {
      const value = begin() as Record<keyof Rest, unknown>;
      for (const [name, codec] of entries) value[name] = codec.read(from);
      return value as Given & Rest;
    },
    write: (to, value) => {
      for (const [name, codec] of entries) codec.write(to, value[name]);
    },
  };
}

export const int: Codec<number> = { read: readInt, write: writeInt };
export const boolean: Codec<boolean> = { read: readBoolean, write: writeBoolean };
/** An id: 16 hex digits. */
export const id64: Codec<Int64> = { read: readInt64, write: writeInt64 };
/** A zxid, a time, a ttl. */
export const long: Codec<number> = { read: readLong, write: writeLong };
export const buffer: Codec<Bytes | null> = { read: readBuffer, write: writeBuffer };
export const string: Codec<string | null> = { read: readString, write: writeString };

/** For what Java would look into and find null: the record cannot be used. */
export const text: Codec<string> = { read: (from) => nonNull(from, readString(from), 'a string'), write: writeString };
/** For what Java takes null in, and treats it as it treats the empty string. */
export const textOrNone: Codec<string> = { read: (from) => readString(from) ?? '', write: writeString };
/** A buffer as hex digits. */
export const hexBuffer: Codec<string> = {
  read: (from) => hexOfBytes(readBuffer(from) ?? noBytes),
  write: (to, hex) => writeBuffer(to, bytesOfHex(hex)),
};
/** A last boolean that old clients do not have: null is its absence (WIRE-04). */
export const lastBoolean: Codec<boolean | null> = {
  read: (from) => (bytesLeft(from) > 0 ? readBoolean(from) : null),
  write: (to, value) => {
    if (value !== null) writeBoolean(to, value);
  },
};

export const texts: Codec<readonly string[]> = vector(4, text);

function nonNull<T>(from: Readonly<Reader>, value: T | null, what: string): T {
  if (value === null) throw new WireError(`byte ${from.at - 4}: expected ${what}, found null`);
  return value;
}

/** `bytesMin` is the least that an item takes: a count that cannot be true is refused by it. */
export function vector<T>(bytesMin: number, item: Codec<T>): Codec<readonly T[]> {
  return {
    read: (from) => nonNull(from, readVector(from, bytesMin, item.read), 'a vector'),
    write: (to, items) => writeVector(to, items, item.write),
  };
}

/** A null vector is an empty one. */
export function vectorOrNone<T>(bytesMin: number, item: Codec<T>): Codec<readonly T[]> {
  return { read: (from) => readVector(from, bytesMin, item.read) ?? [], write: (to, items) => writeVector(to, items, item.write) };
}

/** `codec` behind an int that says nothing: a version or a type that is always 0. */
export function behindZero<T>(codec: Codec<T>): Codec<T> {
  return {
    read: (from) => {
      readInt(from);
      return codec.read(from);
    },
    write: (to, value) => {
      writeInt(to, 0);
      codec.write(to, value);
    },
  };
}

/** What is not on the wire: reads as `value`, whatever was written. */
export function constant<T>(value: T): Codec<T> {
  return { read: () => value, write: () => undefined };
}

/*
 * The only dictionary for keys from outside: paths, session ids, names. A plain object would lose '__proto__', find 'constructor' in an empty
 * one, and move '1' before 'a'; a Map keeps any text, in insertion order. Read and write it with the Map's own methods.
 */
import { compareText } from './text.ts';

export type Table<V> = Map<string, V>;
export type TableEntries<V> = readonly (readonly [key: string, value: V])[];

export function makeTable<V>(entries: TableEntries<V> = []): Table<V> {
  return new Map(entries);
}

/** A table with the same values: they are shared, not copied. */
export function copyTable<V>(table: ReadonlyMap<string, V>): Table<V> {
  return new Map(table);
}

/** The keys by UTF-16 unit, for where their order can be seen. */
export function sortedKeys(table: ReadonlyMap<string, unknown>): string[] {
  return [...table.keys()].sort(compareText);
}

/** The entries in insertion order: what JSON can hold; `makeTable` is the way back. */
export function entriesOf<V>(table: ReadonlyMap<string, V>): [key: string, value: V][] {
  return [...table];
}

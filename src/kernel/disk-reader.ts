/** Files as a process sees them, through the page cache. */
import { peek, type Parts, type Ref } from '../base/parts.ts';
import type { FileReader, Item } from '../base/step.ts';
import { sortedKeys } from '../base/table.ts';
import { CHUNK_RECORDS, type DiskPart, type FilePart } from './disk-state.ts';

export function makeFileReader(parts: Parts, disk: Ref<DiskPart>): FileReader {
  const fileOf = (name: string): Readonly<FilePart> | null => {
    const ref = peek(parts, disk).files.get(name);
    return ref === undefined ? null : peek(parts, ref);
  };
  return {
    names: () => sortedKeys(peek(parts, disk).files),
    exists: (name) => peek(parts, disk).files.has(name),
    records: (name) => fileOf(name)?.length ?? 0,
    record: (name, index) => recordOf(parts, fileOf(name), index),
    bytes: (name) => fileOf(name)?.bytes ?? 0,
  };
}

function recordOf(parts: Parts, file: Readonly<FilePart> | null, index: number): Item | null {
  if (file === null || index < 0 || index >= file.length) return null;
  const chunk = file.chunks[Math.floor(index / CHUNK_RECORDS)];
  return chunk === undefined ? null : (peek(parts, chunk).records[index % CHUNK_RECORDS] ?? null);
}

/** Files as a process sees them, through the page cache. */
import { peek, type Parts, type Ref } from '../base/parts.ts';
import type { FileReader } from '../base/step.ts';
import { sortedKeys } from '../base/table.ts';
import type { DiskPart, FilePart } from './disk-state.ts';
import { recordAt } from './file.ts';

export function makeFileReader(parts: Parts, disk: Ref<DiskPart>): FileReader {
  const fileOf = (name: string): Readonly<FilePart> | null => {
    const ref = peek(parts, disk).files.get(name);
    return ref === undefined ? null : peek(parts, ref);
  };
  return {
    names: () => sortedKeys(peek(parts, disk).files),
    exists: (name) => peek(parts, disk).files.has(name),
    records: (name) => fileOf(name)?.length ?? 0,
    record: (name, index) => {
      const file = fileOf(name);
      return file === null ? null : recordAt(file, index);
    },
    bytes: (name) => fileOf(name)?.bytes ?? 0,
  };
}

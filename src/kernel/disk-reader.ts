/** Files as a process sees them, through the page cache. */
import { peek, type Parts, type Ref } from '../base/parts.ts';
import type { FileReader, Item } from '../base/step.ts';
import { sortedKeys } from '../base/table.ts';
import type { DiskPart, FilePart } from './disk-state.ts';
import { recordAt } from './file.ts';

export class DiskReader implements FileReader {
  private readonly parts: Parts;
  private readonly disk: Ref<DiskPart>;

  constructor(parts: Parts, disk: Ref<DiskPart>) {
    this.parts = parts;
    this.disk = disk;
  }

  names(): readonly string[] {
    return sortedKeys(peek(this.parts, this.disk).files);
  }

  exists(file: string): boolean {
    return peek(this.parts, this.disk).files.has(file);
  }

  records(file: string): number {
    return this.fileOf(file)?.length ?? 0;
  }

  record(file: string, index: number): Item | null {
    const found = this.fileOf(file);
    return found === null ? null : recordAt(found, index);
  }

  bytes(file: string): number {
    return this.fileOf(file)?.bytes ?? 0;
  }

  private fileOf(name: string): Readonly<FilePart> | null {
    const ref = peek(this.parts, this.disk).files.get(name);
    return ref === undefined ? null : peek(this.parts, ref);
  }
}

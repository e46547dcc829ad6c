/** Writes a session to a file as it goes, so that a crash of the gateway keeps what led to it. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { hashText } from '../base/hash.ts';
import type { InputEntry } from '../ensemble/timeline.ts';
import type { World } from '../kernel/world.ts';
import { InputError } from '../scenario/input-error.ts';
import type { SessionEnd, SessionHead } from './session-file.ts';

export interface Recording {
  readonly add: (entry: InputEntry) => void;
  /** Writes what was added since. */
  readonly flush: () => void;
  readonly close: (world: World) => void;
}

/** A disk that takes no more ends the recording, not what is recorded. */
export function openRecording(file: string, head: SessionHead, log: (line: string) => void): Recording {
  const handle = open(file);
  let lines = '';
  let isOver = false;
  const write = (): void => {
    if (lines === '' || isOver) return;
    try {
      writeSync(handle, lines);
    } catch (error) {
      isOver = true;
      log(`the recording ends here: ${file} cannot be written: ${messageOf(error)}`);
    }
    lines = '';
  };
  const add = (line: object): void => {
    if (!isOver) lines += `${JSON.stringify(line)}\n`;
  };
  add(head);
  write();
  return {
    add,
    flush: write,
    close: (world) => {
      const end: SessionEnd = { events: world.events, traceHash: hashText(world.hash) };
      add(end);
      write();
      closeSync(handle);
    },
  };
}

function open(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (error) {
    throw new InputError({ file: '--record', line: 0, column: 0 }, `the file cannot be written: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

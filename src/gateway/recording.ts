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

export function openRecording(file: string, head: SessionHead): Recording {
  const handle = open(file);
  let lines = `${JSON.stringify(head)}\n`;
  const flush = (): void => {
    if (lines === '') return;
    writeSync(handle, lines);
    lines = '';
  };
  flush();
  return {
    add: (entry) => void (lines += `${JSON.stringify(entry)}\n`),
    flush,
    close: (world) => {
      const end: SessionEnd = { events: world.events, traceHash: hashText(world.hash) };
      lines += `${JSON.stringify(end)}\n`;
      flush();
      closeSync(handle);
    },
  };
}

function open(file: string): number {
  try {
    return openSync(file, 'w');
  } catch (error) {
    throw new InputError(
      { file: '--record', line: 0, column: 0 },
      `the file cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

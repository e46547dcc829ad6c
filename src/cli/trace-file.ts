/**
 * `--trace OUT`: the events of a run as NDJSON. The first line says which run it is; then one line for each event, with its input, its effect and all
 * its notes, and the event that caused it. `at` is virtual microseconds; `node` counts in
 * the first line's list of nodes.
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { traceEventOf } from '../ensemble/trace.ts';
import { threadName } from '../kernel/choose.ts';
import type { EventRecord } from '../kernel/world.ts';
import { InputError } from '../scenario/input-error.ts';
import type { Run } from '../scenario/run-scenario.ts';

export interface TraceFile {
  readonly add: (record: EventRecord) => void;
  readonly close: () => void;
}

const FLUSH_AT = 65_536;

/** Throws InputError when the file cannot be written. */
export function openTraceFile(path: string, run: Run): TraceFile {
  const { scenario, seed, preset, mutations, mode, ensemble } = run;
  const handle = asInput(path, () => openSync(path, 'w'));
  let buffer = '';
  const flush = (): void => {
    const text = buffer;
    buffer = '';
    asInput(path, () => writeSync(handle, text));
  };
  const line = (value: unknown): void => {
    buffer += `${JSON.stringify(value)}\n`;
    if (buffer.length > FLUSH_AT) flush();
  };
  const nodes = ensemble.world.nodes.map(({ name }) => name);
  line({ formatVersion: 1, scenario: scenario.document.name, seed, preset, mutations: mutations.map(({ id }) => id), mode, nodes });
  return {
    add: (record) => {
      const { id, at, node, thread, ...rest } = traceEventOf(record);
      line({ id, at, node, thread: node === -1 || thread === -1 ? null : threadName(ensemble.world, node, thread), ...rest });
    },
    close: () => {
      flush();
      closeSync(handle);
    },
  };
}

function asInput<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new InputError(
      { file: '--trace', line: 0, column: 0 },
      `"${path}" cannot be written (${error.message}), expected the name of a new file`,
    );
  }
}

/**
 * Where a command reads and writes: the two streams, whether a person looks on, and whether they asked to stop. Commands get it handed in, so
 * that tests can look at what was printed.
 */
import { setImmediate } from 'node:timers/promises';
import pc from 'picocolors';

export type Colours = ReturnType<typeof pc.createColors>;

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Each function leaves its text as it is when stdout is not a terminal. */
  readonly colours: Colours;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Columns to wrap prose at. */
  readonly columns: number;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Lets signals in and tells whether Ctrl-C was pressed. */
  readonly breathe: () => Promise<boolean>;
  /** Ctrl-C, or the signal with which others end a process. */
  readonly untilInterrupted: () => Promise<void>;
}

const WIDEST = 100;

/** The terminal of this process. A second Ctrl-C ends it at once. */
export function processTerminal(): Terminal {
  const { stdout, stderr } = process;
  // Undefined where the stream is no terminal, whatever its type says; picocolors would then look at CI.
  const [outIsTerminal, errIsTerminal] = [Boolean(stdout.isTTY), Boolean(stderr.isTTY)];
  let interrupts = 0;
  process.on('SIGINT', () => {
    interrupts += 1;
    if (interrupts > 1) process.exit(130);
  });
  return {
    out: writerTo(stdout),
    err: writerTo(stderr),
    colours: pc.createColors(outIsTerminal && pc.isColorSupported),
    outIsTerminal,
    errIsTerminal,
    columns: Math.min(WIDEST, outIsTerminal ? stdout.columns : WIDEST),
    readStdin: readAll,
    breathe: async () => {
      await setImmediate();
      return interrupts > 0;
    },
    untilInterrupted: () =>
      new Promise((resolve) => {
        if (interrupts > 0) resolve();
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      }),
  };
}

/** `zablab run ... | head` closes the pipe early: what is written from then on goes nowhere, and the verdict still sets the exit code. */
function writerTo(stream: NodeJS.WriteStream): (text: string) => void {
  let isOpen = true;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    isOpen = false;
    if (error.code !== 'EPIPE') process.exitCode = 2;
  });
  return (text) => {
    if (isOpen) stream.write(text);
  };
}

async function readAll(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** One line on stderr that is written over, for a person who waits; nothing when stderr is not a terminal. */
export interface Progress {
  readonly show: (text: () => string) => void;
  readonly clear: () => void;
}

const SHOW_EVERY_MS = 200;

export function makeProgress(terminal: Terminal): Progress {
  let shownAt = performance.now();
  let isShown = false;
  return {
    show: (text) => {
      if (!terminal.errIsTerminal || performance.now() - shownAt < SHOW_EVERY_MS) return;
      shownAt = performance.now();
      isShown = true;
      terminal.err(`\r\u001B[2K${text()}`);
    },
    clear: () => {
      if (isShown) terminal.err('\r\u001B[2K');
      isShown = false;
    },
  };
}

/** Words of a text in lines of at most `columns`, each after `indent`. */
export function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((word) => word !== '')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(indent + line);
  return lines.join('\n');
}

/** `s`, `3 s` beside each other in columns as wide as their widest entry. */
export function table(rows: readonly (readonly string[])[], indent = '  '): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) => `${indent}${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ')}\n`)
    .join('');
}

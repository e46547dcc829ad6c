// Clients in processes of their own: one that runs to its end, and one that is talked with line by line.

import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';

export type Environment = Readonly<Record<string, string>>;

export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Runs a command to its end; what lasts too long is killed with all that it started. */
export function runToEnd(command: string, args: readonly string[], env: Environment, withinMs: number): Promise<Ended> {
  const child = spawn(command, args, { env: { ...process.env, ...env }, detached: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => (output += bytes.toString()));
  const alarm = setTimeout(() => {
    output += `\nkilled after ${withinMs} ms`;
    killGroup(child);
  }, withinMs);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => {
      clearTimeout(alarm);
      resolve({ status, output });
    });
  });
}

export interface Conversation {
  say(line: string): void;
  /** Waits for the pattern in what was not heard yet, and counts all up to its end as heard. */
  hear(pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>;
  /** Says the line and waits for the pattern. */
  ask(line: string, pattern: RegExp, withinMs?: number): Promise<RegExpExecArray>;
  /** Everything so far. */
  transcript(): string;
  end(): Promise<void>;
}

export function talkWith(command: string, args: readonly string[], env: Environment = {}): Conversation {
  const child = spawn(command, args, { env: { ...process.env, ...env }, detached: true });
  let transcript = '';
  let heard = 0;
  let wake = (): void => {};
  let closed: string | null = null;
  const closing = new Promise<void>((resolve) => {
    child.on('error', (error) => (closed = error.message));
    child.on('close', (status, signal) => {
      closed ??= `it ended: ${signal ?? status}`;
      wake();
      resolve();
    });
  });
  child.stdin.on('error', (error) => (closed ??= error.message));
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      transcript += bytes.toString();
      wake();
    });
  }

  const hear = async (pattern: RegExp, withinMs = 20_000): Promise<RegExpExecArray> => {
    const deadline = Date.now() + withinMs;
    for (;;) {
      const found = pattern.exec(transcript.slice(heard));
      if (found !== null) {
        heard += found.index + found[0].length;
        return found;
      }
      const leftMs = deadline - Date.now();
      if (closed !== null || leftMs <= 0) {
        throw new Error(`${pattern} was not heard (${closed ?? `${withinMs} ms`}) after:\n${transcript.slice(heard)}`);
      }
      await new Promise<void>((resolve) => {
        const alarm = setTimeout(resolve, leftMs);
        wake = () => {
          clearTimeout(alarm);
          resolve();
        };
      });
    }
  };
  const say = (line: string): void => void child.stdin.write(`${line}\n`);
  return {
    say,
    hear,
    ask: async (line, pattern, withinMs = 5_000) => {
      say(line);
      try {
        return await hear(pattern, withinMs);
      } catch (error) {
        throw new Error(`after '${line}'`, { cause: error });
      }
    },
    transcript: () => transcript,
    end: async () => {
      killGroup(child);
      await closing;
    },
  };
}

function killGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, 'SIGKILL');
}

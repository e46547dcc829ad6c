/** `zablab replay` of a session that `zablab serve --record` wrote down: the same inputs, without clocks and sockets. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { replaySession, type SessionReplay } from '../gateway/replay-session.ts';
import { isSessionFile, parseSession } from '../gateway/session-file.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { countText, secondsText } from './figures.ts';
import { makeProgress, type Terminal } from './terminal.ts';

/** What a recorded session's replay prints with --json. */
export interface SessionReplayJson {
  readonly formatVersion: 1;
  readonly session: string;
  /** Null where the recording has no end to compare with. */
  readonly same: boolean | null;
  readonly events: number;
  readonly inputs: number;
  readonly virtualMs: number;
  readonly traceHash: string;
  readonly expectedTraceHash: string | null;
}

/** Does that file hold a recorded session? Whatever else it is, is for others to say. */
export function namesSession(named: string): boolean {
  const start = Buffer.alloc(64);
  try {
    const handle = openSync(named, 'r');
    try {
      return isSessionFile(start.toString('utf8', 0, readSync(handle, start, 0, start.length, 0)));
    } finally {
      closeSync(handle);
    }
  } catch {
    return false; // no file, a folder, a pipe
  }
}

export async function replayRecorded(file: string, asJson: boolean, terminal: Terminal): Promise<ExitCode> {
  const session = parseSession(readFileSync(file, 'utf8'), file);
  const progress = makeProgress(terminal);
  const replay = replaySession(session, file);
  let replayed: SessionReplay | null = null;
  while (replayed === null) {
    const { done, value } = replay.next();
    if (done === true) replayed = value;
    else progress.show(() => `${countText(value)} events`);
    if (await terminal.breathe()) return EXIT.interrupted;
    await setImmediate();
  }
  progress.clear();
  const same = replayed.expected === null ? null : replayed.expected === replayed.traceHash;
  terminal.out(asJson ? `${JSON.stringify(jsonOf(file, replayed, same), null, 2)}\n` : textOf(replayed, same, terminal));
  return same === false ? EXIT.failed : EXIT.ok;
}

function jsonOf(
  session: string,
  { events, inputs, virtualUs, traceHash, expected }: SessionReplay,
  same: boolean | null,
): SessionReplayJson {
  return {
    formatVersion: 1,
    session,
    same,
    events,
    inputs,
    virtualMs: Math.floor(virtualUs / 1000),
    traceHash,
    expectedTraceHash: expected,
  };
}

function textOf({ events, inputs, virtualUs, traceHash, expected }: SessionReplay, same: boolean | null, { colours }: Terminal): string {
  const verdict =
    same === null
      ? 'The recording has no end, so that there is nothing to compare with.'
      : same
        ? colours.green('It is the same run.')
        : colours.red(`It is another run: the recording has trace ${expected ?? ''}.`);
  return `${countText(inputs)} inputs, ${countText(events)} events, ${secondsText(virtualUs)} simulated\ntrace ${traceHash}\n${verdict}\n`;
}

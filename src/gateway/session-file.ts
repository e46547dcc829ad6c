/**
 * The file of a recorded session, one JSON object a line: first what is served and how, then each input as it entered, last how many events
 * there were and the hash of their trace. It replays without clocks and sockets.
 */
import { z } from 'zod';
import type { Action } from '../ensemble/action.ts';
import type { InputEntry } from '../ensemble/timeline.ts';
import { hashNamed } from './digest-hashes.ts';
import { InputError } from '../scenario/input-error.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { openRun, type Run } from '../scenario/run-scenario.ts';
import { sessionActionOf } from './session-action.ts';

const FORMAT = 'zablab session';

/** Overrides in the terms of ZooConfig and ServerConfig. */
const settings = z.record(z.string(), z.union([z.number(), z.boolean(), z.string(), z.null(), z.array(z.string())]));

const sessionHead = z.object({
  format: z.literal(FORMAT),
  formatVersion: z.literal(1),
  /** Of Zablab: another one may run otherwise. */
  version: z.string(),
  /** As messages name what is served. */
  file: z.string(),
  /** The text of the scenario. */
  scenario: z.string(),
  /** Null where the scenario says it. */
  seed: z.string().nullable(),
  preset: z.string().nullable(),
  mutations: z.array(z.string()).nullable(),
  /** Microseconds since 1970. */
  startUs: z.int(),
  zoo: settings,
  server: settings,
});

export type SessionHead = z.output<typeof sessionHead>;

const inputEntry = z.object({ after: z.int().min(0), at: z.int().min(0), action: z.unknown().transform(actionOf) });
const sessionEnd = z.object({ events: z.int().min(0), traceHash: z.string() });

export type SessionEnd = z.output<typeof sessionEnd>;

export interface Session {
  readonly head: SessionHead;
  readonly inputs: readonly InputEntry[];
  /** Null where whoever recorded it did not come to an end. */
  readonly end: SessionEnd | null;
}

export function makeHead(head: Omit<SessionHead, 'format' | 'formatVersion'>): SessionHead {
  return { format: FORMAT, formatVersion: 1, ...head };
}

/** Does the text begin like such a file? */
export function isSessionFile(text: string): boolean {
  return text.startsWith(`{"format":"${FORMAT}"`);
}

/** Throws InputError. A last line that was cut off by a crash is left out. */
export function parseSession(text: string, file: string): Session {
  const lines = text.split('\n');
  const rest = lines.pop() ?? ''; // behind the last newline: nothing, or what a crash cut off
  const head = read(sessionHead, lines[0] ?? rest, { file, line: 1 });
  const inputs: InputEntry[] = [];
  let end: SessionEnd | null = null;
  for (const [i, line] of lines.entries()) {
    if (i === 0) continue;
    if (end !== null) throw new InputError({ file, line: i + 1, column: 1 }, 'found a line behind the end of the session');
    if (line.startsWith('{"events"')) end = read(sessionEnd, line, { file, line: i + 1 });
    else inputs.push(entryOf(line, inputs.at(-1), { file, line: i + 1 }));
  }
  return { head, inputs, end };
}

interface LinePlace {
  readonly file: string;
  readonly line: number;
}

function actionOf(value: unknown, ctx: z.RefinementCtx): Action {
  try {
    return sessionActionOf(value);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    for (const { path, message } of error.issues) ctx.addIssue({ code: 'custom', path, message });
    return z.NEVER;
  }
}

function entryOf(text: string, before: InputEntry | undefined, place: LinePlace): InputEntry {
  const entry = read(inputEntry, text, place);
  if (before !== undefined && (entry.after <= before.after || entry.at < before.at))
    throw new InputError({ ...place, column: 1 }, `found an input after event ${entry.after}, expected one later than the line before`);
  return entry;
}

function read<S extends z.ZodType>(schema: S, text: string, place: LinePlace): z.output<S> {
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') : String(error);
    throw new InputError({ ...place, column: 1 }, `found no line of a recorded session: ${why}`);
  }
}

/** The run that is served, as it is before anything has happened. Throws InputError. */
export function openSession({ scenario, file, seed, preset, mutations, startUs, zoo, server }: SessionHead): Run {
  return openRun(parseScenario(scenario, file), {
    ...(seed === null ? {} : { seed }),
    ...(preset === null ? {} : { preset }),
    ...(mutations === null ? {} : { mutations }),
    serving: { startUs, zoo, server: withHash(server) },
  });
}

/** What is written down names the hash. Throws InputError. */
function withHash({ digestAlg, ...server }: SessionHead['server']) {
  if (digestAlg === undefined) return server;
  const digestHash = hashNamed(String(digestAlg));
  if (digestHash === null)
    throw new InputError(
      { file: 'server.digestAlg', line: 0, column: 0 },
      `found "${String(digestAlg)}", expected SHA1, SHA-256 or SHA-512`,
    );
  return { ...server, digestHash };
}

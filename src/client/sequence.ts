/** Commands of zkCli that are several requests: what such a program asks, gets and tells. run-sequence.ts runs them. */
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode, Result } from '../server/protocol.ts';
import type { ClientOperation, SequenceOperation } from './items.ts';

/** What an operation came to. */
export interface Answer {
  readonly error: ErrorCode;
  readonly result: Result | null;
}

/** What the library tells its caller: the first error of a multi that failed, whose header says OK all the same (MULTI-03). */
export function errorOf({ error, result }: Answer): ErrorCode {
  if (error !== 'OK' || result?.op !== 'multi') return error;
  return result.results.find((part) => part.error !== 'OK')?.error ?? 'OK';
}

/** A line of output, before wording. */
export type Told =
  | { readonly key: 'path'; readonly path: string }
  /** StatsTrack's texts. */
  | { readonly key: 'quota'; readonly limits: string; readonly usage: string }
  | { readonly key: 'no-quota'; readonly path: string }
  /** What is used already is more than the new quota allows. */
  | { readonly key: 'beyond-quota'; readonly limit: 'count' | 'bytes'; readonly usage: number }
  /** There is a quota above or below, and there may be one only. */
  | { readonly key: 'other-quota'; readonly where: 'parent' | 'child'; readonly path: string }
  | { readonly key: 'not-all-deleted' }
  | { readonly key: 'acl-not-set'; readonly path: string; readonly error: ErrorCode }
  /** A guarded write: what was written at which zxid, and the node by which the writer held the lock. */
  | { readonly key: 'written'; readonly path: string; readonly zxid: Zxid; readonly lock: string };

/** Where zkCli complains of the arguments itself, without a code from the server, the error is BADARGUMENTS. */
export interface SequenceOutcome {
  readonly error: ErrorCode;
  readonly told: readonly Told[];
}

/** A recipe waits for an event on `path`, where it left a watch. `before` is the node that stands before its own. */
export interface Await {
  readonly op: 'await';
  readonly path: string;
  readonly before: string;
}

/** What a program asks for next. */
export type Asked = ClientOperation | Await;

export type Program<T = SequenceOutcome> = Generator<Asked, T, Answer>;

/** One under way, of the call with that number. Immutable. */
export interface RunningSequence {
  readonly call: number;
  readonly command: SequenceOperation;
  readonly answers: readonly Answer[];
  /** The name of its nodes, and the node by which the application holds what the command is about, when it began. */
  readonly tag: string;
  readonly held: string | null;
  /** Events since it began that it has not asked for yet, by path; and the path whose event it waits for. */
  readonly heard: readonly string[];
  readonly waits: string | null;
}

export function beginSequence(command: SequenceOperation, call: number, client: string, held: string | null): RunningSequence {
  return { call, command, answers: [], tag: tagOf(client, call), held, heard: [], waits: null };
}

/** No two calls have the same: by it a client knows its own node again after a connection was lost. */
export function tagOf(client: string, call: number): string {
  return `${client}-${call}`;
}

const SEQUENCES: ReadonlySet<string> = new Set<SequenceOperation['op']>([
  'deleteall',
  'ls-recursive',
  'setAcl-recursive',
  'lock',
  'unlock',
  'guarded-set',
  'elect',
  'resign',
  'offer',
  'take',
  'enter',
  'leave',
  'setquota',
  'listquota',
  'delquota',
]);

export function isSequence(operation: { readonly op: string }): operation is SequenceOperation {
  return SEQUENCES.has(operation.op);
}

/** What the page and its worker say to each other. The worker owns the run; the page asks for pictures of it. */
import type { Frame, Want } from '../src/view/frame.ts';

/** An act of the person at the page, as a line of a script in YAML (JSON is YAML): after which event, at what virtual time. */
export interface Click {
  readonly after: number;
  readonly at: number;
  readonly line: string;
}

export type Destination =
  /** The moment, running on at the head as far as needed. */
  | { readonly time: number }
  | { readonly event: number }
  /** The next or the last event, of one node when it is not -1. */
  | { readonly step: 1 | -1; readonly node: number }
  /** The next or the last event of the story. */
  | { readonly story: 1 | -1 }
  | { readonly stay: true };

export type Request =
  | {
      readonly type: 'open';
      readonly text: string;
      readonly file: string;
      /** Null: the scenario's own. */
      readonly seed: string | null;
      readonly clicks: readonly Click[];
      /** Where to begin; null for the start, ready to play. */
      readonly event: number | null;
      readonly want: Want;
    }
  | { readonly type: 'frame'; readonly to: Destination; readonly want: Want }
  /** `line` is a script line as JSON, such as {"kill":"s3"}. */
  | { readonly type: 'act'; readonly line: string; readonly time: number; readonly want: Want }
  | { readonly type: 'branch'; readonly index: number; readonly want: Want };

export type ToWorker = Request & { readonly id: number };

export interface NodeInfo {
  readonly node: number;
  readonly name: string;
  readonly kind: 'server' | 'client';
}

export interface RunInfo {
  readonly name: string;
  readonly about: string;
  readonly seed: string;
  readonly preset: string;
  readonly mutations: readonly string[];
  readonly nodes: readonly NodeInfo[];
}

export interface BranchInfo {
  readonly active: number;
  /** One for each branch: the event it left its parent at, and how long it is. The first is the run as its scenario has it. */
  readonly branches: readonly { readonly from: number; readonly parent: number; readonly events: number }[];
}

/** A broken promise of the simulator: what to say, and how to get there again. */
export interface BugInfo {
  readonly message: string;
  readonly seed: string;
  /** The event that threw. */
  readonly event: number;
  readonly at: number;
}

export type Reply =
  | {
      readonly type: 'opened';
      readonly run: RunInfo;
      readonly frame: Frame;
      readonly branches: BranchInfo;
      readonly clicks: readonly Click[];
      readonly bug: BugInfo | null;
    }
  | {
      readonly type: 'frame';
      readonly frame: Frame;
      readonly branches: BranchInfo;
      readonly clicks: readonly Click[];
      readonly bug: BugInfo | null;
      readonly branched: boolean;
    }
  /** A mistake in what a person wrote: nothing has changed. */
  | { readonly type: 'refused'; readonly message: string; readonly line: number }
  /** The worker itself failed. */
  | { readonly type: 'failed'; readonly message: string };

export type FromWorker = (Reply & { readonly id: number }) | { readonly type: 'progress'; readonly events: number; readonly goal: number };

const TYPES: readonly unknown[] = ['open', 'frame', 'act', 'branch'];

/** What arrives at the worker's door is one of these; anything else is refused with the reason. */
export function checkRequest(data: unknown): ToWorker {
  if (!isRecord(data)) throw new TypeError('a message that is no record');
  const { type, id, want } = data;
  if (typeof id !== 'number' || !TYPES.includes(type)) throw new TypeError(`an unknown message: ${String(type)}`);
  if (!isWant(want)) throw new TypeError(`a ${String(type)} message without what is wanted`);
  if (type === 'open' && isOpen(data)) return { ...data, id, want };
  if (type === 'frame' && isDestination(data['to'])) return { type, id, want, to: data['to'] };
  if (type === 'act' && typeof data['line'] === 'string' && isTime(data['time']))
    return { type, id, want, line: data['line'], time: data['time'] };
  if (type === 'branch' && isIndex(data['index'])) return { type, id, want, index: data['index'] };
  throw new TypeError(`a malformed ${String(type)} message`);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}

function isIndex(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isOpen(data: Record<string, unknown>): data is Extract<Request, { readonly type: 'open' }> & Record<string, unknown> {
  const { text, file, seed, clicks, event } = data;
  return (
    typeof text === 'string' &&
    typeof file === 'string' &&
    (seed === null || typeof seed === 'string') &&
    (event === null || isIndex(event)) &&
    Array.isArray(clicks) &&
    clicks.every(isClick)
  );
}

export function isClick(value: unknown): value is Click {
  return isRecord(value) && isIndex(value['after']) && isTime(value['at']) && typeof value['line'] === 'string';
}

function isDestination(value: unknown): value is Destination {
  if (!isRecord(value)) return false;
  if ('time' in value) return isTime(value['time']);
  if ('event' in value) return isIndex(value['event']);
  if ('step' in value) return (value['step'] === 1 || value['step'] === -1) && typeof value['node'] === 'number';
  if ('story' in value) return value['story'] === 1 || value['story'] === -1;
  return value['stay'] === true;
}

function isWant(value: unknown): value is Want {
  if (!isRecord(value)) return false;
  const { logColumns, tree, inspector, list, console, properties, marksFrom } = value;
  const numbers = [logColumns, tree, console, marksFrom].every((n) => typeof n === 'number');
  return (
    numbers &&
    (inspector === 'none' || inspector === 'cursor' || inspector === 'story') &&
    typeof properties === 'boolean' &&
    (list === null || isList(list))
  );
}

function isList(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { mode, first, count } = value;
  return (mode === 'story' || mode === 'all') && (first === 'cursor' || isIndex(first)) && isIndex(count) && count <= 200;
}

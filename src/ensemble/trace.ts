/**
 * The stored trace: columns in typed arrays, 32 bytes an event, in blocks. It says who did what when and because of which event; the full
 * event, with its notes and reasons, is made again by replay. Of a run that goes on for ever the oldest blocks are forgotten.
 */
import { assert } from '../base/assert.ts';
import type { Effect, Item } from '../base/step.ts';
import type { EventRecord } from '../kernel/world.ts';
import type { Note } from './note.ts';

const BLOCK = 65_536;
/** Four million events. */
const BLOCKS_MAX = 64;
const KINDS_MAX = 65_536;

interface Block {
  readonly at: Float64Array;
  readonly thread: Float64Array;
  readonly zxid: Float64Array;
  readonly cause: Uint32Array;
  readonly node: Int16Array;
  /** Index into `kinds`. */
  readonly kind: Uint16Array;
}

export interface Trace {
  /** null: forgotten. */
  readonly blocks: (Block | null)[];
  /** The first event whose row is still there. */
  first: number;
  length: number;
  /** Names of what happened: `input>effect`. */
  readonly kinds: string[];
  readonly kindIndex: Map<string, Map<string, number>>;
}

export function makeTrace(): Trace {
  return { blocks: [], first: 1, length: 0, kinds: [], kindIndex: new Map() };
}

/** One stored row. Event numbers start at 1. */
export interface TraceRow {
  readonly id: number;
  readonly at: number;
  readonly node: number;
  readonly thread: number;
  readonly kind: string;
  readonly zxid: number;
  readonly cause: number;
}

export function appendRow(trace: Trace, record: EventRecord): void {
  const index = trace.length % BLOCK;
  if (index === 0 && trace.length === trace.blocks.length * BLOCK) addBlock(trace);
  const block = trace.blocks[Math.floor(trace.length / BLOCK)];
  assert(block !== undefined && block !== null, 'a block for the row');
  assert(record.id === trace.length + 1, 'rows in the order of events');
  block.at[index] = record.at;
  block.thread[index] = record.thread;
  block.zxid[index] = zxidOf(record);
  block.cause[index] = record.cause;
  block.node[index] = record.node;
  block.kind[index] = kindIndexOf(trace, record);
  trace.length += 1;
}

function addBlock(trace: Trace): void {
  const { blocks } = trace;
  blocks.push(makeBlock());
  const forgotten = blocks.length - BLOCKS_MAX;
  if (forgotten <= 0) return;
  blocks[forgotten - 1] = null;
  trace.first = Math.max(trace.first, forgotten * BLOCK + 1);
}

function makeBlock(): Block {
  return {
    at: new Float64Array(BLOCK),
    thread: new Float64Array(BLOCK),
    zxid: new Float64Array(BLOCK),
    cause: new Uint32Array(BLOCK),
    node: new Int16Array(BLOCK),
    kind: new Uint16Array(BLOCK),
  };
}

/** The item a packet, an enqueue or an append carries, else the input. */
export function subjectOf(record: { readonly input: Item | null; readonly effect: Effect | null }): Item | null {
  const { effect, input } = record;
  if (effect !== null) {
    if (effect.type === 'send') return effect.packet;
    if (effect.type === 'append') return effect.record;
    if (effect.type === 'enqueue' || effect.type === 'start') return effect.item;
  }
  return input;
}

function zxidOf(record: EventRecord): number {
  return subjectOf(record)?.zxid ?? record.input?.zxid ?? -1;
}

function kindIndexOf(trace: Trace, record: EventRecord): number {
  const input = record.input === null ? '' : record.input.type;
  const effect = record.effect === null ? '' : record.effect.type;
  let byEffect = trace.kindIndex.get(input);
  if (byEffect === undefined) {
    byEffect = new Map();
    trace.kindIndex.set(input, byEffect);
  }
  let index = byEffect.get(effect);
  if (index === undefined) {
    index = trace.kinds.length;
    assert(index < KINDS_MAX, 'too many names of what happens');
    trace.kinds.push(effect === '' ? input : `${input}>${effect}`);
    byEffect.set(effect, index);
  }
  return index;
}

/** Row of event `id`, or null when it is not in the trace. */
export function rowOf(trace: Trace, id: number): TraceRow | null {
  if (id < trace.first || id > trace.length) return null;
  const block = trace.blocks[Math.floor((id - 1) / BLOCK)];
  const i = (id - 1) % BLOCK;
  if (block === undefined || block === null) return null;
  return {
    id,
    at: block.at[i] ?? 0,
    node: block.node[i] ?? -1,
    thread: block.thread[i] ?? -1,
    kind: trace.kinds[block.kind[i] ?? 0] ?? '',
    zxid: block.zxid[i] ?? -1,
    cause: block.cause[i] ?? 0,
  };
}

/** The same trace up to event `id`, to be gone on with: full blocks are shared, the one that is written to is copied. */
export function copyTrace(trace: Trace, id: number): Trace {
  const length = Math.min(trace.length, id);
  const blocks = trace.blocks.slice(0, Math.ceil(length / BLOCK));
  const last = blocks[blocks.length - 1];
  const isForgotten = length < trace.first;
  if (length % BLOCK !== 0) blocks[blocks.length - 1] = isForgotten || last === undefined || last === null ? makeBlock() : copyBlock(last);
  const kindIndex: Trace['kindIndex'] = new Map();
  for (const [input, byEffect] of trace.kindIndex) kindIndex.set(input, new Map(byEffect));
  return { blocks, first: isForgotten ? length + 1 : trace.first, length, kinds: trace.kinds.slice(), kindIndex };
}

function copyBlock({ at, thread, zxid, cause, node, kind }: Block): Block {
  return { at: at.slice(), thread: thread.slice(), zxid: zxid.slice(), cause: cause.slice(), node: node.slice(), kind: kind.slice() };
}

/** Bytes that the rows take. */
export function traceBytes(trace: Trace): number {
  return trace.blocks.filter((block) => block !== null).length * BLOCK * 32;
}

/** A full event: what a row says, with its input, effect and notes. */
export interface TraceEvent {
  readonly id: number;
  readonly at: number;
  readonly node: number;
  readonly thread: number;
  readonly actor: EventRecord['actor'];
  readonly input: Item | null;
  readonly effect: Effect | null;
  readonly cause: number;
  readonly notes: readonly Note[];
}

/** A copy of the record that stays. */
export function traceEventOf(record: EventRecord): TraceEvent {
  const { id, at, node, thread, actor, input, effect, cause } = record;
  return { id, at, node, thread, actor, input, effect, cause, notes: record.notes.slice() as Note[] };
}

/** A machine with one process: up, paused, or down; its threads, ports and counters. */
import { makePartKind, type Ref } from '../base/parts.ts';
import type { LinkId, ThreadId } from '../base/step.ts';
import type { Table } from '../base/table.ts';
import type { ThreadPart } from './thread-state.ts';

/** down: the process ended, the machine answers (refuses). off: the machine is silent. */
export type Power = 'up' | 'down' | 'off';

/** A connection that waits to be accepted. */
export interface Waiting {
  readonly link: LinkId;
  readonly from: number;
  readonly at: number;
  readonly cause: number;
}

/** Threads that are held up while the rest of the process goes on. */
export interface Stall {
  readonly kind: number;
  /** null: all of the kind. */
  readonly key: number | null;
  /** Infinity: until somebody lets them go. */
  readonly until: number;
  /** null: every thread of the kind, those to come as well. */
  readonly threads: readonly ThreadId[] | null;
}

export interface NodePart {
  readonly name: string;
  readonly index: number;
  power: Power;
  paused: boolean;
  stalls: readonly Stall[];
  /** Counts process starts. */
  process: number;
  /** Live threads. */
  threads: Map<ThreadId, Ref<ThreadPart>>;
  /** Slots of threads that wait to accept, or for the end of another one: hints, so that neither asks every thread. */
  waiters: readonly Ref<ThreadPart>[];
  /** Bound ports and the connections that wait to be accepted. */
  ports: Table<{ readonly backlog: readonly Waiting[] }>;
  /** Draws made from each named stream. */
  draws: Table<number>;
}

/** The threads speak for themselves. */
export const NODE = makePartKind<NodePart>('node', {
  copy: (part) => ({ ...part, threads: new Map(part.threads), ports: new Map(part.ports), draws: new Map(part.draws) }),
  essence: ({ power, paused, stalls, ports }) => [
    power,
    paused,
    stalls.map(({ kind, key, threads }) => [kind, key, threads]),
    new Map([...ports].map(([port, { backlog }]) => [port, backlog.map(({ link }) => link)])),
  ],
});

export function makeNodePart(name: string, index: number): NodePart {
  return {
    name,
    index,
    power: 'down',
    paused: false,
    stalls: [],
    process: 0,
    threads: new Map(),
    waiters: [],
    ports: new Map(),
    draws: new Map(),
  };
}

/** A machine with one process: up, paused, or down; its threads, ports and counters. */
import { makePartKind } from '../base/parts.ts';
import type { Ref } from '../base/parts.ts';
import type { ThreadId } from '../base/step.ts';
import type { Table } from '../base/table.ts';
import type { ThreadPart } from './thread-state.ts';

/** down: the process ended, the machine answers (refuses). off: the machine is silent. */
export type Power = 'up' | 'down' | 'off';

export interface NodePart {
  readonly name: string;
  readonly index: number;
  power: Power;
  paused: boolean;
  /** Counts process starts. */
  process: number;
  /** Live threads. */
  threads: Map<ThreadId, Ref<ThreadPart>>;
  /** Bound ports and the connections that wait to be accepted. */
  ports: Table<{ backlog: readonly { readonly link: number; readonly from: number; readonly at: number; readonly cause: number }[] }>;
  /** Connections dialled so far: names their draws. */
  dialled: number;
  /** Draws made from each named stream. */
  draws: Table<number>;
  /** Links with an end here. */
  links: number[];
}

export const NODE = makePartKind<NodePart>('node', {
  copy: (part) => ({ ...part, threads: new Map(part.threads), ports: new Map(part.ports), draws: new Map(part.draws), links: part.links.slice() }),
  skip: ['draws', 'process', 'dialled', 'at', 'cause'],
});

export function makeNodePart(name: string, index: number): NodePart {
  return { name, index, power: 'down', paused: false, process: 0, threads: new Map(), ports: new Map(), dialled: 0, draws: new Map(), links: [] };
}

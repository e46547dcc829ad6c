/** Whoever acts on the world from outside by a script: its state is a part, so that it forks and replays with everything else. */
import { makePartKind } from '../base/parts.ts';
import type { Item } from '../base/step.ts';
import type { Enabled } from './choose.ts';
import type { World } from './world.ts';

export interface DriverPart {
  /** When its next line runs; Infinity while it waits for a condition or is done. */
  dueAt: number;
  /** After each event `wakes` is asked. */
  watching: boolean;
  /** The driver's own immutable state: replaced, never changed. */
  state: Item;
}

export interface Driver {
  /** While watching: does the condition hold now? It must not change the world. */
  readonly wakes: (world: World, state: Item) => boolean;
  /** Runs one line as one event; sets `dueAt`, `watching` and `state` of its part. */
  readonly step: (world: World, part: DriverPart) => void;
  /** While events are chosen: the one to run in place of a line, and takes it off its list; null for a line. */
  readonly choose?: (world: World) => Enabled | null;
}

export const DRIVER = makePartKind<DriverPart>('driver', { copy: (part) => ({ ...part }), skip: ['dueAt'] });

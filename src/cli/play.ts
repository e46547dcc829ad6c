/** Runs a scenario in the foreground: in slices, so that Ctrl-C is heard; an error of ours comes out with what is needed to see it again. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import { describe, threadName } from '../kernel/choose.ts';
import type { EventRecord, World } from '../kernel/world.ts';
import { InputError } from '../scenario/input-error.ts';
import { resultOf, type Run, type RunResult } from '../scenario/run-scenario.ts';
import { clickedSlices } from './clicks.ts';
import { countText, secondsText } from './figures.ts';
import type { Click } from './link.ts';
import { makeProgress, type Terminal } from './terminal.ts';

/** A step threw: the run cannot go on. Carries where it stood. */
export class BrokenRun extends Error {
  override readonly name = 'BrokenRun';
  readonly run: Run;
  /** The scenario as it was named. */
  readonly named: string;
  /** What the event was, in words. */
  readonly event: string;

  constructor(run: Run, named: string, cause: unknown) {
    const { world } = run.ensemble;
    super(`event ${world.record.id} threw`, { cause });
    this.run = run;
    this.named = named;
    this.event = `event ${world.record.id} at ${secondsText(world.record.at)}: ${eventWords(world, world.record)}`;
  }
}

export interface Played {
  readonly result: RunResult;
  /** False when Ctrl-C came first: then the result is what was known so far. */
  readonly isComplete: boolean;
  readonly wallMs: number;
}

const SLICE_EVENTS = 5000;

/** A run that somebody asked for: as it was named, and what they did to it at the page. */
export interface Asked {
  readonly run: Run;
  readonly named: string;
  readonly clicks: readonly Click[];
}

export async function play({ run, named, clicks }: Asked, terminal: Terminal, onEvent?: (ensemble: Ensemble) => void): Promise<Played> {
  const start = performance.now();
  const progress = makeProgress(terminal);
  const { world } = run.ensemble;
  const slices = clickedSlices(run, clicks, SLICE_EVENTS, onEvent);
  let isComplete = false;
  try {
    for (;;) {
      isComplete = slices.next().done === true;
      progress.show(() => `${secondsText(world.now)} simulated, ${countText(world.events)} events`);
      if (isComplete || (await terminal.breathe())) break;
    }
  } catch (error) {
    throw error instanceof InputError ? error : new BrokenRun(run, named, error);
  } finally {
    progress.clear();
  }
  return { result: resultOf(run, run.ensemble, run.companion), isComplete, wallMs: performance.now() - start };
}

function eventWords(world: World, record: EventRecord): string {
  const node = world.nodes[record.node]?.name;
  const actor = record.thread === -1 || node === undefined ? record.actor : threadName(world, record.node, record.thread);
  const input = record.input === null ? '' : ` got ${describe(record.input)}`;
  const effect = record.effect === null ? '' : `, performing ${record.effect.type}`;
  return `${node === undefined ? '' : `${node} `}${actor}${input}${effect}`;
}

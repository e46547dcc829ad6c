/** How fast events run under write load: bare, with the properties, and with trace and checkpoints. */
import { copyChecker, makeChecker, observeEvent, type Checker } from '../../check/checker.ts';
import type { Ensemble } from '../../ensemble/ensemble.ts';
import { advance, makeTimeline, type Companion, type Timeline } from '../../ensemble/timeline.ts';
import { runUntil } from '../../kernel/run.ts';
import type { Mode } from '../../kernel/world.ts';
import { figureOf, type Figure } from './figure.ts';
import { answersIn, makeLoaded, settle } from './load.ts';
import { medianOf, timed, type Sample } from './measure.ts';

export interface Size {
  readonly events: number;
  readonly repetitions: number;
  readonly warmUpMs: number;
}

/** Writes before the clock starts: the leader is elected and every znode is there. */
const SETTLED = 200;

export function measureThroughput(mode: Mode, size: Size): Figure[] {
  const wall = wallOf(size, () => {
    const ensemble = checked(makeLoaded(mode));
    settle(ensemble, SETTLED);
    return timed(() => void runUntil(ensemble.world, Infinity, size.events));
  });
  const { writes, messages, virtualUs } = contentOf(mode, size.events);
  return [
    figureOf(`events-${mode}`, perSecond(size.events, wall)),
    figureOf(`writes-${mode}`, perSecond(writes, wall)),
    figureOf(`messages-${mode}`, perSecond(messages, wall)),
    figureOf(`pace-${mode}`, perSecond(virtualUs / 1_000_000, wall)),
  ];
}

export function measureBare(size: Size): Figure {
  const wall = wallOf(size, () => {
    const ensemble = makeLoaded('coarse');
    settle(ensemble, SETTLED);
    return timed(() => void runUntil(ensemble.world, Infinity, size.events));
  });
  return figureOf('events-bare', perSecond(size.events, wall));
}

export function measureTraced(size: Size): Figure {
  const wall = wallOf(size, () => {
    const timeline = timelineOf(makeLoaded('coarse'));
    settle(timeline.head, SETTLED);
    return timed(() => void advance(timeline, Infinity, size.events));
  });
  return figureOf('events-traced', perSecond(size.events, wall));
}

/** A run with its history and its properties, as the page has it. */
export function timelineOf(ensemble: Ensemble): Timeline {
  return makeTimeline(ensemble, companionOf(makeChecker(ensemble)));
}

function companionOf(checker: Checker): Companion {
  return { onEvent: (ensemble) => observeEvent(checker, ensemble), copy: () => companionOf(copyChecker(checker)) };
}

function checked(ensemble: Ensemble): Ensemble {
  const checker = makeChecker(ensemble);
  ensemble.world.observe = () => observeEvent(checker, ensemble);
  return ensemble;
}

function wallOf({ repetitions, warmUpMs }: Size, run: () => number): Sample {
  return medianOf(repetitions, warmUpMs, run);
}

function perSecond(amount: number, wall: Sample): Sample {
  return { value: (amount / wall.value) * 1000, runs: wall.runs.map((ms) => (amount / ms) * 1000) };
}

/** What the measured stretch holds: the same in every repetition. */
function contentOf(mode: Mode, events: number): { readonly writes: number; readonly messages: number; readonly virtualUs: number } {
  const ensemble = makeLoaded(mode);
  const { world } = ensemble;
  settle(ensemble, SETTLED);
  const start = world.now;
  let writes = 0;
  let messages = 0;
  world.observe = () => {
    writes += answersIn(world);
    if (world.record.input?.type === 'packet') messages += 1;
  };
  runUntil(world, Infinity, events);
  return { writes, messages, virtualUs: world.now - start };
}

import { describe, expect, test } from 'vitest';
import { drawBelow, makeKey, streamOf } from '../../src/base/draw.ts';
import { copyChecker, makeChecker, observeEvent, reportOf, type Checker } from '../../src/check/checker.ts';
import type { Action } from '../../src/ensemble/action.ts';
import { actOn, forkEnsemble, type Ensemble } from '../../src/ensemble/ensemble.ts';
import {
  actAtHead,
  advance,
  branch,
  eventsBetween,
  makeTimeline,
  seek,
  type Companion,
  type Timeline,
} from '../../src/ensemble/timeline.ts';
import {
  appendRow,
  copyTrace,
  makeTrace,
  rowOf,
  traceBytes,
  traceEventOf,
  type TraceEvent,
  type TraceRow,
} from '../../src/ensemble/trace.ts';
import { choices } from '../../src/kernel/choose.ts';
import { nextTime, runUntil } from '../../src/kernel/run.ts';
import { stateKey } from '../../src/kernel/state-key.ts';
import type { EventRecord } from '../../src/kernel/world.ts';
import { contentOf, hashOf, openSwarm, playSwarm } from '../support/swarm-world.ts';

/** A companion that judges, and shows its verdict. */
interface Judge extends Companion {
  readonly checker: Checker;
  readonly copy: () => Judge;
}

function makeJudge(checker: Checker): Judge {
  return { checker, onEvent: (ensemble) => observeEvent(checker, ensemble), copy: () => makeJudge(copyChecker(checker)) };
}

/** What a person might click in the swarm of a seed, at the end of the run so far. */
function clickOf(seed: number, n: number, { servers }: Ensemble): Action {
  const node = drawBelow(makeKey(`clicks ${seed}`), streamOf('node'), n, servers.length);
  const clicks: readonly Action[] = [
    { type: 'kill', node },
    { type: 'start', node },
    { type: 'partition', groups: [[node]] },
    { type: 'heal' },
    { type: 'power-loss', node, keep: 'none', torn: false },
    { type: 'calm' },
  ];
  return clicks[n % clicks.length] ?? { type: 'heal' };
}

const STRETCH = 350;

/** A timeline with a click after every stretch of events; the click itself is an event as well. */
function playWithClicks(seed: number, events: number, spacing: number): Timeline {
  const ensemble = openSwarm(seed);
  const timeline = makeTimeline(ensemble, makeJudge(makeChecker(ensemble)), spacing);
  for (let n = 0; timeline.head.world.events < events; n++) {
    advance(timeline, Infinity, STRETCH);
    actAtHead(timeline, clickOf(seed, n, timeline.head));
  }
  return timeline;
}

/** The same run without a timeline up to event `id`, with what it told on the way. */
function playStraight(seed: number, id: number): { readonly ensemble: Ensemble; readonly checker: Checker; readonly events: TraceEvent[] } {
  const ensemble = openSwarm(seed);
  const { world } = ensemble;
  const checker = makeChecker(ensemble);
  const events: TraceEvent[] = [];
  world.observe = () => {
    observeEvent(checker, ensemble);
    events.push(traceEventOf(world.record));
  };
  for (let n = 0; world.events < id; n++) {
    runUntil(world, Infinity, Math.min(STRETCH, id - world.events));
    if (world.events < id) actOn(ensemble, clickOf(seed, n, ensemble));
  }
  return { ensemble, checker, events };
}

function verdictOf(companion: Companion | null, ensemble: Ensemble): unknown {
  return companion === null ? null : reportOf((companion as Judge).checker, ensemble);
}

function draws(seed: number, count: number, limit: number): number[] {
  return Array.from({ length: count }, (_, i) => drawBelow(makeKey(`seeks ${seed}`), streamOf('seek'), i, limit));
}

describe('going to an event', () => {
  test('any event of a run with clicks is there again as it was: world, properties and key', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const timeline = playWithClicks(seed, 4000, 700);
      const { events } = timeline.head.world;
      for (const id of [0, 1, 699, 700, 701, STRETCH, STRETCH + 1, events - 1, events, ...draws(seed, 8, events)]) {
        const { ensemble, companion } = seek(timeline, id);
        const straight = playStraight(seed, id);
        expect(hashOf(ensemble.world), `seed ${seed}, event ${id}`).toBe(hashOf(straight.ensemble.world));
        expect(contentOf(ensemble.world), `seed ${seed}, event ${id}`).toEqual(contentOf(straight.ensemble.world));
        expect(stateKey(ensemble.world)).toBe(stateKey(straight.ensemble.world));
        expect(verdictOf(companion, ensemble)).toEqual(reportOf(straight.checker, straight.ensemble));
      }
    }
  });

  test('looking back changes neither the run nor what the properties know of it', () => {
    for (let seed = 9; seed <= 14; seed++) {
      const timeline = playWithClicks(seed, 3000, 500);
      for (const id of draws(seed, 20, timeline.head.world.events)) {
        const { ensemble } = seek(timeline, id);
        runUntil(ensemble.world, Infinity, 1000);
        actOn(ensemble, { type: 'calm' });
      }
      const { events } = timeline.head.world;
      const straight = playStraight(seed, events);
      expect(contentOf(timeline.head.world)).toEqual(contentOf(straight.ensemble.world));
      advance(timeline, Infinity, 1000);
      runUntil(straight.ensemble.world, Infinity, 1000);
      expect(contentOf(timeline.head.world)).toEqual(contentOf(straight.ensemble.world));
      expect(verdictOf(timeline.companion, timeline.head)).toEqual(reportOf(straight.checker, straight.ensemble));
    }
  });

  test('an event that has not happened is refused', () => {
    const timeline = playWithClicks(1, 400, 100);
    expect(() => seek(timeline, timeline.head.world.events + 1)).toThrow('is not in the run');
    expect(() => seek(timeline, -1)).toThrow('is not in the run');
  });

  test('the spacing of checkpoints is seen in nothing but their number', () => {
    const timelines = [50, 333, 5000].map((spacing) => playWithClicks(15, 3000, spacing));
    const [first] = timelines;
    for (const timeline of timelines) {
      expect(hashOf(timeline.head.world)).toBe(hashOf(first!.head.world));
      for (const id of draws(15, 10, 3000))
        expect(contentOf(seek(timeline, id).ensemble.world)).toEqual(contentOf(seek(first!, id).ensemble.world));
    }
  });
});

describe('long runs', () => {
  test('there are never too many checkpoints, and every event can be gone to all the same', () => {
    const timeline = makeTimeline(openSwarm(37), null, 1);
    const clicks = new Map<number, number>();
    while (timeline.head.world.events < 3000) {
      advance(timeline, Infinity, 99);
      clicks.set(timeline.head.world.events, clicks.size % 3);
      actAtHead(timeline, { type: clicks.size % 2 === 0 ? 'start' : 'kill', node: (clicks.size + 2) % 3 });
      expect(timeline.checkpoints.length).toBeLessThanOrEqual(400);
    }
    expect(timeline.spacing).toBe(8);
    const gaps = timeline.checkpoints.map(({ events }, i) => (timeline.checkpoints[i + 1]?.events ?? timeline.head.world.events) - events);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * timeline.spacing);
    expect(timeline.checkpoints[0]?.events).toBe(0);
    const sparse = makeTimeline(openSwarm(37), null, 1000);
    for (const { after, at, action } of timeline.inputs) {
      advance(sparse, Infinity, after - sparse.head.world.events);
      actAtHead(sparse, action, at);
    }
    for (const id of [1, 2, 100, 101, ...draws(37, 30, 3000)]) {
      expect(contentOf(seek(timeline, id).ensemble.world), `event ${id}`).toEqual(contentOf(seek(sparse, id).ensemble.world));
    }
  });

  test('the oldest rows of an endless trace are forgotten, the others stay', () => {
    const trace = makeTrace();
    const record: EventRecord = { ...openSwarm(1).world.record };
    const rows = 70 * 65_536 + 10;
    for (let id = 1; id <= rows; id++) {
      record.id = id;
      record.at = 3 * id;
      appendRow(trace, record);
    }
    expect(traceBytes(trace)).toBe(64 * 65_536 * 32);
    const first = 7 * 65_536 + 1;
    expect(rowOf(trace, first - 1)).toBeNull();
    for (const id of [first, first + 1, rows - 11, rows]) expect(rowOf(trace, id)).toMatchObject({ id, at: 3 * id });
    // A branch from what is forgotten begins to tell where it begins.
    const early = copyTrace(trace, 1000);
    appendRow(early, { ...record, id: 1001, at: 5 });
    expect([1, 1000, 1001].map((id) => rowOf(early, id)?.at ?? null)).toEqual([null, null, 5]);
    expect(rowOf(trace, rows)?.at).toBe(3 * rows);
  });
});

describe('the stored trace', () => {
  test('its rows are the events of the run', () => {
    const timeline = playWithClicks(2, 3000, 700);
    const { events } = playStraight(2, timeline.head.world.events);
    expect(timeline.trace.length).toBe(events.length);
    expect(events.map(({ id }) => rowOf(timeline.trace, id))).toEqual(events.map(rowOfEvent));
    expect(rowOf(timeline.trace, 0)).toBeNull();
    expect(rowOf(timeline.trace, events.length + 1)).toBeNull();
  });

  test('full events are made again with every note, clicks as well', () => {
    const timeline = playWithClicks(3, 3000, 700);
    const { events } = playStraight(3, timeline.head.world.events);
    for (const first of [1, 690, STRETCH, 2500]) {
      const made = eventsBetween(timeline, first, first + 60);
      const known = events.slice(first - 1, first + 60);
      expect(made.map(withoutNotes)).toEqual(known.map(withoutNotes));
      for (const [i, { notes }] of known.entries()) expect(made[i]?.notes).toEqual(expect.arrayContaining([...notes]));
    }
  });
});

describe('branches', () => {
  test('a branch shares the past, and goes its own way while the old future stays', () => {
    for (let seed = 16; seed <= 19; seed++) {
      const timeline = playWithClicks(seed, 3000, 500);
      const { events } = timeline.head.world;
      const before = contentOf(timeline.head.world);
      const [fork = 0] = draws(seed, 1, events);
      const other = branch(timeline, fork);
      expect(hashOf(other.head.world)).toBe(hashOf(seek(timeline, fork).ensemble.world));
      expect(other.trace.length).toBe(fork);
      actAtHead(other, { type: 'kill', node: 0 });
      advance(other, Infinity, 2000);
      for (const id of draws(seed, 5, events)) {
        const { ensemble } = seek(timeline, id);
        expect(contentOf(ensemble.world), `seed ${seed}, event ${id}`).toEqual(contentOf(playStraight(seed, id).ensemble.world));
        if (id <= fork) expect(contentOf(seek(other, id).ensemble.world)).toEqual(contentOf(ensemble.world));
      }
      expect(contentOf(timeline.head.world)).toEqual(before);
      expect(rowsOf(other, 1, fork)).toEqual(rowsOf(timeline, 1, fork));
    }
  });

  test('a branch that does nothing else makes the old future again', () => {
    const timeline = playWithClicks(20, 2000, 500);
    const other = branch(timeline, 900);
    for (const { after, action, at } of timeline.inputs.filter((entry) => entry.after >= 900)) {
      advance(other, Infinity, after - other.head.world.events);
      actAtHead(other, action, at);
    }
    advance(other, Infinity, timeline.head.world.events - other.head.world.events);
    expect(contentOf(other.head.world)).toEqual(contentOf(timeline.head.world));
    expect(verdictOf(other.companion, other.head)).toEqual(verdictOf(timeline.companion, timeline.head));
    expect(rowsOf(other, 1, other.trace.length)).toEqual(rowsOf(timeline, 1, timeline.trace.length));
  });

  test('a branch of a branch, and one from the very beginning', () => {
    const timeline = playWithClicks(21, 2000, 300);
    const second = branch(branch(timeline, 1500), 700);
    expect(contentOf(second.head.world)).toEqual(contentOf(playStraight(21, 700).ensemble.world));
    const fresh = branch(timeline, 0);
    expect(fresh.trace.length).toBe(0);
    advance(fresh, Infinity, 300);
    expect(hashOf(fresh.head.world)).toBe(hashOf(playStraight(21, 300).ensemble.world));
  });
});

describe('the input log', () => {
  test('a run is its specification and its inputs: applied anew they give the same run', () => {
    for (let seed = 22; seed <= 26; seed++) {
      const timeline = playWithClicks(seed, 2500, 600);
      const again = openSwarm(seed);
      for (const { after, at, action } of timeline.inputs) {
        runUntil(again.world, Infinity, after - again.world.events);
        if (action.type !== 'choose') actOn(again, action, at);
      }
      runUntil(again.world, Infinity, timeline.head.world.events - again.world.events);
      expect(contentOf(again.world), `seed ${seed}`).toEqual(contentOf(timeline.head.world));
    }
  });

  test('it is plain data: through JSON it is the same log', () => {
    const timeline = playWithClicks(27, 1500, 600);
    expect(timeline.inputs.length).toBeGreaterThan(2);
    expect(JSON.parse(JSON.stringify(timeline.inputs))).toEqual(timeline.inputs);
  });

  test('the choice of the next event is an input as well, and one that cannot happen is none', () => {
    for (let seed = 29; seed <= 36; seed++) {
      const timeline = makeTimeline(openSwarm(seed, { mode: 'fine' }), null, 90);
      const shown: string[][] = [];
      for (let n = 0; n < 40; n++) {
        advance(timeline, Infinity, 20);
        for (let i = 0; i < 3; i++) {
          const { world } = timeline.head;
          const names = choices(world).map(({ name }) => name);
          const event = names[(7 * n + i) % names.length];
          if (event === undefined) continue; // the script alone goes on
          expect(actAtHead(timeline, { type: 'choose', event })).toBe(true);
          shown.push(contentOf(world));
        }
      }
      const { events } = timeline.head.world;
      expect(actAtHead(timeline, { type: 'choose', event: 'nobody.nothing' })).toBe(false);
      expect(timeline.head.world.events).toBe(events);
      expect(timeline.inputs).toHaveLength(shown.length);
      for (const [i, { after }] of timeline.inputs.entries()) {
        if (i % 5 === 0) expect(contentOf(seek(timeline, after + 1).ensemble.world), `seed ${seed}, event ${after + 1}`).toEqual(shown[i]);
      }
    }
  });

  test('to have looked at what comes next makes no difference to what comes', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const run = openSwarm(seed, { mode: 'coarse' });
      for (let point = 0; point < 40; point++) {
        playSwarm(run, run.world.events + 37);
        const ended = [false, true].map((looks) => {
          const fork = forkEnsemble(run);
          for (const type of ['kill', 'start'] as const) {
            if (looks) nextTime(fork.world);
            actOn(fork, { type, node: point % 3 });
          }
          runUntil(fork.world, Infinity, 300);
          return hashOf(fork.world);
        });
        expect(ended[1], `seed ${seed}, event ${run.world.events}`).toBe(ended[0]);
      }
    }
  });

  test('several inputs after one event are applied in their order', () => {
    const timeline = makeTimeline(openSwarm(28), null, 100);
    advance(timeline, Infinity, 250);
    for (const node of [0, 1, 2]) actAtHead(timeline, { type: 'kill', node });
    for (const node of [2, 1, 0]) actAtHead(timeline, { type: 'start', node }, timeline.head.world.now + 1000);
    advance(timeline, Infinity, 200);
    const rows = rowsOf(timeline, 1, timeline.trace.length);
    expect(rows.slice(250, 256).map((row) => row?.kind)).toEqual(['kill', 'kill', 'kill', 'start', 'start', 'start']);
    for (const id of [250, 251, 253, 256, 300, 450]) {
      const { ensemble } = seek(timeline, id);
      runUntil(ensemble.world, Infinity, 0);
      expect(ensemble.world.events).toBe(id);
      expect(rowOf(timeline.trace, id)?.at).toBe(ensemble.world.now);
    }
    expect(contentOf(seek(timeline, 450).ensemble.world)).toEqual(contentOf(branch(timeline, 450).head.world));
  });
});

function rowsOf({ trace }: Timeline, first: number, last: number): (TraceRow | null)[] {
  return Array.from({ length: last + 1 - first }, (_, i) => rowOf(trace, first + i));
}

function withoutNotes(event: TraceEvent): TraceEvent {
  return { ...event, notes: [] };
}

/** What a row says, from the full event. */
function rowOfEvent({ id, at, node, thread, cause, input, effect }: TraceEvent): TraceRow {
  const kind = effect === null ? (input?.type ?? '') : `${input?.type ?? ''}>${effect.type}`;
  const carried =
    effect === null
      ? input
      : 'packet' in effect
        ? effect.packet
        : 'record' in effect
          ? effect.record
          : 'item' in effect && effect.type !== 'continue'
            ? effect.item
            : input;
  return { id, at, node, thread, kind, zxid: carried?.zxid ?? input?.zxid ?? -1, cause };
}

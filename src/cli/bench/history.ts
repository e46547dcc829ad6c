/** What time travel costs in a long run: going to any event, and the bytes that make it possible. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { advance, seek, type Timeline } from '../../ensemble/timeline.ts';
import { figureOf, type Figure } from './figure.ts';
import { makeLoaded } from './load.ts';
import { quantile, timed, type Sample } from './measure.ts';
import { timelineOf } from './throughput.ts';

export function measureHistory(events: number, seeks: number): Figure[] {
  const timeline = timelineOf(makeLoaded('coarse'));
  advance(timeline, Infinity, events);
  const times = seekTimes(timeline, seeks);
  const sample = (share: number): Sample => ({ value: quantile(times, share), runs: [] });
  return [
    figureOf('seek-p50', sample(0.5)),
    figureOf('seek-p99', sample(0.99)),
    figureOf('seek-max', sample(1)),
    figureOf('history-bytes', bytesAnEvent(timeline)),
  ];
}

function seekTimes(timeline: Timeline, seeks: number): number[] {
  const { events } = timeline.head.world;
  const times: number[] = [];
  // A multiplicative sequence: the same events each time, all over the run.
  for (let i = 1, at = 1; i <= seeks; i++) {
    at = (at * 48_271) % 2_147_483_647;
    times.push(timed(() => void seek(timeline, 1 + (at % events))));
  }
  return times;
}

/** What is freed when the history goes and only the present stays. */
function bytesAnEvent(timeline: Timeline): Sample {
  const { events } = timeline.head.world;
  const before = memory();
  timeline.checkpoints.length = 0;
  timeline.trace.blocks.length = 0;
  const value = (before - memory()) / events;
  return { value, runs: [value] };
}

function memory(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

// Every shipped scenario, script and expectations with it: guarded, traced, and gone back and forth in.

import { expect, test } from 'vitest';
import { drawBelow, makeKey, streamOf } from '../../src/base/draw.ts';
import { branch, seek } from '../../src/ensemble/timeline.ts';
import { runUntil } from '../../src/kernel/run.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import {
  openRun,
  openTimeline,
  playToEnd,
  resultOf,
  runToEnd,
  type Run,
  type RunOptions,
  type RunResult,
  type ScenarioCompanion,
} from '../../src/scenario/run-scenario.ts';
import { SHIPPED } from '../support/shipped-scenarios.ts';

function open(text: string, file: string, options: RunOptions = {}): Run {
  return openRun(parseScenario(text, file), options);
}

/** The verdict after event `id` of a run that stops there. */
function stoppedAt(text: string, file: string, id: number): RunResult {
  const run = open(text, file);
  run.ensemble.world.observe = () => run.companion.onEvent(run.ensemble);
  runUntil(run.ensemble.world, Infinity, id);
  return resultOf(run, run.ensemble, run.companion);
}

test('a scenario comes to the same verdict guarded and traced', { timeout: 300_000 }, () => {
  for (const [file, text] of SHIPPED) {
    const bare = runToEnd(open(text, file));
    expect(runToEnd(open(text, file, { guard: true })), file).toEqual(bare);
    expect(runToEnd(open(text, file, { traced: true })), file).toEqual(bare);
  }
});

test('with a history it comes to the same verdict, and at any event of it to that of a run that stops there', { timeout: 300_000 }, () => {
  for (const [file, text] of SHIPPED) {
    const run = open(text, file);
    const timeline = openTimeline(run, 300);
    playToEnd(run, timeline);
    expect(resultOf(run, timeline.head, run.companion), file).toEqual(runToEnd(open(text, file)));
    for (let i = 0; i < 3; i++) {
      const id = drawBelow(makeKey(file), streamOf('seek'), i, timeline.head.world.events);
      const { ensemble, companion } = seek(timeline, id);
      expect(resultOf(run, ensemble, companion as ScenarioCompanion), `${file}, event ${id}`).toEqual(stoppedAt(text, file, id));
    }
  }
});

test('a branch of it that is played to the end comes to the verdict of the whole', { timeout: 300_000 }, () => {
  for (const [file, text] of SHIPPED) {
    const run = open(text, file);
    const timeline = openTimeline(run, 300);
    playToEnd(run, timeline);
    const result = resultOf(run, timeline.head, run.companion);
    const other = branch(timeline, Math.floor(timeline.head.world.events / 2));
    playToEnd(run, other);
    expect(resultOf(run, other.head, other.companion as ScenarioCompanion), file).toEqual(result);
  }
});

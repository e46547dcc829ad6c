// What every scenario but those of bugs tells, word for word, and what came of it. `npx vitest run test/scenario -u` writes them anew.

import { describe, expect, test } from 'vitest';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import {
  openRun,
  openTimeline,
  playToEnd,
  resultOf,
  runToEnd,
  type RunOptions,
  type RunResult,
  type ScenarioCompanion,
} from '../../src/scenario/run-scenario.ts';
import { formatLine, linesOfEvent } from '../../src/scenario/transcript.ts';
import { branch } from '../../src/ensemble/timeline.ts';
import { SHIPPED } from '../support/shipped-scenarios.ts';

const told = SHIPPED.filter(([file]) => /^scenarios\/(basics|failures|services|sync)\//.test(file));
const SEEDS = ['2', '3', '4', '5', '6'];

/** Violations that a scenario expects are none. */
function failures({ ok: isOk, expectations, violation }: RunResult): string[] {
  const missed = expectations.filter(({ ok }) => !ok).map(({ text, place, found }) => `${place.line}: ${text}: ${found}`);
  return isOk || violation === null ? missed : [...missed, `${violation.id} violated`];
}

function transcriptOf(file: string, text: string): { readonly transcript: string; readonly result: RunResult } {
  const run = openRun(parseScenario(text, file), { guard: true });
  const lines: string[] = [];
  const result = runToEnd(run, (ensemble) => lines.push(...linesOfEvent(ensemble, 'story').map(formatLine)));
  const end = `${result.ok ? 'OK' : 'FAILED'}, ${result.events} events, trace ${result.traceHash}`;
  return { transcript: [`${result.scenario}, seed ${result.seed}`, '', ...lines, '', end, ''].join('\n'), result };
}

describe.for(told)('%s', ([file, text]) => {
  test('every expectation is met, and the transcript is the one that was read and approved', async () => {
    const { transcript, result } = transcriptOf(file, text);
    expect(failures(result)).toEqual([]);
    await expect(transcript).toMatchFileSnapshot(file.replace('scenarios/', 'golden/').replace('.yaml', '.txt'));
  });

  test('its expectations do not hang on the seed', () => {
    const found = SEEDS.flatMap((seed) => failures(play(file, text, { seed })).map((failure) => `seed ${seed}, ${failure}`));
    expect(found).toEqual([]);
  });

  test('a run that is traced is the same run', () => {
    const plain = play(file, text, {});
    const traced = play(file, text, { traced: true });
    expect({ ...traced, properties: null }).toEqual({ ...plain, properties: null });
  });
});

const ROWS = ['SYNC-01', 'SYNC-02', 'SYNC-03', 'SYNC-04', 'SYNC-05', 'SYNC-06', 'SYNC-07', 'SYNC-08', 'SYNC-09', 'SYNC-10'];
const NOTABLE = ['SYNC-17', 'SYNC-60', 'SYNC-61', 'SYNC-62'];

test.for([...ROWS, ...NOTABLE])('the transcript of a scenario of its own names row %s of the synchronisation table', (row) => {
  const own = told.filter(([file]) => file.includes(`sync/${row.toLowerCase()}-`));
  expect(own).not.toEqual([]);
  for (const [file, text] of own) expect(transcriptOf(file, text).transcript.split('\n').slice(1).join('\n')).toContain(row);
});

function play(file: string, text: string, options: RunOptions): RunResult {
  return runToEnd(openRun(parseScenario(text, file), options));
}

describe('a script is part of its world', () => {
  const [file, text] = told.find(([path]) => path.endsWith('half-done-write-survives.yaml')) ?? ['', ''];

  test('on a timeline it comes to the same end', () => {
    const run = openRun(parseScenario(text, file));
    const timeline = openTimeline(run, 100);
    playToEnd(run, timeline);
    expect(resultOf(run, timeline.head, run.companion)).toEqual(play(file, text, {}));
  });

  test.for([0.1, 0.4, 0.7])('gone back to after %d of the events, it goes on from there to the same end', (part) => {
    const whole = play(file, text, {});
    const run = openRun(parseScenario(text, file));
    const timeline = openTimeline(run, 100);
    playToEnd(run, timeline);
    const again = branch(timeline, Math.floor(whole.events * part));
    playToEnd(run, again);
    expect(resultOf(run, again.head, again.companion as ScenarioCompanion)).toEqual(whole);
  });
});

// A schedule: events by name and lines, one after the other in no time, after the script.

import { expect, test } from 'vitest';
import { hashText } from '../../src/base/hash.ts';
import { seek } from '../../src/ensemble/timeline.ts';
import { serverView } from '../../src/ensemble/views.ts';
import { InputError } from '../../src/scenario/input-error.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, openTimeline, playToEnd, runToEnd, type Run } from '../../src/scenario/run-scenario.ts';

function open(schedule: readonly string[], mode = 'coarse'): Run {
  const head = `name: x\nmode: ${mode}\nclients:\n  - name: alice\n    servers: s1\n`;
  const script = 'script:\n  - until: all serving\n  - until: alice is connected\n';
  return openRun(parseScenario(`${head}${script}schedule:\n${schedule.map((entry) => `  - ${entry}\n`).join('')}`, 'x.yaml'));
}

const WRITE = ['alice: create /a x', 's1.ClientReader#1.read OP', 's3.LearnerHandler[1]#1.read REQUEST'];

/** Names of what happened, from the first of these on. */
function eventsOf(run: Run): string[] {
  const events: string[] = [];
  runToEnd(run, ({ world }) => {
    const { actor, input, effect } = world.record;
    if (world.choosing) events.push(`${world.nodes[world.record.node]?.name} ${actor} ${input?.type ?? effect?.type}`);
  });
  return events;
}

test('its events happen in its order, while the clock stands still, and then the clock goes on', () => {
  const run = open([...WRITE, 's3.SyncThread#1.synced']);
  const times = new Set<number>();
  let ended = 0;
  const { ok } = runToEnd(run, ({ world }) => {
    if (world.choosing) times.add(world.now);
    else if (times.size > 0) ended += 1;
  });
  expect(ok).toBe(true);
  expect(times.size).toBe(1);
  // The followers were never asked: what was left to do is done by the clock.
  expect(ended).toBeGreaterThan(20);
  expect(run.ensemble.servers.map(({ node }) => serverView(run.ensemble, node).lastProcessedZxid % 0x1_0000_0000)).toEqual([2, 2, 2]);
});

test('an entry that cannot happen is left out [R21]', () => {
  const events = eventsOf(open(WRITE));
  expect(eventsOf(open(['s1.SyncThread#1.synced', ...WRITE.flatMap((entry) => [entry, 's9.Nobody.read NOTHING'])]))).toEqual(events);
});

test('a line among the events is done between them', () => {
  const run = open([...WRITE, 'kill: s3', 's1.QuorumPeer.closed']);
  const events = eventsOf(run);
  expect(events.indexOf('s3 driver undefined')).toBeGreaterThan(events.indexOf('s3 thread packet'));
  expect(events.at(-1)).not.toBe('s3 driver undefined');
});

test.for(['fine', 'coarse'])('a run with a schedule goes back and forth as any other: %s', (mode) => {
  const straight = open(WRITE, mode);
  const { traceHash, events } = runToEnd(straight);
  const run = open(WRITE, mode);
  const timeline = openTimeline(run, 50);
  playToEnd(run, timeline);
  expect(hashText(timeline.head.world.hash)).toBe(traceHash);
  for (const id of [events - 1, Math.floor(events / 2), events]) expect(seek(timeline, id).ensemble.world.events).toBe(id);
  expect(hashText(seek(timeline, events).ensemble.world.hash)).toBe(traceHash);
});

test.for<[string, string]>([
  ['until: all serving', 'x.yaml:10:12: found until in a schedule, expected the name of an event or a line that does something'],
  ['{ alice: ls /, expect: ok }', 'x.yaml:10:14: found "expect" in a schedule, expected a line without it'],
  ['kill: s9', 'x.yaml:10:11: unknown server or client "s9": expected'],
  ['jump: s1', 'x.yaml:10:5: unknown verb, client or modifier "jump"'],
])('%s in a schedule is refused', ([entry, message]) => {
  expect(() => open([entry])).toThrow(InputError);
  expect(() => open([entry])).toThrow(message);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { escapeXml, junitText } from '../../src/hunt/report-junit.ts';
import { reportRun, type ReportRun } from '../../src/hunt/report-run.ts';
import { shivizText } from '../../src/hunt/report-shiviz.ts';
import { spaceTimeSvg } from '../../src/hunt/report-space-time.ts';
import { storyText } from '../../src/hunt/report-story.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun } from '../../src/scenario/run-scenario.ts';

const text = readFileSync(new URL('../../scenarios/bugs/zookeeper-4643.yaml', import.meta.url), 'utf8');
const report: ReportRun = reportRun(openRun(parseScenario(text, 'x.yaml'), { traced: true }));

interface Entry {
  readonly host: string;
  readonly clock: Readonly<Record<string, number>>;
  readonly event: string;
}

/** As ShiViz reads it: its expression from the first line over the rest. */
function entriesOf(log: string): Entry[] {
  const [parser = '', delimiter, ...rest] = log.split('\n');
  expect(delimiter).toBe('');
  return [...rest.join('\n').matchAll(new RegExp(parser, 'g'))].map(({ groups }) => ({
    host: groups?.['host'] ?? '',
    clock: JSON.parse(groups?.['clock'] ?? '{}'),
    event: groups?.['event'] ?? '',
  }));
}

test('the ShiViz log: two lines an event, and each host counts its own events without a gap', () => {
  const log = shivizText(report);
  const entries = entriesOf(log);
  expect(entries).toHaveLength((log.trimEnd().split('\n').length - 2) / 2);
  const counts = new Map<string, number>();
  for (const { host, clock } of entries) {
    counts.set(host, (counts.get(host) ?? 0) + 1);
    expect(clock[host]).toBe(counts.get(host));
  }
  expect([...counts.keys()].sort()).toEqual(['alice', 's1', 's2', 's3']);
});

test('the ShiViz log: nothing is known of an event that has not been, and clocks never go back', () => {
  const last = new Map<string, Readonly<Record<string, number>>>();
  for (const { host, clock } of entriesOf(shivizText(report))) {
    for (const [other, n] of Object.entries(last.get(host) ?? {})) expect(clock[other]).toBeGreaterThanOrEqual(n);
    for (const [other, n] of Object.entries(clock)) if (other !== host) expect(last.get(other)?.[other] ?? 0).toBeGreaterThanOrEqual(n);
    last.set(host, clock);
  }
});

test('the picture has a line for each server and client, an arrow for each message, and the violation', () => {
  const svg = spaceTimeSvg(report);
  const wanted = report.messages.filter(({ family, received }) => family !== 'ping' && received <= (report.violation?.event ?? 0));
  expect(wanted.length).toBeGreaterThan(20);
  expect(svg.match(/class="arrow"/g)).toHaveLength(Math.min(wanted.length, 260));
  for (const name of report.nodes) expect(svg).toContain(`>${name}</text>`);
  expect(svg).toContain('I-LOSS violated');
  expect(svg).not.toContain('NaN');
});

test('a server that is started when calm begins is drawn as one that is up', () => {
  const calm = 'name: x\nscript:\n  - until: all serving\n  - kill: s1\n  - wait: 1s\n  - calm: all\n  - wait: 3s\n';
  const svg = spaceTimeSvg(reportRun(openRun(parseScenario(calm, 'x.yaml'), { traced: true })));
  const center = Number(/class="name" x="(\d+)"[^>]*>s1</.exec(svg)?.[1]);
  const ends = [...svg.matchAll(/class="off" d="M(\d+) [\d.]+V([\d.]+)"/g)]
    .filter(([, x]) => Number(x) === center)
    .map(([, , y]) => Number(y));
  const bars = [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="6"/g)]
    .filter(([, x]) => Number(x) === center - 3)
    .map(([, , y]) => Number(y));
  expect(svg).toContain('class="cross"');
  expect(Math.max(...bars)).toBeGreaterThan(Math.max(...ends));
});

test('the story ends at the violation and has the scenario whole', () => {
  const story = storyText(report, text, '0.0.0');
  expect(story).toContain(text.trimEnd());
  expect(story).toContain(report.explanation);
});

test('a fence in the scenario does not end the scenario of the story', () => {
  expect(storyText(report, '# ```\nname: x', '0.0.0')).toContain('````yaml\n# ```\nname: x\n````');
});

test('JUnit: what clients wrote is escaped, what XML cannot hold is replaced', () => {
  expect(escapeXml('<a b="c">&\u0000\uD800')).toBe('&#60;a b=&#34;c&#34;&#62;&#38;\uFFFD\uFFFD');
  const xml = junitText([
    { name: 'a "<b>"', property: 'I-LOSS', message: '1 & 2', seconds: 1.5, repro: 'name: x\n]]>' },
    { name: 'canary', property: 'I-LEAD', message: null, seconds: 0.25, repro: '' },
  ]);
  expect(xml).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="zablab" tests="2" failures="1" time="1.750">',
      '  <testsuite name="zablab" tests="2" failures="1" errors="0" skipped="0" time="1.750">',
      '    <testcase classname="I-LOSS" name="a &#34;&#60;b&#62;&#34;" time="1.500">',
      '      <failure type="I-LOSS" message="1 &#38; 2">name: x\n]]&#62;</failure>',
      '    </testcase>',
      '    <testcase classname="I-LEAD" name="canary" time="0.250"/>',
      '  </testsuite>',
      '</testsuites>',
      '',
    ].join('\n'),
  );
});

// What the lines of a script do, wait for, and say when they cannot.

import { describe, expect, test } from 'vitest';
import type { Ensemble } from '../../src/ensemble/ensemble.ts';
import { notesOf } from '../../src/ensemble/note.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd, type RunOptions, type RunResult } from '../../src/scenario/run-scenario.ts';
import { formatLine, linesOfEvent } from '../../src/scenario/transcript.ts';

const HEAD = 'name: script\nclients: [{ name: alice, servers: s3, timeout: 30s }]\nscript:\n';

function play(script: string, options: RunOptions = {}, onEvent?: (ensemble: Ensemble) => void): RunResult {
  return runToEnd(openRun(parseScenario(HEAD + script, 'x.yaml'), options), onEvent);
}

/** Texts of the expectations that were not met, with what was found. */
function missed(result: RunResult): string[] {
  return result.expectations.filter(({ ok }) => !ok).map(({ text, found }) => `${text}: ${found}`);
}

describe('a line that cannot do what it says is a failed expectation', () => {
  test.for<[string, string, string[]]>([
    ['nobody has the role', '- kill: leader\n', ['kill: leader: there is no leader']],
    ['nobody is left', '- kill: s1 except s1\n', ['kill: s1 except s1: there is no s1 except s1']],
    ['nobody to move to', '- move: { client: alice, to: leader }\n', ['move: { client: alice, to: leader }: there is no leader']],
    ['a dead server is killed', '- kill: s1\n- kill: s1\n', ['kill: s1: s1: there was nothing to act on']],
    ['nothing is in flight', '- release: { type: PROPOSAL }\n', ['release: { type: PROPOSAL }: there was nothing to act on']],
    ['no connection to break', '- wait: 1s\n- kill: s1\n- wait: 1s\n- break: s1 - s2\n', ['break: s1 - s2: there was nothing to act on']],
    ['no such file', '- tear-tail: { server: s1, file: log }\n', ['tear-tail: { server: s1, file: log }: s1: there was nothing to act on']],
    ['the client is down', '- kill: alice\n- alice: get /a\n  expect: ok\n', ['alice: get /a: alice is down']],
    [
      'the session is over',
      '- until: alice is connected\n- alice: close\n- alice: get /a\n',
      ['alice: get /a: the session of alice is over'],
    ],
    ['the client stands still', '- pause: alice\n- alice: get /a\n  within: 1s\n', ['alice: get /a: it did not happen in time']],
    [
      'the answer is too late',
      '- until: alice is connected\n- pause: all\n- alice: get /a\n  within: 3s\n',
      ['alice: get /a: it did not happen in time'],
    ],
    [
      'what it waits for does not come',
      '- until: s1 is LEADING\n  within: 2s\n',
      ['until: s1 is LEADING: it did not happen in time; s1: FOLLOWING, BROADCAST, serving'],
    ],
  ])('%s', ([, script, expected]) => {
    const result = play(script);
    expect(missed(result)).toEqual(expected);
    expect(result.ok).toBe(false);
  });

  test('it is told in the transcript', () => {
    const told: string[] = [];
    play('- kill: leader\n- until: s1 is LEADING\n  within: 1s\n', {}, (ensemble) =>
      told.push(...linesOfEvent(ensemble, 'story').map(formatLine)),
    );
    expect(told).toContain('   0.000  -- nothing is done, for there is no leader: kill: leader');
    expect(told).toContain('   1.000  -- waited in vain: until: s1 is LEADING');
  });

  test('and the lines after it are run all the same', () => {
    expect(missed(play('- kill: leader\n- until: all serving\n'))).toEqual(['kill: leader: there is no leader']);
  });
});

describe('an operation', () => {
  test('right after the start waits for its client to be ready', () => {
    const result = play('- alice: create /a 1\n  expect: [/a, CONNECTIONLOSS]\n');
    expect(missed(result)).toEqual([]);
    expect(result.expectations).toHaveLength(1);
  });

  test('of a client that dies while it waits fails at once', () => {
    const result = play('- kill: s1, s2, s3\n- alice: create /a 1\n  async: true\n  expect: ok\n- kill: alice\n- wait: 1s\n');
    expect(missed(result)).toEqual(['alice: create /a 1 gives ok: there was no answer until the run ended']);
  });

  test('that is not waited for still has to give what is expected', () => {
    expect(
      missed(
        play(
          '- until: alice is connected\n- alice: create /a 1\n  async: true\n  expect: ok\n- alice: get /a\n  expect: "2"\n  async: true\n- wait: 2s\n',
        ),
      ),
    ).toEqual(['alice: get /a gives 2: 1']);
  });

  test('that is not answered before the run ends is not met', () => {
    const result = play('- until: all serving\n- partition: [all, alice]\n- alice: create /a 1\n  async: true\n  expect: ok\n');
    expect(missed(result)).toEqual(['alice: create /a 1 gives ok: there was no answer until the run ended']);
  });

  test('may give one of several results', () => {
    const result = play(
      '- until: alice is connected\n- alice: create /a 1\n  expect: [CONNECTIONLOSS, ok]\n- alice: set /a 2\n  expect: version = 1\n- alice: stat /a\n  expect: numChildren = 0\n- alice: ls /\n  expect: a, zookeeper\n',
    );
    expect(missed(result)).toEqual([]);
  });
});

describe('what a client is told, it has taken before the next line', () => {
  test('after disconnect it is not connected', () => {
    expect(
      missed(play('- until: alice is connected\n- disconnect: alice\n- check: alice is connecting\n- until: alice is connected\n')),
    ).toEqual([]);
  });

  test('after move it is on its way to the other server', () => {
    const script =
      '- until: all serving\n- until: alice is connected\n- move: { client: alice, to: s1 }\n- check: alice is connecting\n- until: alice is connected\n- check: alice is connected to s1\n';
    expect(missed(play(script))).toEqual([]);
  });
});

describe('a run that ends early', () => {
  test('says which line was not over', () => {
    const result = play('- until: all serving\n- wait: 5s\n- check: leader elected\n', { untilUs: 2_000_000 });
    expect(missed(result)).toHaveLength(1);
    expect(missed(result)[0]).toMatch(/^the script runs to its end: the run ended at [.\d]+m?s, before "check: leader elected" was over$/);
    expect(result.expectations.at(-1)?.place).toEqual({ file: 'x.yaml', line: 6, column: 10 });
  });

  test('while it waits says so', () => {
    expect(missed(play('- until: no leader\n- until: s1 is LEADING\n', { untilUs: 1_000_000 }))).toEqual([
      expect.stringMatching(/^the script runs to its end: the run ended at [.\d]+m?s, before "until: s1 is LEADING" was over$/),
    ]);
  });
});

describe('names', () => {
  test('`as` names whom the line was about, whoever has the role later', () => {
    const script = [
      '- until: leader elected\n  as: first',
      '- check: first is s3',
      '- pick: followers\n  as: others',
      '- kill: leader\n  as: dead',
      '- check: dead is first',
      '- until: leader elected\n  as: second',
      '- check: [second is not first, first is down, "others except second is FOLLOWING"]',
      '- start: first',
      '- until: all except first except second serving',
      '',
    ].join('\n');
    expect(missed(play(script))).toEqual([]);
  });

  test('a server that has just been started is not what it was before', () => {
    expect(missed(play('- until: all serving\n- kill: s3\n- start: s3\n- check: [s3 not serving, s3 is not LEADING]\n'))).toEqual([]);
  });

  test('rest is everybody but the leader, and everybody where there is none', () => {
    expect(missed(play('- check: rest is all\n- until: leader elected\n- check: [rest is s1, rest is not all]\n'))).toEqual([
      'check: [rest is s1, rest is not all]: rest is s1, s2',
    ]);
  });
});

describe('lines and the trace', () => {
  const traced = (expectations: string): RunResult => {
    const text = `${HEAD}- until: all serving\n- pick: leader\n  as: first\n- alice: create /a 1\n- kill: s1\n- alice: set /a 2\nexpect:\n${expectations}`;
    return runToEnd(openRun(parseScenario(text, 'x.yaml')));
  };

  test('notes are counted by type, place and operands; names stand for ids and nodes', () => {
    const result = traced(
      [
        '- trace: { note: committed, zxid: 1.2, at: first }\n  times: 1',
        '- trace: { note: elected, leader: s3, at: s1 }',
        '- trace: { note: node-down, at: s1 }\n  times: 1..2',
        '- trace: { note: client-state, server: first, state: CONNECTED }',
        '- trace: { note: acted, action.type: kill }\n  times: 1',
        '- trace: { note: left-role }\n  times: 0',
        '- trace: { note: established }\n  before: 1s',
      ].join('\n'),
    );
    expect(missed(result)).toEqual([]);
  });

  test('what is missing is told with the number found', () => {
    expect(missed(traced('- trace: { note: committed, zxid: 1.2 }\n  times: 2+\n- trace: { note: established }\n  after: 5s\n'))).toEqual([
      'trace: committed with zxid 1.2, 2+ times: 1 times',
      'trace: established, 1+ times after 5s: 0 times',
    ]);
  });

  test('an order has to be followed', () => {
    const broadcast = '{ note: broadcast, zxid: 1.2 }';
    const committed = '{ note: committed, zxid: 1.2 }';
    expect(missed(traced(`- order: [${broadcast}, ${committed}]\n`))).toEqual([]);
    expect(missed(traced(`- order: [${committed}, ${broadcast}]\n`))).toEqual([
      'order: committed with zxid 1.2, then broadcast with zxid 1.2: number 2 did not follow: broadcast with zxid 1.2',
    ]);
  });

  test('a state can be demanded in time', () => {
    const before = (time: string): string => `- { state: leader elected, before: ${time} }\n`;
    expect(missed(traced(before('1s') + before('100ms')))).toEqual(['leader elected before 100ms: it holds now, but did not in time']);
  });
});

test('a run tells its script, and a script its reader', () => {
  const what: string[] = [];
  play('- say: Now they choose.\n- until: leader elected\n', {}, ({ world }) => {
    for (const note of notesOf(world.record))
      if (note.type === 'script' || note.type === 'said') what.push(note.type === 'said' ? note.text : `${note.what} ${note.text}`);
  });
  expect(what).toEqual([
    'entered say: Now they choose.',
    'Now they choose.',
    'entered until: leader elected',
    'reached until: leader elected',
    'done ',
  ]);
});

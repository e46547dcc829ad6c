// Conditions as sentences: each form is read, written back, and true or false of a run as it should be.

import { describe, expect, test } from 'vitest';
import { CONDITION_FORMS, formatCondition, parseCondition } from '../../src/scenario/condition.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../../src/scenario/run-scenario.ts';
import { parseRefs } from '../../src/scenario/server-ref.ts';

const SENTENCES = [
  'leader elected',
  'no leader',
  's1 is LEADING',
  's1, s2 is not LOOKING',
  'all except s1 except s2 is FOLLOWING',
  'leader is s3',
  'leader is not old',
  's1 serving',
  'followers not serving',
  's1 has logged 1.2',
  's1 has synced 1.2',
  'all has applied 2.1',
  's1 has acceptedEpoch 3',
  's1 has currentEpoch 3',
  '1.3 in log of s1',
  '1.3 not in log of rest',
  '/a exists on s1',
  '/a missing on all',
  '/a = hello on s1',
  '/a = words on a tree on s1',
  'same tree on all',
  'alice is connected',
  'alice is idle',
  'alice is connected to s1, s2',
  'session of alice known on s1',
  'session of alice unknown on all',
  'PROPOSAL from s3 to followers in flight',
  's1 noted committed',
  's1 SyncThread did append txn(1.2)',
  's1 noted sync-plan sid=old row=SYNC-04',
];

describe.for(SENTENCES)('%s', (sentence) => {
  test('is read and written back', () => {
    const condition = parseCondition(sentence);
    expect(condition).not.toBeNull();
    expect(formatCondition(condition!)).toBe(sentence);
    expect(parseCondition(`  ${sentence} `)).toEqual(condition);
  });
});

test('every form that is offered has an example here', () => {
  const kinds = new Set(SENTENCES.map((sentence) => parseCondition(sentence)!.is));
  expect(kinds.size).toBe(15);
  expect(CONDITION_FORMS).toHaveLength(17);
});

test.for([
  '',
  'leader',
  's1 is',
  's1 has applied',
  's1 has applied one',
  'a = b on s1',
  '/a = b',
  '1.3 in log',
  's1 is a b',
  'in flight',
  's1 noted',
  's1 noted x y',
])('%j is no condition', (sentence) => expect(parseCondition(sentence)).toBeNull());

test.for<[string, unknown]>([
  ['s1', [{ name: 's1', except: [] }]],
  [
    's1,s2',
    [
      { name: 's1', except: [] },
      { name: 's2', except: [] },
    ],
  ],
  [
    's1, all except s2 except s3',
    [
      { name: 's1', except: [] },
      { name: 'all', except: ['s2', 's3'] },
    ],
  ],
  ['all except s1, s2', null],
  ['all  except  s1', [{ name: 'all', except: ['s1'] }]],
  ['except', [{ name: 'except', except: [] }]],
  ['s1,', null],
  ['', null],
  ['s1 s2', null],
  ['1s', null],
])('references: %j', ([text, refs]) => expect(parseRefs(text)).toEqual(refs));

/** Those of the conditions that are not met at the end of the script. */
function untrue(script: string, conditions: readonly string[]): string[] {
  const text = `name: x\nclients: [{ name: alice, servers: s1 }]\nscript:\n${script}- check: ${JSON.stringify(conditions)}\n`;
  const { expectations } = runToEnd(openRun(parseScenario(text, 'x.yaml')));
  const checked = expectations.slice(-conditions.length);
  return conditions.filter((_, i) => !checked[i]!.ok);
}

const SERVING = '- until: all serving\n- alice: create /a 1\n- until: all has synced 1.2\n- until: all has applied 1.2\n';

test('before anything has happened nothing of a server is true', () => {
  const conditions = [
    'leader elected',
    's1 serving',
    'all has applied 1.1',
    'alice is connected',
    'leader is s3',
    'followers is not s1',
    'leader has currentEpoch 1',
  ];
  expect(untrue('', conditions)).toEqual(conditions);
});

test('of an ensemble at rest', () => {
  const ofServers = ['leader elected', 'leader is s3', 'followers is s2, s1', 'rest except s1 is s2', 's3 is BROADCAST'];
  const ofDisks = ['all has logged 1.2', 'all has acceptedEpoch 1', '1.2 in log of all', '1.3 not in log of all'];
  const ofTrees = ['/a exists on all', '/a = 1 on s2', '/b missing on all', 'same tree on all'];
  const ofClients = ['alice is idle', 'alice is connected to s1', 'session of alice known on all'];
  const right = [...ofServers, ...ofDisks, ...ofTrees, ...ofClients];
  expect(untrue(SERVING, right)).toEqual([]);
  const wrong = [
    'no leader',
    'leader is not s3',
    's3 is DISCOVERY',
    'all has logged 1.3',
    'all has acceptedEpoch 2',
    '1.1 not in log of s1',
    '/a missing on s1',
    'alice is connected to s2',
    'session of alice unknown on s1',
  ];
  expect(untrue(SERVING, wrong)).toEqual(wrong);
});

test('of servers that are down only their disks can be asked', () => {
  const down = `${SERVING}- kill: s1\n- power-loss: s2\n`;
  const right = [
    's1, s2 is down',
    's2 is off',
    's1 is not off',
    '1.2 in log of s1, s2',
    's1, s2 has synced 1.2',
    's1 not serving',
    's1 is not FOLLOWING',
  ];
  expect(untrue(down, right)).toEqual([]);
  const wrong = [
    '/a = 1 on s1',
    '/b missing on s1',
    's1 has applied 1.1',
    'same tree on all',
    's1 has currentEpoch 1',
    'session of alice known on s1',
    'session of alice unknown on s1',
  ];
  expect(untrue(down, wrong)).toEqual(wrong);
});

test('of a client that is down', () => {
  expect(untrue(`${SERVING}- kill: alice\n`, ['alice is closed'])).toEqual([]);
  expect(untrue(`${SERVING}- kill: alice\n`, ['alice is idle', 'alice is connected'])).toEqual(['alice is idle', 'alice is connected']);
});

test('a packet in flight is seen until it is read', () => {
  const held = `${SERVING}- hold: { type: PROPOSAL, from: s3, to: s1 }\n- alice: set /a 2\n  async: true\n- until: s2 has logged 1.3\n`;
  expect(untrue(held, ['PROPOSAL from s3 to s1 in flight'])).toEqual([]);
  expect(
    untrue(`${held}- release: { type: PROPOSAL, from: s3, to: s1 }\n- until: s1 has logged 1.3\n`, ['PROPOSAL from s3 to s1 in flight']),
  ).toHaveLength(1);
});

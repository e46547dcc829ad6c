// A recorded session is a file like any other: what is wrong with it is said with its line, and nothing of it reaches the world unchecked.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { replaySession } from '../../src/gateway/replay-session.ts';
import { sessionActionOf } from '../../src/gateway/session-action.ts';
import { makeHead, parseSession } from '../../src/gateway/session-file.ts';
import { connects, requests } from '../support/any-packet.ts';

const head = makeHead({
  version: '0.1.0',
  file: 'three servers',
  scenario: 'name: three servers\n',
  seed: null,
  preset: null,
  mutations: null,
  startUs: 1_700_000_000_000_000,
  zoo: {},
  server: {},
});

const input = (action: object): string => JSON.stringify({ after: 0, at: 0, action });
const message = (lines: readonly string[]): string => {
  try {
    const session = parseSession(`${[JSON.stringify(head), ...lines].join('\n')}\n`, 'session.ndjson');
    for (const events of replaySession(session, 'session.ndjson')) expect(events).toBeGreaterThanOrEqual(0);
    return '';
  } catch (error) {
    return `${(error as Error).name} ${(error as Error).message}`;
  }
};
const operation = (operation: object): object => ({
  type: 'tcp-packet',
  node: 3,
  connection: 1,
  packet: { type: 'OP', xid: 1, operation },
});

describe('what is no input is refused with its line', () => {
  test.each([
    ['no JSON', '{"after":0', 'session.ndjson:2:1'],
    ['no such action', input({ type: 'frobnicate', node: 1 }), 'Invalid'],
    ['an action without what it needs', input({ type: 'kill' }), 'action.node'],
    ['an action with more than it knows', input({ type: 'kill', node: 1, softly: true }), 'softly'],
    ['a node that there is not', input({ type: 'kill', node: 77 }), 'found node 77 in an input, expected one of the 4 that are served'],
    ['a node in a group', input({ type: 'partition', groups: [[0], [9]] }), 'found node 9'],
    ['a packet of no kind', input({ type: 'tcp-packet', node: 3, connection: 1, packet: { type: 'PLEASE' } }), 'action.packet'],
    ['an operation that there is not', input(operation({ op: 'fly' })), 'an operation of a client'],
    ['an operation without its record', input(operation({ op: 'create' })), 'an operation of a client'],
    ['a field of another type', input(operation({ op: 'exists', path: 7, watch: false })), 'an operation of a client'],
    ['a path that is missing', input(operation({ op: 'exists', watch: false })), 'an operation of a client'],
    [
      'a session id that is none',
      input({ type: 'tcp-packet', node: 3, connection: 1, packet: { type: 'CONNECT', session: 'mine' } }),
      'session',
    ],
  ])('%s', (_, line, expected) => {
    expect(message([line])).toMatch(/^InputError session\.ndjson:2:1/);
    expect(message([line])).toContain(expected);
  });
});

test('whatever a client can send is an input', () => {
  const packets = fc.oneof(requests, connects);
  fc.assert(
    fc.property(packets, (packet) => {
      const action = { type: 'tcp-packet', node: 3, connection: 1, packet };
      expect(sessionActionOf(JSON.parse(JSON.stringify(action)))).toEqual(action);
    }),
    { numRuns: 2000 },
  );
});

test('what a person does to the run is an input', () => {
  const actions = [
    { type: 'power-loss', node: 0, keep: 'none', torn: false },
    {
      type: 'partition',
      groups: [
        [0, 3],
        [1, 2],
      ],
    },
    { type: 'disk', node: 1, faults: { slow: 20 } },
    { type: 'break', a: 0, b: 1, port: null, how: null },
    { type: 'message-rule', match: { packet: 'PROPOSAL' }, action: 'delay', delayUs: 5, skip: 0, times: 1 },
    { type: 'calm' },
  ];
  for (const action of actions) expect(sessionActionOf(action)).toEqual(action);
});

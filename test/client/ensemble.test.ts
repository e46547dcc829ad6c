// The library against real servers, under faults: what its facts say is judged against what was committed.

import { expect, test } from 'vitest';
import { hashString } from '../../src/base/hash.ts';
import type { ClientDecisions } from '../../src/client/decisions.ts';
import { parseOperation } from '../../src/client/zkcli.ts';
import { actOn, makeEnsemble, startAll } from '../../src/ensemble/ensemble.ts';
import { FIXED, makeClient, makeServers, makeSpec, ZOO_DEFAULTS } from '../../src/ensemble/spec.ts';
import { runUntil } from '../../src/kernel/run.ts';
import type { Mode } from '../../src/kernel/world.ts';
import type { ServerDecisions } from '../../src/server/decisions.ts';
import { CLIENT_PORT } from '../../src/server/protocol.ts';
import { judgeHistory, recordHistory, type History } from '../support/client-history.ts';

const CLIENTS = 4;
const LINES = [
  'create /a x',
  'create /a/c x',
  'create -e /a/e x',
  'create -e -s /s- y',
  'set /a z',
  'delete /a/c',
  'delete /a',
  'delete /b',
  'create /b 1',
  'multi { create /m 1; delete /m }',
  'multi { set /a q; delete /none }',
  'get -w /a',
  'get -w /b',
  'ls -w /a',
  'ls -w /',
  'stat -w /a',
  'stat -w /b',
  'stat -w /m',
  'get /a',
  'sync /',
];

interface Story {
  readonly seed: number;
  readonly mode: Mode;
  readonly client?: Partial<ClientDecisions>;
  readonly server?: Partial<ServerDecisions>;
  /** Do servers die? */
  readonly kills?: boolean;
}

interface Told {
  readonly history: History;
  readonly bad: readonly string[];
}

/** Clients that read, write and watch while connections break, clients move and pause, and servers die, then a calm end. */
function tell({ seed, mode, client = {}, server: serverDecisions = {}, kills = false }: Story): Told {
  const decisions = { ...FIXED, server: { ...FIXED.server, ...serverDecisions }, client: { ...FIXED.client, ...client } };
  const clients = Array.from({ length: CLIENTS }, (_, i) => makeClient(`c${i}`, { connectDelayMs: 100, sessionTimeoutMs: 6000 }));
  const zoo = { ...ZOO_DEFAULTS, commitLogCount: 100_000 };
  const ensemble = makeEnsemble(makeSpec({ seed: `${seed}`, mode, clients, decisions, zoo, servers: makeServers(3), guard: true }));
  const { world } = ensemble;
  const history = recordHistory(ensemble);
  let draws = 0;
  const below = (n: number): number => hashString(`${seed} ${draws++}`) % n;
  startAll(ensemble);
  runUntil(world, 2_000_000);
  let call = 0;
  const invoke = (node: number, line: string): void => {
    actOn(ensemble, { type: 'invoke', node, call: call++, operation: parseOperation(line) });
  };
  for (let round = 0; round < 300; round++) {
    runUntil(world, world.now + below(40_000));
    const node = 3 + below(CLIENTS);
    const server = below(3);
    const choice = below(100);
    if (choice < 75) for (let i = below(4); i >= 0; i--) invoke(node, LINES[below(LINES.length)] ?? 'sync /');
    else if (choice < 80) actOn(ensemble, { type: 'break', a: node, b: server, port: CLIENT_PORT, how: null });
    else if (choice < 86) actOn(ensemble, { type: 'move-client', node, server });
    else if (choice < 88) actOn(ensemble, { type: 'disconnect-client', node });
    else if (choice < 90)
      actOn(ensemble, { type: 'partition', groups: [[server], [0, 1, 2, 3, 4, 5, 6].filter((each) => each !== server)] });
    else if (choice < 93) actOn(ensemble, { type: 'heal' });
    else if (choice < 95) actOn(ensemble, { type: 'pause', node });
    else if (choice < 97) for (const each of [3, 4, 5, 6]) actOn(ensemble, { type: 'resume', node: each });
    else if (choice < 98) actOn(ensemble, { type: 'open-client', node });
    else if (kills) actOn(ensemble, { type: below(2) === 0 ? 'kill' : 'start', node: server });
    if (choice === 99) runUntil(world, world.now + below(9_000_000));
    if (round % 50 === 49) {
      actOn(ensemble, { type: 'calm' });
      runUntil(world, world.now + 3_000_000);
      for (const each of [3, 4, 5, 6]) actOn(ensemble, { type: 'open-client', node: each });
    }
  }
  actOn(ensemble, { type: 'calm' });
  runUntil(world, world.now + 40_000_000);
  for (let node = 3; node < 3 + CLIENTS; node++) invoke(node, 'sync /');
  runUntil(world, world.now + 5_000_000);
  return { history, bad: judgeHistory(ensemble, history) };
}

function count(history: History, type: string): number {
  return history.entries.filter(({ note }) => note.type === type).length;
}

const seeds = [1, 2, 3, 4, 5, 6];

test.for(['fine', 'coarse'] as const)(
  'nothing goes back, replies and writes keep their order, events come before the news and none is lost: %s [CLI-08, CLI-10, WATCH-28, WATCH-29, WATCH-33, WATCH-36, WATCH-39]',
  (mode) => {
    const told = seeds.map((seed) => tell({ seed, mode, kills: seed % 2 === 0 }));
    expect(told.flatMap(({ bad }) => bad)).toEqual([]);
    const total = (type: string): number => told.reduce((sum, { history }) => sum + count(history, type), 0);
    expect(total('client-returned')).toBe(total('client-invoked'));
    // Not vacuous: all of this happened.
    expect(total('client-event')).toBeGreaterThan(200);
    expect(total('client-resets-watches')).toBeGreaterThan(50);
    expect(total('client-expired')).toBeGreaterThan(0);
    const errors = new Set(
      told.flatMap(({ history }) => history.entries.map(({ note }) => (note.type === 'client-returned' ? note.error : ''))),
    );
    for (const error of ['OK', 'CONNECTIONLOSS', 'SESSIONEXPIRED', 'NONODE', 'NODEEXISTS', 'NOTEMPTY']) expect(errors).toContain(error);
  },
);

/** The judgement above is worth something: it finds what these decisions break. */
test.for<{ readonly decisions: Pick<Story, 'client' | 'server'>; readonly finds: string }>([
  { decisions: { client: { rearmsWatches: false } }, finds: 'I-WORD or I-WLOST' },
  { decisions: { server: { queuesEventsWithReplies: false } }, finds: 'I-WORD or I-WLOST' },
  { decisions: { server: { replyZxid: 'request' } }, finds: 'I-MONO' },
  { decisions: { server: { checksSessionOwner: false } }, finds: 'I-FIFO' },
])('the same judgement finds what breaks: %j', ({ decisions, finds }) => {
  const found = seeds.flatMap((seed) => tell({ seed, mode: 'fine', ...decisions }).bad);
  expect(found.filter((each) => each.startsWith(finds)).length).toBeGreaterThan(0);
});

import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/base/step.ts';
import { createNode, deleteNode, setNodeData } from '../../src/server/data-tree.ts';
import { CONTAINER_OWNER, ttlOwner } from '../../src/server/ephemeral-type.ts';
import { NO_SESSION, OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import type { Submission } from '../../src/client/items.ts';
import type { ServerRequest } from '../../src/server/request.ts';
import { CONTAINER_MANAGER } from '../../src/server/thread-kinds.ts';
import {
  asPeer,
  enqueued,
  itemsFor,
  makeProcessors,
  step,
  type Processors,
  type ProcessorsOptions,
} from '../support/processors-context.ts';
import { application } from '../../src/server/application.ts';
import { act, ask, call, exists, hush, makeServing, nodeOf, notesOf, runMs } from '../support/serving-ensemble.ts';

/** A leader whose timer was started at millisecond 10000, and goes off every second. */
function makeManager(options: ProcessorsOptions = {}): Processors {
  const ctx = makeProcessors('leader', { ...options, config: { containerCheckIntervalMs: 1000, ...options.config } });
  step(ctx, CONTAINER_MANAGER, { type: 'start' });
  return ctx;
}

/** `nth` counts the creates below the parent, and is what its cversion becomes. */
function make(ctx: Processors, path: string, owner: string, nth = 1): void {
  const made = { path, data: null, acl: OPEN_ACL_UNSAFE, owner, parentCVersion: nth, zxid: 0x1_0000_0001, time: 10_000 };
  createNode(ctx.parts, ctx.refs, made);
}

function pathsOf(effects: readonly Effect[]): unknown[] {
  return enqueued(effects)
    .map(({ item }) => (item as unknown as ServerRequest).operation as { path: string })
    .map(({ path }) => path);
}

/** What is asked for up to that millisecond, each with when. */
function askedUntil(ctx: Processors, ms: number): [number, unknown][] {
  const asked: [number, unknown][] = [];
  for (;;) {
    const { blockedOn } = ctx.thread;
    if (blockedOn?.on !== 'queue') throw new Error('the timer is not waiting');
    if (blockedOn.deadline > ms * 1000) return asked;
    ctx.now = blockedOn.deadline;
    for (const path of pathsOf(step(ctx, CONTAINER_MANAGER, { type: 'timeout' }))) asked.push([ctx.now / 1000, path]);
  }
}

describe('what may go [TREE-19]', () => {
  test('a container that had a child and has none', () => {
    const ctx = makeManager();
    make(ctx, '/c', CONTAINER_OWNER);
    make(ctx, '/c/x', NO_SESSION);
    make(ctx, '/plain', NO_SESSION);
    expect(askedUntil(ctx, 12_000)).toEqual([]);
    deleteNode(ctx.parts, ctx.refs, '/c/x', 0x1_0000_0002, true);
    expect(askedUntil(ctx, 13_000)).toEqual([[13_000, '/c']]);
    expect(askedUntil(ctx, 14_000)).toEqual([[14_000, '/c']]); // again, as long as it is there
    deleteNode(ctx.parts, ctx.refs, '/c', 0x1_0000_0003, true);
    expect(askedUntil(ctx, 20_000)).toEqual([]);
  });

  test('a container that never had one, after the time that the release or the configuration gives it [CFG-52]', () => {
    const never = { server: { containerMaxNeverUsedIntervalMs: 0 } };
    const set = { ...never, config: { containerMaxNeverUsedIntervalMs: 3000 } };
    for (const [options, first] of [
      [{}, 311_000],
      [never, null],
      [set, 14_000],
    ] as const) {
      const ctx = makeManager(options);
      make(ctx, '/c', CONTAINER_OWNER);
      expect(askedUntil(ctx, 400_000)[0] ?? null).toEqual(first === null ? null : [first, '/c']);
    }
  });

  test('a TTL node whose data is older than its time to live, while it has no child [TREE-20]', () => {
    const ctx = makeManager();
    make(ctx, '/t', ttlOwner(2000));
    make(ctx, '/t/x', NO_SESSION);
    expect(askedUntil(ctx, 14_000)).toEqual([]);
    setNodeData(ctx.parts, ctx.refs, '/t', null, 1, 0x1_0000_0002, 14_000);
    deleteNode(ctx.parts, ctx.refs, '/t/x', 0x1_0000_0003, true);
    expect(askedUntil(ctx, 16_000)).toEqual([]);
    expect(askedUntil(ctx, 17_000)).toEqual([[17_000, '/t']]);
  });
});

test('deletions are asked for one by one, so many a minute [TREE-20]', () => {
  const ctx = makeManager({ config: { containerMaxPerMinute: 120 } });
  for (const path of ['/b', '/a', '/c']) make(ctx, path, ttlOwner(1));
  expect(askedUntil(ctx, 12_000)).toEqual([
    [11_000, '/a'],
    [11_500, '/b'],
    [12_000, '/c'],
    [12_000, '/a'], // the next check is due
  ]);
  const fast = makeManager({ config: { containerMaxPerMinute: 100_000 } });
  for (const path of ['/b', '/a']) make(fast, path, ttlOwner(1));
  fast.now = 11_000_000;
  const effects = step(fast, CONTAINER_MANAGER, { type: 'timeout' });
  expect(effects).toMatchObject([{ type: 'enqueue' }, { type: 'continue', item: { type: 'delete-next' } }]);
});

test('the timer belongs to a role in charge, and ends with it [TREE-19]', () => {
  for (const [role, has] of [
    ['leader', true],
    ['standalone', true],
    ['follower', false],
    ['observer', false],
  ] as const) {
    const ctx = makeProcessors(role);
    expect(ctx.started.some((effect) => effect.type === 'start' && Math.floor(effect.thread / 0x40000000000) === CONTAINER_MANAGER)).toBe(
      has,
    );
    expect(
      itemsFor(
        asPeer(ctx, () => application.stopProcessors(ctx)),
        CONTAINER_MANAGER,
      ),
    ).toEqual(has ? ['stop'] : []);
  }
  const ctx = makeManager();
  step(ctx, CONTAINER_MANAGER, { type: 'stop' });
  expect(ctx.thread.ending).toBe(true);
  step(ctx, CONTAINER_MANAGER, { type: 'start' }, 0, 8);
  step(ctx, CONTAINER_MANAGER, { type: 'timeout' });
  expect(ctx.thread.ending).toBe(true);
});

const container = (path: string): Submission => ({ op: 'createContainer', path, data: null, acl: OPEN_ACL_UNSAFE, mode: 'CONTAINER' });
const ttl = (path: string, ttlMs: number): Submission => {
  return { op: 'createTTL', path, data: null, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_WITH_TTL', ttlMs };
};

test.for([1, 3])('with %i servers, what is no longer needed goes from all of them, under a new leader too [TREE-19]', (voters) => {
  const it = makeServing({ voters, clients: [['s1']], server: { containerCheckIntervalMs: 1000, extendedTypesEnabled: true } });
  expect(ask(it, 'c1', container('/c'))).toMatchObject({
    error: 'OK',
    result: { op: 'createContainer', stat: { ephemeralOwner: NO_SESSION } },
  });
  expect(ask(it, 'c1', ttl('/t', 2500))).toMatchObject({ error: 'OK', result: { op: 'createTTL', stat: { ephemeralOwner: NO_SESSION } } });
  call(it, 'c1', 'create /c/x');
  runMs(it, 1500);
  expect(exists(it, 's1', '/t')).toBe(true);
  if (voters > 1) {
    act(it, { type: 'kill', node: nodeOf(it, 's3') });
    runMs(it, 2000);
  }
  runMs(it, 3500);
  expect([exists(it, 's1', '/t'), exists(it, 's1', '/c')]).toEqual([false, true]);
  call(it, 'c1', 'delete /c/x');
  hush(it);
  runMs(it, 1500);
  expect(exists(it, 's1', '/c')).toBe(false);
  expect(notesOf(it, 'request-prepared')).toMatchObject([{ operation: 'deleteContainer', session: NO_SESSION, error: 'OK' }]);
});

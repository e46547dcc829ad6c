// Events of nodes that their watcher may not read.

import { expect, test } from 'vitest';
import { ownConnection } from '../../src/server/connections.ts';
import { applyTxn } from '../../src/server/process-txn.ts';
import { OPEN_ACL_UNSAFE, PERMS, type Acl } from '../../src/server/protocol.ts';
import type { TxnBody } from '../../src/server/txn-body.ts';
import { addWatch, watchesSummary } from '../../src/server/watch-manager.ts';
import { resetWatches } from '../../src/server/watch-operations.ts';
import { attach, makeProcessors, sessionId, type Processors } from '../support/processors-context.ts';

const OWNER = { scheme: 'digest', id: 'u:x' };
const PRIVATE: Acl = [{ perms: PERMS.ALL, ...OWNER }];
const WRITABLE: Acl = [
  { perms: PERMS.ALL, ...OWNER },
  { perms: PERMS.WRITE + PERMS.CREATE + PERMS.DELETE + PERMS.ADMIN, scheme: 'world', id: 'anyone' },
];

interface Scene {
  readonly ctx: Processors;
  readonly stranger: number;
  readonly owner: number;
  zxid: number;
}

function makeScene(checksReadOfWatchers = true): Scene {
  const ctx = makeProcessors('follower', { server: { checksReadOfWatchers } });
  const [stranger, owner] = [attach(ctx, sessionId(1), 51), attach(ctx, sessionId(2), 52)];
  const connection = ownConnection(ctx, owner);
  connection.authInfo = [...connection.authInfo, OWNER];
  return { ctx, stranger, owner, zxid: 0x1_0000_0000 };
}

function created(path: string, acl: Acl = OPEN_ACL_UNSAFE): TxnBody {
  return { type: 'create', path, data: null, acl, ephemeral: false, parentCVersion: 1 };
}

/** Who is told what by a transaction. */
function told(scene: Scene, body: TxnBody): string[] {
  const zxid = ++scene.zxid;
  const { events } = applyTxn(scene.ctx, { type: 'txn', zxid, session: sessionId(9), cxid: 1, timeMs: 0, body, digest: '', bytes: 0 });
  return events.map(({ connection, event, path }) => `${connection === scene.owner ? 'owner' : 'stranger'} ${event} ${path}`);
}

function watchBoth({ ctx, stranger, owner }: Scene, path: string, mode: 'STANDARD' | 'PERSISTENT' | 'PERSISTENT_RECURSIVE'): void {
  for (const connection of [stranger, owner]) {
    for (const table of ['data', 'child'] as const) addWatch(ctx.parts, ctx.refs.watches, { table, path, connection }, mode, false);
  }
}

test('who has no READ on the node is not told of it, on the parent not of its children [WATCH-23]', () => {
  const scene = makeScene();
  watchBoth(scene, '/', 'PERSISTENT_RECURSIVE');
  watchBoth(scene, '/p', 'PERSISTENT');
  expect(told(scene, created('/p', PRIVATE))).toEqual(['owner NodeCreated /p']);
  expect(told(scene, created('/p/open'))).toEqual([
    'stranger NodeCreated /p/open',
    'owner NodeCreated /p/open',
    'owner NodeChildrenChanged /p',
  ]);
  expect(told(scene, { type: 'setData', path: '/p', data: null, version: 1 })).toEqual(['owner NodeDataChanged /p']);
  expect(told(scene, { type: 'delete', path: '/p/open' })).toEqual([
    'stranger NodeDeleted /p/open',
    'owner NodeDeleted /p/open',
    'owner NodeChildrenChanged /p',
  ]);
  expect(told(scene, { type: 'delete', path: '/p' })).toEqual(['owner NodeDeleted /p']);
});

test('NodeChildrenChanged asks the parent, whatever the child allows [WATCH-23]', () => {
  const scene = makeScene();
  watchBoth(scene, '/', 'STANDARD');
  expect(told(scene, created('/secret', PRIVATE))).toEqual(['stranger NodeChildrenChanged /', 'owner NodeChildrenChanged /']);
});

test('the right to write is none to hear, and a one-shot watch is consumed unheard; the fact is noted [WATCH-23]', () => {
  const scene = makeScene();
  watchBoth(scene, '/w', 'STANDARD');
  scene.ctx.notes.length = 0;
  expect(told(scene, created('/w', WRITABLE))).toEqual(['owner NodeCreated /w']);
  expect(scene.ctx.notes.filter(({ type }) => type === 'watch-withheld')).toEqual([
    { type: 'watch-withheld', session: sessionId(1), event: 'NodeCreated', path: '/w', zxid: scene.zxid },
  ]);
  expect(watchesSummary(scene.ctx.parts, scene.ctx.refs.watches).watches).toBe(0);
});

test('a deletion that a data watcher may not hear of is not told to it as a child watcher [WATCH-13] [WATCH-23]', () => {
  const scene = makeScene();
  told(scene, created('/p', PRIVATE));
  watchBoth(scene, '/p', 'STANDARD');
  expect(told(scene, { type: 'delete', path: '/p' })).toEqual(['owner NodeDeleted /p']);
});

test('setWatches tells of any node [WATCH-22, WATCH-23]', () => {
  const scene = makeScene();
  told(scene, created('/p', PRIVATE));
  const lists = { data: ['/p'], exist: ['/p'], child: [] };
  const watcher = { connection: scene.stranger, session: sessionId(1) };
  expect(resetWatches(scene.ctx, { op: 'setWatches', relativeZxid: 0, ...lists }, watcher)).toHaveLength(2);
});

test('before ZOOKEEPER-4799 everybody was told [WATCH-23]', () => {
  const scene = makeScene(false);
  watchBoth(scene, '/', 'PERSISTENT_RECURSIVE');
  expect(told(scene, created('/p', PRIVATE))).toEqual(['stranger NodeCreated /p', 'owner NodeCreated /p']);
});

// Commands of zkCli that are several requests: which requests, in which order, and what they come to.

import { expect, test } from 'vitest';
import { hashText } from '../../src/base/hash.ts';
import { FIXED_CLIENT } from '../../src/client/decisions.ts';
import type { ClientFact } from '../../src/client/note.ts';
import { nextOf } from '../../src/client/run-sequence.ts';
import { beginSequence } from '../../src/client/sequence.ts';
import { formatOperation } from '../../src/client/zkcli-print.ts';
import { forkEnsemble } from '../../src/ensemble/ensemble.ts';
import { runUntil } from '../../src/kernel/run.ts';
import { act, call, hush, makeServing, nodeOf, notesOf, runMs, type Serving } from '../support/serving-ensemble.ts';

type Invoked = Extract<ClientFact, { type: 'client-invoked' }>;
type Done = Extract<ClientFact, { type: 'client-sequence-done' }>;

function serving(...lines: readonly string[]): Serving {
  const it = makeServing({ clients: [['s1']] });
  for (const line of lines) call(it, 'c1', line, 50);
  hush(it);
  return it;
}

/** The requests that the command makes, as they would be typed, and then what it comes to. */
function run(it: Serving, command: string, ms = 2000): { readonly asked: readonly string[]; readonly done: Done } {
  hush(it);
  call(it, 'c1', command, ms);
  const [done, ...more] = notesOf(it, 'client-sequence-done') as unknown as Done[];
  expect(done, command).toBeDefined();
  expect(more).toEqual([]);
  const asked = (notesOf(it, 'client-invoked') as unknown as Invoked[]).map(({ operation }) => formatOperation(operation as never));
  return { asked, done: done! };
}

const TREE = ['create /a', 'create /a/y', 'create /a/x', 'create /a/x/2', 'create /a/x/1'];

test('ls -R reads the root, then lists depth first, and tells all children of a node before any of theirs', () => {
  const { asked, done } = run(serving(...TREE), 'ls -R /a');
  expect(asked).toEqual(['get /a', 'ls /a', 'ls /a/x', 'ls /a/x/1', 'ls /a/x/2', 'ls /a/y']);
  expect(done).toMatchObject({ error: 'OK', told: ['/a', '/a/x', '/a/y', '/a/x/1', '/a/x/2'].map((path) => ({ key: 'path', path })) });
});

test('ls -R of a node that is not there ends with the first request', () => {
  expect(run(serving(), 'ls -R /a')).toMatchObject({ asked: ['get /a'], done: { error: 'NONODE', told: [] } });
});

test('deleteall lists breadth first and deletes from the end, all in one multi', () => {
  const it = serving(...TREE);
  const { asked, done } = run(it, 'deleteall /a');
  expect(asked.slice(0, 5).toSorted()).toEqual(['/a', '/a/x', '/a/x/1', '/a/x/2', '/a/y'].map((path) => `getChildren ${path}`));
  expect(asked).toHaveLength(6);
  const deletes = asked[5]!.replace('multi { ', '').replace(' }', '').split('; ');
  expect(deletes.at(-1)).toBe('delete /a');
  expect(deletes.toSorted()).toEqual(['delete /a', 'delete /a/x', 'delete /a/x/1', 'delete /a/x/2', 'delete /a/y']);
  expect(done).toMatchObject({ error: 'OK', told: [] });
  expect(run(it, 'ls -R /a').done.error).toBe('NONODE');
});

test('deleteall -b makes multis of that many, and single deletes for 0', () => {
  const two = run(serving(...TREE), 'deleteall -b 2 /a').asked.filter((line) => line.startsWith('multi'));
  expect(two.map((line) => line.split(';').length)).toEqual([2, 2, 1]);
  const single = run(serving(...TREE), 'deleteall -b 0 /a').asked.slice(5);
  expect(single).toHaveLength(5);
  expect(single.at(-1)).toBe('delete /a');
});

test('a multi that fails ends deleteall with its error, though the header of the reply says OK [MULTI-03]', () => {
  const it = serving(...TREE);
  const { done } = run(it, 'deleteall /');
  expect(done).toMatchObject({ error: 'BADARGUMENTS', told: [{ key: 'not-all-deleted' }] });
  expect(run(it, 'ls -R /a').done.error).toBe('OK');
});

test('setquota looks below and above, makes the nodes of the quota, and reads them back [QUOTA-01]', () => {
  const it = serving('create /a', 'create /a/b');
  const { asked, done } = run(it, 'setquota -n 5 /a/b');
  expect(asked).toEqual([
    'stat /a/b',
    'get /zookeeper/quota/a/b',
    'getChildren /zookeeper/quota/a',
    'stat /zookeeper/quota',
    'stat /zookeeper/quota/a',
    'create /zookeeper/quota/a',
    'stat /zookeeper/quota/a/b',
    'create /zookeeper/quota/a/b',
    'stat /zookeeper/quota/a/b/zookeeper_limits',
    'create /zookeeper/quota/a/b/zookeeper_limits "count=5,bytes=-1=;byteHardLimit=-1;countHardLimit=-1"',
    'create /zookeeper/quota/a/b/zookeeper_stats count=0,bytes=0',
    'get /zookeeper/quota/a/b/zookeeper_limits',
    'get /zookeeper/quota/a/b/zookeeper_stats',
  ]);
  expect(done.error).toBe('OK');
});

test('a second setquota changes one limit and keeps the others [QUOTA-07]', () => {
  const it = serving('create /a', 'setquota -n 5 /a');
  const { asked } = run(it, 'setquota -B 100 /a');
  expect(asked.at(-1)).toBe('set /zookeeper/quota/a/zookeeper_limits "count=5,bytes=-1=;byteHardLimit=100;countHardLimit=-1"');
  expect(run(it, 'listquota /a').done.told).toMatchObject([
    { key: 'quota', limits: 'count=5,bytes=-1=;byteHardLimit=100;countHardLimit=-1' },
  ]);
});

test('there is one quota on a path from the root: none above, none below another', () => {
  const it = serving('create /a', 'create /a/b', 'create /a/b/c');
  run(it, 'setquota -n 5 /a/b');
  expect(run(it, 'setquota -n 5 /a').done).toMatchObject({
    error: 'BADARGUMENTS',
    told: [{ key: 'other-quota', where: 'child', path: '/a/b' }],
  });
  expect(run(it, 'setquota -n 5 /a/b/c').done).toMatchObject({
    error: 'BADARGUMENTS',
    told: [{ key: 'other-quota', where: 'parent', path: '/a/b' }],
  });
  expect(run(it, 'setquota -n 5 /none').done).toMatchObject({ error: 'NONODE', told: [] });
});

test('delquota takes one limit away, or all with the nodes that nothing else needs', () => {
  const it = serving('create /a', 'create /a/b');
  run(it, 'setquota -n 5 /a/b');
  expect(run(it, 'delquota -n /a/b').asked.at(-1)).toContain('count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=-1');
  const { asked, done } = run(it, 'delquota /a/b');
  expect(asked.filter((line) => line.startsWith('delete'))).toEqual([
    'delete /zookeeper/quota/a/b/zookeeper_limits',
    'delete /zookeeper/quota/a/b/zookeeper_stats',
    'delete /zookeeper/quota/a/b',
    'delete /zookeeper/quota/a',
  ]);
  expect(done).toMatchObject({ error: 'OK', told: [] });
  expect(run(it, 'delquota /a/b').done).toMatchObject({ error: 'OK', told: [{ key: 'no-quota', path: '/a/b' }] });
  expect(run(it, 'listquota /a/b').done).toMatchObject({ error: 'NONODE', told: [{ key: 'no-quota', path: '/a/b' }] });
});

test('a sequence whose connection breaks ends with the error of the request that was lost [CLI-11]', () => {
  const it = serving(...TREE);
  act(it, { type: 'invoke', node: nodeOf(it, 'c1'), call: 999, operation: { op: 'ls-recursive', path: '/a', watch: false } });
  runMs(it, 1);
  act(it, { type: 'disconnect-client', node: nodeOf(it, 'c1') });
  runMs(it, 2000);
  expect(notesOf(it, 'client-sequence-done')).toMatchObject([{ call: 999, error: 'CONNECTIONLOSS' }]);
});

test('a fork in the middle of a sequence goes the same way', () => {
  const it = serving(...TREE);
  const { world } = it.ensemble;
  act(it, { type: 'invoke', node: nodeOf(it, 'c1'), call: 999, operation: { op: 'ls-recursive', path: '/a', watch: false } });
  runMs(it, 2);
  const fork = forkEnsemble(it.ensemble).world;
  const until = world.now + 2_000_000;
  runUntil(world, until);
  runUntil(fork, until);
  expect(hashText(fork.hash)).toBe(hashText(world.hash));
  expect(notesOf(it, 'client-sequence-done')).toHaveLength(1);
});

test('a program reads nothing but its answers: the same answers, the same request', () => {
  const running = beginSequence({ op: 'setquota', path: '/a', limit: 'count', value: 1 }, 1, 'c1', null);
  expect(nextOf(running, FIXED_CLIENT)).toEqual(nextOf(running, FIXED_CLIENT));
  expect(nextOf({ ...running, answers: [{ error: 'NONODE', result: null }] }, FIXED_CLIENT)).toEqual({ error: 'NONODE', told: [] });
});

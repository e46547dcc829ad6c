// Watches: which change fires what, for whom, and in which order.

import * as op from '../operations.ts';
import type { Client } from '../client.ts';
import type { Request } from '../request.ts';
import { cases, type Script } from '../script.ts';

/** A watcher and a writer; the watcher's events of every change are told, in order, when the writer has its reply. */
function watched(prepare: readonly Request[], watches: readonly Request[], changes: readonly Request[]): Script {
  return async (s) => {
    const watcher = await s.client('watcher');
    const writer = await s.client('writer');
    await writer.quietly(() => writer.calls(...prepare));
    await watcher.calls(...watches);
    for (const change of changes) {
      await writer.call(change);
      await watcher.flush();
    }
  };
}

const all = (path: string): Request[] => [op.exists(path, true), op.getChildren(path, true)];

export const triggers = cases({
  'create: exists on the missing node, children of the parent [WATCH-01, WATCH-14]': watched(
    [],
    [op.exists('~/a', true), op.getChildren('~', true)],
    [op.create('~/a'), op.create('~/b')],
  ),
  'delete: data and child watches on the node give one event [WATCH-02, WATCH-13]': watched(
    [op.create('~/a')],
    [op.getData('~/a', true), op.getChildren('~/a', true), op.getChildren('~', true)],
    [op.remove('~/a'), op.create('~/a'), op.remove('~/a')],
  ),
  'delete: a child watch alone gives NodeDeleted [WATCH-02]': watched(
    [op.create('~/a')],
    [op.getChildren('~/a', true)],
    [op.remove('~/a')],
  ),
  'delete: getData watch, exists watch [WATCH-02, WATCH-12]': watched(
    [op.create('~/a'), op.create('~/b')],
    [op.getData('~/a', true), op.exists('~/b', true)],
    [op.remove('~/a'), op.remove('~/b'), op.create('~/b')],
  ),
  'setData: data and exists watches, once [WATCH-03, WATCH-12]': watched(
    [op.create('~/a'), op.create('~/b')],
    [op.getData('~/a', true), op.exists('~/b', true), ...all('~')],
    [op.setData('~/a', 'x'), op.setData('~/a', 'y'), op.setData('~/b', 'x'), op.setData('~', 'x')],
  ),
  'setData does not touch child watches [WATCH-03]': watched(
    [op.create('~/a')],
    [op.getChildren('~/a', true), op.getChildren2('~', true)],
    [op.setData('~/a', 'x')],
  ),
  'setACL, check, sync and new sessions fire nothing [WATCH-04]': watched(
    [op.create('~/a')],
    [op.getData('~/a', true), op.getChildren('~/a', true)],
    [op.setAcl('~/a', op.OPEN), op.multi(op.check('~/a')), op.sync('~/a')],
  ),
  'a failed write fires nothing [WATCH-09]': watched(
    [op.create('~/a')],
    [op.getData('~/a', true), op.getChildren('~', true), op.exists('~/b', true)],
    [op.setData('~/a', 'x', 9), op.remove('~/a', 9), op.create('~/a'), op.create('~/b', { acl: [] }), op.setData('~/a', 'x')],
  ),
  'a create far below fires nothing above its parent [WATCH-01]': watched(
    [op.create('~/a'), op.create('~/a/b')],
    [op.getChildren('~', true), op.getChildren('~/a', true), op.getChildren('~/a/b', true)],
    [op.create('~/a/b/c'), op.create('~/a/c')],
  ),
  'a watch on the parent is gone after the first child [WATCH-12]': watched(
    [],
    [op.getChildren2('~', true)],
    [op.create('~/a'), op.create('~/b'), op.remove('~/a')],
  ),
  'the same watch asked for twice fires once [WATCH-11]': watched(
    [op.create('~/a')],
    [op.getData('~/a', true), op.getData('~/a', true), op.exists('~/a', true)],
    [op.setData('~/a', 'x'), op.setData('~/a', 'y')],
  ),
  'failing reads set no watch, but exists does [WATCH-10, VAL-08]': watched(
    [],
    [op.getData('~/a', true), op.getChildren('~/b', true), op.exists('~/c', true)],
    [op.create('~/a'), op.create('~/b'), op.create('~/b/x'), op.create('~/c')],
  ),
  'reads without the flag set no watch, nor take one away [WATCH-10]': watched(
    [op.create('~/a')],
    [op.getData('~/a', true), op.getData('~/a'), op.exists('~/a'), op.getChildren('~')],
    [op.setData('~/a', 'x'), op.create('~/b')],
  ),
  'an ephemeral and a sequential create fire like any [WATCH-01]': watched(
    [],
    [op.getChildren('~', true), op.exists('~/s-0000000001', true)],
    [op.create('~/e', { flags: op.EPHEMERAL }), op.create('~/s-', { flags: op.SEQUENTIAL })],
  ),
  'a container is created like any [WATCH-01]': watched(
    [],
    [op.getChildren('~', true), op.exists('~/c', true)],
    [op.createContainer('~/c')],
  ),
  'an exists watch on a node of every kind of change [WATCH-12]': watched(
    [],
    [op.exists('~/a', true)],
    [op.create('~/a'), op.setData('~/a', 'x'), op.remove('~/a')],
  ),
  'the watch on a path with a trailing slash or none at all never matches [WATCH-46]': watched(
    [op.create('~/a')],
    [op.exists('~/a/', true), op.exists('noslash', true), op.addWatch('~/a/'), op.addWatch('noslash', op.RECURSIVE)],
    [op.setData('~/a', 'x'), op.create('~/a/b')],
  ),
  "an event of one's own write comes before its reply [WATCH-29]": async (s) => {
    const a = await s.client('a');
    await a.calls(
      op.create('~/a'),
      op.getData('~/a', true),
      op.getChildren('~', true),
      op.setData('~/a', 'x'),
      op.remove('~/a'),
      op.exists('~/a'),
    );
  },
  'events are queued before the replies of reads behind them [WATCH-28]': async (s) => {
    const a = await s.client('a');
    await a.pipeline(
      op.create('~/a'),
      op.getData('~/a', true),
      op.setData('~/a', 'x'),
      op.getData('~/a', true),
      op.setData('~/a', 'y'),
      op.getData('~/a'),
    );
  },
  'each connection has its own watches [WATCH-19]': async (s) => {
    const [a, b, c] = [await s.client('a'), await s.client('b'), await s.client('c')];
    await a.calls(op.create('~/a'), op.getData('~/a', true));
    await b.calls(op.getData('~/a', true), op.getChildren('~', true));
    await c.call(op.setData('~/a', 'x'));
    await a.events(1);
    await b.events(1);
    await c.call(op.remove('~/a'));
    await b.events(1);
  },
  'closing a session fires for each of its ephemerals [WATCH-07, SESS-20]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await b.calls(op.create('~/e', { flags: op.EPHEMERAL }));
    await a.calls(op.getData('~/e', true), op.getChildren('~', true));
    await b.close();
    await a.events(2);
    await a.calls(op.exists('~/e'), op.exists('~'));
  },
  'a dropped connection loses its watches [WATCH-20]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await a.calls(op.create('~/a'), op.getData('~/a', true));
    a.drop();
    const again = await s.client('again', { of: a });
    await b.call(op.setData('~/a', 'x'));
    await again.call(op.getData('~/a'));
  },
  'a quota stats node changes without a watch [WATCH-08, QUOTA-04]': async (s) => {
    const a = await s.client('a');
    await a.calls(
      op.create('/zookeeper/quota~'),
      op.create('/zookeeper/quota~/zookeeper_limits', { data: 'count=100,bytes=100' }),
      op.create('/zookeeper/quota~/zookeeper_stats', { data: 'count=0,bytes=0' }),
      op.getData('/zookeeper/quota~/zookeeper_stats', true),
      op.create('~/a', { data: 'xyz' }),
      op.getData('/zookeeper/quota~/zookeeper_stats'),
    );
  },
});

/** Asks whether a persistent watch is still there, by changes. */
const everything = [
  op.create('~/a/b'),
  op.setData('~/a', 'x'),
  op.setData('~/a/b', 'x'),
  op.remove('~/a/b'),
  op.remove('~/a'),
  op.create('~/a'),
];

export const persistent = cases({
  'a persistent watch sees data and children of its node, again and again [WATCH-15, WATCH-01..03]': watched(
    [op.create('~/a')],
    [op.addWatch('~/a')],
    [...everything, ...everything],
  ),
  'a recursive watch sees all below, but no NodeChildrenChanged [WATCH-15, WATCH-17]': watched(
    [op.create('~/a')],
    [op.addWatch('~/a', op.RECURSIVE)],
    [...everything, ...everything],
  ),
  'a recursive watch on the root of the case [WATCH-17]': watched(
    [],
    [op.addWatch('~', op.RECURSIVE)],
    [op.create('~/a'), ...everything, op.create('~/ab')],
  ),
  'a watch on a missing node [VAL-12]': watched(
    [],
    [op.addWatch('~/a'), op.addWatch('~/b', op.RECURSIVE)],
    [op.create('~/a'), op.create('~/b'), op.create('~/b/c')],
  ),
  'a watch does not need permission to be set; the event needs READ in the Debian package [VAL-12, WATCH-23]': watched(
    [op.create('~/a', { acl: [op.acl(op.ALL - op.READ, 'world', 'anyone')] })],
    [op.addWatch('~/a'), op.exists('~/a', true)],
    [op.setData('~/a', 'x'), op.create('~/a/b'), op.remove('~/a/b'), op.remove('~/a')],
  ),
  'a standard watch without READ is used up silently [WATCH-23]': watched(
    [op.create('~/a', { acl: [op.acl(op.ALL - op.READ, 'world', 'anyone')] })],
    [op.exists('~/a', true)],
    [op.setData('~/a', 'x'), op.setAcl('~/a', op.OPEN), op.setData('~/a', 'y')],
  ),
  'a child watch whose node loses READ meanwhile [WATCH-23]': watched(
    [op.create('~/a')],
    [op.getChildren('~/a', true), op.getData('~/a', true)],
    [op.setAcl('~/a', [op.acl(op.ALL - op.READ, 'world', 'anyone')]), op.create('~/a/b'), op.setData('~/a', 'x'), op.remove('~/a/b')],
  ),
  'a bad mode is MARSHALLINGERROR [VAL-12]': watched(
    [],
    [op.addWatch('~', 2), op.addWatch('~', -1), op.addWatch(null), op.addWatch('')],
    [op.create('~/a')],
  ),
  'two persistent watches of one connection on one path: the last mode holds in 3.8.0 [WATCH-16]': watched(
    [op.create('~/a')],
    [op.addWatch('~/a', op.RECURSIVE), op.addWatch('~/a')],
    everything,
  ),
  'persistent, then recursive on the same path [WATCH-16]': watched(
    [op.create('~/a')],
    [op.addWatch('~/a'), op.addWatch('~/a', op.RECURSIVE)],
    everything,
  ),
  'a later getData watch makes a persistent one one-shot in 3.8.0 [WATCH-16]': watched(
    [op.create('~/a')],
    [op.addWatch('~/a'), op.getData('~/a', true)],
    [op.setData('~/a', 'x'), op.setData('~/a', 'y'), op.create('~/a/b'), op.remove('~/a/b')],
  ),
  'a later getChildren watch makes a persistent one one-shot in 3.8.0 [WATCH-16]': watched(
    [op.create('~/a')],
    [op.addWatch('~/a'), op.getChildren('~/a', true)],
    [op.create('~/a/b'), op.create('~/a/c'), op.setData('~/a', 'x'), op.setData('~/a', 'y')],
  ),
  'a standard watch below a recursive one: one event, and the standard one is used up [WATCH-18]': watched(
    [op.create('~/a'), op.create('~/a/b')],
    [op.addWatch('~/a', op.RECURSIVE), op.getData('~/a/b', true), op.getChildren('~/a/b', true)],
    [op.setData('~/a/b', 'x'), op.setData('~/a/b', 'y'), op.create('~/a/b/c'), op.remove('~/a/b/c'), op.remove('~/a/b')],
  ),
  'a persistent watch and a recursive ancestor [WATCH-17]': watched(
    [op.create('~/a')],
    [op.addWatch('~', op.RECURSIVE), op.addWatch('~/a')],
    everything,
  ),
  'persistent watches do not outlive their connection [WATCH-20]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await a.calls(op.create('~/a'), op.addWatch('~/a', op.RECURSIVE));
    a.drop();
    const again = await s.client('again', { of: a });
    await b.calls(op.setData('~/a', 'x'));
    await again.call(op.getData('~/a'));
  },
});

/** What is left of watches after removing some. */
function removed(watches: readonly Request[], removals: readonly Request[]): Script {
  return watched(
    [op.create('~/a')],
    [...watches, ...removals],
    [op.setData('~/a', 'x'), op.create('~/a/b'), op.remove('~/a/b'), op.remove('~/a')],
  );
}

const standard = [op.getData('~/a', true), op.getChildren('~/a', true)];

export const removals = cases({
  'removeWatches of type Data leaves the children [VAL-11, WATCH-25, WATCH-47]': removed(standard, [op.removeWatches('~/a', op.DATA)]),
  'removeWatches of type Children leaves the data [WATCH-25]': removed(standard, [op.removeWatches('~/a', op.CHILDREN)]),
  'removeWatches of type Any takes both [WATCH-25]': removed(standard, [op.removeWatches('~/a', op.ANY), op.removeWatches('~/a', op.ANY)]),
  'nothing to remove is NOWATCHER [VAL-11]': removed(
    [op.getData('~/a', true)],
    [
      op.removeWatches('~/a', op.CHILDREN),
      op.removeWatches('~/none', op.ANY),
      op.removeWatches('~', op.DATA),
      op.removeWatches('~/a', op.DATA),
    ],
  ),
  'unknown types are MARSHALLINGERROR [VAL-11]': removed(standard, [
    op.removeWatches('~/a', 0),
    op.removeWatches('~/a', 4),
    op.removeWatches('~/a', 5),
    op.removeWatches('~/a', -1),
    op.checkWatches('~/a', 0),
    op.checkWatches('~/a', 6),
    op.checkWatches(null, 3),
    op.removeWatches(null, 3),
  ]),
  'removal takes half of a persistent watch [WATCH-27, WATCH-45]': removed([op.addWatch('~/a')], [op.removeWatches('~/a', op.DATA)]),
  'removal takes the other half of a persistent watch [WATCH-27, WATCH-45]': removed(
    [op.addWatch('~/a')],
    [op.removeWatches('~/a', op.CHILDREN)],
  ),
  'removal takes all of a persistent watch [WATCH-45]': removed([op.addWatch('~/a')], [op.removeWatches('~/a', op.ANY)]),
  'removal of a recursive watch: Any [WATCH-45]': removed([op.addWatch('~/a', op.RECURSIVE)], [op.removeWatches('~/a', op.ANY)]),
  'removal of a recursive watch: Data [WATCH-45]': removed([op.addWatch('~/a', op.RECURSIVE)], [op.removeWatches('~/a', op.DATA)]),
  'removal of a recursive watch: Children [WATCH-45]': removed([op.addWatch('~/a', op.RECURSIVE)], [op.removeWatches('~/a', op.CHILDREN)]),
  'below a recursive watch there is nothing to remove or check [WATCH-45]': removed(
    [op.addWatch('~', op.RECURSIVE)],
    [op.removeWatches('~/a', op.ANY), op.checkWatches('~/a', op.ANY), op.checkWatches('~', op.ANY)],
  ),
  'checkWatches [VAL-11, WATCH-26]': removed(
    [op.getData('~/a', true), op.exists('~/b', true), op.getChildren('~', true)],
    [
      op.checkWatches('~/a', op.DATA),
      op.checkWatches('~/a', op.CHILDREN),
      op.checkWatches('~/a', op.ANY),
      op.checkWatches('~/b', op.DATA),
      op.checkWatches('~', op.CHILDREN),
      op.checkWatches('~', op.DATA),
      op.checkWatches('~/none', op.ANY),
    ],
  ),
  'checkWatches of 3.8.0 finds the watches of others, removeWatches does not [WATCH-26, WATCH-27]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await a.calls(op.create('~/a'), op.getData('~/a', true));
    await b.calls(
      op.checkWatches('~/a', op.DATA),
      op.checkWatches('~/a', op.ANY),
      op.checkWatches('~/a', op.CHILDREN),
      op.removeWatches('~/a', op.DATA),
    );
    await b.call(op.setData('~/a', 'x'));
    await a.events(1);
  },
  'an event uses up what removal then misses [WATCH-12]': async (s) => {
    const a = await s.client('a');
    await a.calls(
      op.create('~/a'),
      op.getData('~/a', true),
      op.setData('~/a', 'x'),
      op.removeWatches('~/a', op.DATA),
      op.checkWatches('~/a', op.ANY),
    );
  },
});

/** Two connections of one session: what the second one asks for with setWatches, after changes that it has not seen. */
function after(changes: readonly Request[], watches: op.Watches, then: readonly Request[] = []): Script {
  return async (s) => {
    const [a, writer] = [await s.client('a'), await s.client('writer')];
    await writer.quietly(() => writer.calls(op.create('~/a'), op.create('~/b'), op.create('~/a/c')));
    await a.call(op.sync('~'));
    const seen = a.lastZxid;
    a.drop();
    await writer.quietly(() => writer.calls(...changes));
    const again = await s.client('again', { of: a });
    await resetWatches(again, seen, watches);
    for (const change of then) {
      await writer.call(change);
      await again.flush();
    }
  };
}

async function resetWatches(client: Client, seen: bigint, watches: op.Watches): Promise<void> {
  const isNew = watches.persistent !== undefined || watches.recursive !== undefined;
  await client.call(isNew ? op.setWatches2(seen, watches) : op.setWatches(seen, watches));
}

const changesOfAll = [
  op.setData('~/a', '1'),
  op.create('~/a/d'),
  op.create('~/new'),
  op.remove('~/a/c'),
  op.remove('~/a/d'),
  op.remove('~/a'),
];

export const resets = cases({
  'nothing has changed: all are registered again [WATCH-35, WATCH-37, WATCH-40]': after(
    [],
    { data: ['~/a'], exist: ['~/new'], child: ['~/a'] },
    changesOfAll,
  ),
  'data watch: the node is gone [WATCH-33]': after([op.remove('~/b')], { data: ['~/b'] }, [op.create('~/b')]),
  'data watch: the node has changed [WATCH-34]': after([op.setData('~/b', 'x')], { data: ['~/b'] }, [op.setData('~/b', 'y')]),
  'data watch: gone and come back is a change [WATCH-42]': after([op.remove('~/b'), op.create('~/b')], { data: ['~/b'] }, [
    op.setData('~/b', 'y'),
  ]),
  'data watch: a new child is no change [WATCH-35]': after([op.create('~/b/x')], { data: ['~/b'] }, [op.setData('~/b', 'y')]),
  'exist watch: the node is there now [WATCH-36]': after([op.create('~/new')], { exist: ['~/new'] }, [op.setData('~/new', 'y')]),
  'exist watch: still missing [WATCH-37]': after([], { exist: ['~/new'] }, [op.create('~/new'), op.remove('~/new')]),
  'exist watch: come and gone is not seen [WATCH-43]': after([op.create('~/new'), op.remove('~/new')], { exist: ['~/new'] }, [
    op.create('~/new'),
  ]),
  'child watch: the node is gone [WATCH-38]': after([op.remove('~/b')], { child: ['~/b'] }, [op.create('~/b')]),
  'child watch: a child has come [WATCH-39]': after([op.create('~/b/x')], { child: ['~/b'] }, [op.create('~/b/y')]),
  'child watch: a child has gone [WATCH-39]': after([op.remove('~/a/c')], { child: ['~/a'] }, [op.create('~/a/y')]),
  'child watch: new data is no change [WATCH-40]': after([op.setData('~/a', 'x')], { child: ['~/a'] }, [op.create('~/a/y')]),
  'persistent and recursive watches come back without events [WATCH-41]': after(
    [op.setData('~/a', 'x'), op.create('~/b/x')],
    { persistent: ['~/a'], recursive: ['~/b'] },
    [op.setData('~/a', 'y'), op.create('~/b/y'), op.remove('~/b/y'), op.create('~/a/y')],
  ),
  'all lists, in their order [WATCH-48]': after(
    [op.setData('~/a', 'x'), op.remove('~/b'), op.create('~/new'), op.create('~/a/d')],
    { child: ['~/a', '~/b'], exist: ['~/new'], data: ['~/b', '~/a'], persistent: ['~/a'], recursive: ['~/new'] },
    [op.setData('~/a', 'y'), op.setData('~/new', 'z')],
  ),
  'setWatches2 with nothing persistent is like setWatches': after([op.setData('~/b', 'x')], { data: ['~/b', '~/a'], persistent: [] }, [
    op.setData('~/a', 'y'),
  ]),
  'data and child of a node that is gone: one event each list [WATCH-33, WATCH-38]': after([op.remove('~/b')], {
    data: ['~/b'],
    child: ['~/b'],
  }),
  'empty lists': after([], { data: [], exist: [], child: [] }),
  'null lists': after([], { data: null, exist: null, child: null }),
  'a relative zxid of 0 makes everything a change; a great one nothing [WATCH-34, WATCH-39]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.create('~/a'), op.setWatches(0n, { data: ['~/a'], child: ['~'] }));
    await a.call(op.setWatches(1n << 60n, { data: ['~/a'], child: ['~'], exist: ['~/none'] }));
    await a.calls(op.setData('~/a', 'x'), op.create('~/none'));
  },
  'setWatches on a node without READ [WATCH-23]': async (s) => {
    const a = await s.client('a');
    await a.call(op.create('~/a', { acl: [op.acl(op.ALL - op.READ, 'world', 'anyone')] }));
    await a.call(op.setWatches(0n, { data: ['~/a'], exist: ['~/a'], child: ['~/a'] }));
  },
  'setWatches twice, and a plain watch over it [WATCH-11]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.create('~/a'), op.getData('~/a', true));
    const seen = a.lastZxid;
    await a.calls(
      op.setWatches(seen, { data: ['~/a'] }),
      op.setWatches(seen, { data: ['~/a'] }),
      op.setData('~/a', 'x'),
      op.setData('~/a', 'y'),
    );
  },
});

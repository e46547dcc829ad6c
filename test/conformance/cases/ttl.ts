// Containers and TTL nodes, where extended types are enabled.

import * as op from '../operations.ts';
import { calls, cases } from '../script.ts';

export const ttls = cases({
  'createTTL: a persistent node, no owner shown [OP-21, TREE-09, TREE-18]': calls(
    op.createTtl('~/t', { data: 'x' }),
    op.getData('~/t'),
    op.create('~/t/c'),
    op.remove('~/t'),
    op.getEphemerals('~'),
  ),
  'createTTL, sequential [TREE-16]': calls(
    op.createTtl('~/t-', { flags: op.TTL_SEQUENTIAL }),
    op.createTtl('~/t-', { flags: op.TTL_SEQUENTIAL }),
    op.getChildren('~'),
  ),
  'the range of the ttl [VAL-01, TREE-18]': calls(
    op.createTtl('~/t', { ttl: 0 }),
    op.createTtl('~/t', { ttl: -1 }),
    op.createTtl('~/t', { ttl: 0xff_ffff_ffff + 1 }),
    op.createTtl('~/t', { ttl: 0xff_ffff_ffff }),
    op.createTtl('~/u', { ttl: 1_000_000 }),
  ),
  'checks of createTTL [VAL-01]': calls(
    op.createTtl('~/none/t'),
    op.createTtl('~/t', { acl: [] }),
    op.createTtl('~/t/'),
    op.createTtl('noslash'),
    op.createTtl('~/t'),
    op.createTtl('~/t'),
    op.create('~/e', { flags: op.EPHEMERAL }),
    op.createTtl('~/e/t'),
    op.createTtl(null),
  ),
  'other modes with a ttl are BADARGUMENTS [VAL-01, TREE-27]': calls(
    op.createTtl('~/t', { flags: op.PERSISTENT }),
    op.createTtl('~/t', { flags: op.EPHEMERAL }),
    op.createTtl('~/t', { flags: op.CONTAINER }),
    op.createTtl('~/t', { flags: 7 }),
  ),
  'create with a TTL mode has no ttl [VAL-01]': calls(
    op.create('~/t', { flags: op.TTL }),
    op.create('~/t', { flags: op.TTL_SEQUENTIAL }),
    op.create2('~/t', { flags: op.TTL }),
    op.createContainer('~/t', { flags: op.TTL }),
  ),
  'in a multi [MULTI-05, MULTI-06]': calls(
    op.multi(op.createTtl('~/t'), op.createTtl('~/t-', { flags: op.TTL_SEQUENTIAL }), op.createContainer('~/c')),
    op.multi(op.createTtl('~/u', { ttl: 0 })),
    op.multi(op.create('~/v', { flags: op.TTL })),
    op.getChildren2('~'),
  ),
  'a TTL node without children is taken away [TREE-19, TREE-20]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await a.calls(op.create('~/keep'), op.createTtl('~/t', { ttl: 1 }), op.exists('~/t', true), op.getChildren('~', true));
    await a.events(2);
    await b.calls(op.exists('~/t'), op.exists('~'));
  },
  'a TTL node with children stays until they are gone [TREE-19]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.createTtl('~/t', { ttl: 1 }), op.create('~/t/c'), op.createTtl('~/u', { ttl: 1 }), op.exists('~/u', true));
    await a.events(1);
    await a.calls(op.exists('~/t'), op.exists('~/t', true), op.remove('~/t/c'));
    await a.events(1);
  },
  'a container is taken away when its last child has gone [TREE-19]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.createContainer('~/c'), op.create('~/c/x'), op.create('~/c/y'), op.remove('~/c/x'));
    await a.calls(op.exists('~/c', true), op.getChildren('~', true), op.remove('~/c/y'));
    await a.events(2);
    await a.calls(op.exists('~/c'), op.exists('~'));
  },
  'a container that never had a child stays [TREE-19]': async (s) => {
    const a = await s.client('a');
    await a.calls(
      op.createContainer('~/new'),
      op.createContainer('~/used'),
      op.create('~/used/x'),
      op.exists('~/used', true),
      op.remove('~/used/x'),
    );
    await a.events(1);
    await a.call(op.exists('~/new'));
  },
  'a container in a container goes with its turn [TREE-19]': async (s) => {
    const a = await s.client('a');
    await a.calls(
      op.createContainer('~/c'),
      op.createContainer('~/c/d'),
      op.create('~/c/d/x'),
      op.addWatch('~', op.RECURSIVE),
      op.remove('~/c/d/x'),
    );
    await a.events(2);
  },
});

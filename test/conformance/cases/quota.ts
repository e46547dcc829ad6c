// Quotas: what the stats node says, and what is refused where they are enforced.

import * as op from '../operations.ts';
import type { Request } from '../request.ts';
import { calls, cases } from '../script.ts';

const LIMITS = '/zookeeper/quota~/q/zookeeper_limits';
const STATS = '/zookeeper/quota~/q/zookeeper_stats';

/** A quota on ~/q, which is there already. */
function limited(limits: string): Request[] {
  return [
    op.create('~/q'),
    op.create('/zookeeper/quota~'),
    op.create('/zookeeper/quota~/q'),
    op.create(LIMITS, { data: limits }),
    op.create(STATS, { data: 'count=0,bytes=0' }),
  ];
}

export const quotas = cases({
  'the stats node counts the path itself and all below [QUOTA-02..04]': calls(
    ...limited('count=2,bytes=10'),
    op.getData(STATS),
    op.create('~/q/a', { data: 'four' }),
    op.getData(STATS),
    op.create('~/q/a/b', { data: 'twelve bytes' }),
    op.getData(STATS),
    op.setData('~/q/a', 'x'),
    op.getData(STATS),
    op.setData('~/q', 'xyz'),
    op.getData(STATS),
    op.remove('~/q/a/b'),
    op.getData(STATS),
    op.setData('~/q/a', null),
    op.getData(STATS),
    op.getData(LIMITS),
  ),
  'what is there when the stats node is made counts [QUOTA-02]': calls(
    op.create('~/q', { data: 'abc' }),
    op.create('~/q/a', { data: 'defg' }),
    op.create('/zookeeper/quota~'),
    op.create('/zookeeper/quota~/q'),
    op.create(LIMITS, { data: 'count=5,bytes=100' }),
    op.create(STATS, { data: 'count=0,bytes=0' }),
    op.getData(STATS),
    op.create('~/q/b', { data: 'h' }),
    op.getData(STATS),
  ),
  'the nearest quota only is charged [QUOTA-03]': calls(
    ...limited('count=10,bytes=100'),
    op.create('~/q/in'),
    op.create('/zookeeper/quota~/q/in'),
    op.create('/zookeeper/quota~/q/in/zookeeper_limits', { data: 'count=10,bytes=100' }),
    op.create('/zookeeper/quota~/q/in/zookeeper_stats', { data: 'count=0,bytes=0' }),
    op.create('~/q/in/a', { data: 'xyz' }),
    op.create('~/q/inside', { data: '1' }),
    op.getData(STATS),
    op.getData('/zookeeper/quota~/q/in/zookeeper_stats'),
  ),
  'ephemerals, containers and multi are charged too [QUOTA-04]': calls(
    ...limited('count=10,bytes=100'),
    op.create('~/q/e', { data: '12', flags: op.EPHEMERAL }),
    op.createContainer('~/q/c', { data: '345' }),
    op.multi(op.create('~/q/m', { data: '6789' }), op.setData('~/q/e', '1'), op.remove('~/q/c')),
    op.getData(STATS),
  ),
  'a soft limit refuses nothing [QUOTA-05]': calls(
    ...limited('count=1,bytes=1'),
    op.create('~/q/a', { data: 'long enough' }),
    op.setData('~/q/a', 'longer than that'),
    op.getData(STATS),
  ),
  'a deleted limits node counts no more [QUOTA-02]': calls(
    ...limited('count=10,bytes=100'),
    op.create('~/q/a', { data: 'x' }),
    op.remove(LIMITS),
    op.create('~/q/b', { data: 'y' }),
    op.getData(STATS),
    op.remove(STATS),
    op.create('~/q/c', { data: 'z' }),
  ),
});

export const enforced = cases({
  'countHardLimit: the path itself counts [QUOTA-05, QUOTA-07]': calls(
    ...limited('count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2'),
    op.create('~/q/a'),
    op.create('~/q/b'),
    op.create('~/q/b', { flags: op.EPHEMERAL }),
    op.remove('~/q/a'),
    op.create('~/q/b'),
    op.getData(STATS),
    op.getData(LIMITS),
  ),
  'byteHardLimit: create and setData [QUOTA-05, VAL-01, VAL-03]': calls(
    ...limited('count=-1,bytes=-1=;byteHardLimit=5;countHardLimit=-1'),
    op.create('~/q/a', { data: '123' }),
    op.create('~/q/b', { data: '123' }),
    op.setData('~/q/a', '12345'),
    op.setData('~/q/a', '123456'),
    op.setData('~/q/a', '123456', 9),
    op.setData('~/q', 'x'),
    op.setData('~/q/a', '1'),
    op.setData('~/q', 'x'),
    op.create('~/q/b', { data: '1234' }),
    op.getData(STATS),
  ),
  "without the '=' before the first ';' [QUOTA-07]": calls(
    ...limited('count=-1,bytes=-1;byteHardLimit=5;countHardLimit=2'),
    op.create('~/q/a', { data: '12345' }),
    op.create('~/q/b'),
    op.setData('~/q/a', '123456'),
  ),
  'soft limits are not enforced [QUOTA-05]': calls(...limited('count=1,bytes=1'), op.create('~/q/a', { data: '12345' }), op.getData(STATS)),
  'a hard limit takes the place of the soft one [QUOTA-05]': calls(
    ...limited('count=1,bytes=1=;byteHardLimit=5;countHardLimit=3'),
    op.create('~/q/a', { data: '123' }),
    op.create('~/q/b'),
    op.create('~/q/c'),
  ),
  'the order of checks: NODEEXISTS, then the quota; the quota, then BADVERSION [VAL-01, VAL-03]': calls(
    ...limited('count=-1,bytes=-1=;byteHardLimit=3;countHardLimit=2'),
    op.create('~/q/a'),
    op.create('~/q/a'),
    op.create('~/q/none/b'),
    op.create('~/q/b', { acl: [] }),
    op.setData('~/q/a', '1234', 5),
    op.setData('~/q/a', '123', 5),
  ),
  'a multi over the limit fails whole [QUOTA-06, MULTI-03]': calls(
    ...limited('count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2'),
    op.multi(op.create('~/q/a'), op.create('~/q/b'), op.create('~/q/c')),
    op.getChildren('~/q'),
    op.create('~/q/d'),
    op.multi(op.setData('~/q', 'x'), op.create('~/q/f')),
    op.getData(STATS),
  ),
  'shrinking is allowed over the limit, and equal length always [QUOTA-06]': calls(
    op.create('~/q', { data: '123456' }),
    op.create('/zookeeper/quota~'),
    op.create('/zookeeper/quota~/q'),
    op.create(LIMITS, { data: 'count=-1,bytes=-1=;byteHardLimit=3;countHardLimit=-1' }),
    op.create(STATS, { data: 'count=0,bytes=0' }),
    op.setData('~/q', '654321'),
    op.setData('~/q', '12345'),
    op.setData('~/q', '123'),
    op.getData(STATS),
  ),
  'limits that are nonsense': calls(...limited('nonsense'), op.create('~/q/a', { data: 'x' }), op.getData(STATS)),
  'containers and TTL nodes count [QUOTA-05]': calls(
    ...limited('count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=3'),
    op.createContainer('~/q/c'),
    op.createTtl('~/q/t'),
    op.createContainer('~/q/d'),
    op.createTtl('~/q/u'),
  ),
});

// A server that nobody has used.

import * as op from '../operations.ts';
import { calls, cases } from '../script.ts';

export const fresh = cases({
  'the tree of the beginning [TREE-04, TREE-22]': calls(
    op.getData('/'),
    op.getChildren2('/'),
    op.getAcl('/'),
    op.getAcl('/zookeeper'),
    op.getAcl('/zookeeper/quota'),
    op.getAcl('/zookeeper/config'),
    op.getChildren2('/zookeeper'),
    op.getData('/zookeeper'),
    op.getData('/zookeeper/quota'),
    op.getData('/zookeeper/config'),
    op.exists(''),
    op.getData(''),
    op.getChildren2(''),
  ),
  'its first nodes below the root [TREE-02, TREE-10]': calls(
    op.getAllChildrenNumber('/'),
    op.create2('/a'),
    op.create2('/s-', { flags: op.SEQUENTIAL }),
    op.getData('/'),
    op.getAllChildrenNumber('/'),
    op.remove('/a'),
    op.exists('/'),
    op.setData('/', 'root'),
    op.getData('/'),
    op.setAcl('/', op.OPEN),
    op.exists('/'),
  ),
  'the root by its empty name [VAL-08]': calls(op.setData('', 'x'), op.create('/a'), op.getChildren(''), op.getChildren('/')),
  'sessions of 2 to 20 ticks [SESS-03, CFG-06]': async (s) => {
    for (const timeoutMs of [1, 400, 401, 3999, 4000, 4001]) await s.client(`${timeoutMs}`, { timeoutMs });
  },
  'srvr before and after the first session [ADM-04, ADM-13]': async (s) => {
    await s.word('srvr');
    const a = await s.client('a');
    await s.word('srvr');
    await a.close();
    await s.word('srvr');
  },
  'a recursive watch on the root [WATCH-17]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.addWatch('/', op.RECURSIVE), op.create('/a'), op.create('/a/b'), op.setData('/', 'x'), op.remove('/a/b'));
    await a.calls(op.getChildren('/', true), op.exists('/', true), op.create('/b'), op.setData('/', 'y'), op.setData('/', 'z'));
  },
});

// multi and multiRead.

import { Buffer } from 'node:buffer';
import { bool, buffer, int } from '../jute.ts';
import * as op from '../operations.ts';
import { readResults } from '../records.ts';
import { calls, cases, pipeline } from '../script.ts';

const READ_ONLY = [op.acl(op.READ, 'world', 'anyone')];
const header = (type: number, done: boolean, err: number): Buffer => Buffer.concat([int(type), bool(done), int(err)]);
const end = header(-1, true, -1);
const raw = (type: number, ...parts: readonly Buffer[]): ReturnType<typeof op.strange> =>
  op.strange(`raw ${type === 14 ? 'multi' : 'multiRead'}`, type, Buffer.concat(parts), readResults);

export const multis = cases({
  'one zxid for all, and a result each [MULTI-01, MULTI-05, MULTI-13]': calls(
    op.create('~/a', { data: 'one' }),
    op.multi(
      op.check('~/a', 0),
      op.create('~/a/b', { data: 'x' }),
      op.setData('~/a', 'two', 0),
      op.setData('~/a', 'three', 1),
      op.remove('~/a/b', 0),
    ),
    op.getData('~/a'),
    op.exists('~/a/b'),
  ),
  'create2 in a multi of 3.8.0 gives a path only [MULTI-06]': calls(
    op.multi(op.create('~/a'), op.create2('~/b', { data: 'x' }), op.create2('~/s-', { flags: op.SEQUENTIAL })),
    op.getChildren('~'),
  ),
  'createContainer in a multi [MULTI-05, MULTI-06]': calls(
    op.multi(op.createContainer('~/c'), op.create2('~/d', { flags: op.CONTAINER }), op.create('~/e', { flags: op.CONTAINER })),
    op.getChildren2('~'),
    op.exists('~/c'),
  ),
  'an empty multi takes a zxid [MULTI-08]': calls(op.multi(), op.create('~/a')),
  'a failure: OK before, its code, RUNTIMEINCONSISTENCY after [MULTI-03, MULTI-04]': calls(
    op.multi(op.create('~/a'), op.create('~/b'), op.remove('~/none'), op.create('~/c'), op.remove('~/a')),
    op.exists('~/a'),
    op.exists('~'),
    op.create('~/d'),
  ),
  'the first or the last one fails [MULTI-03]': calls(
    op.multi(op.remove('~/none'), op.create('~/a')),
    op.multi(op.create('~/a'), op.setData('~/a', 'x', 7)),
    op.multi(op.check('~/none')),
    op.getChildren('~'),
  ),
  'every code a sub-operation can fail with [MULTI-03, VAL-05]': calls(
    op.create('~/a', { acl: READ_ONLY }),
    op.create('~/w', { acl: [op.acl(op.WRITE, 'world', 'anyone')] }),
    op.create('~/p'),
    op.create('~/p/c'),
    op.create('~/e', { flags: op.EPHEMERAL }),
    op.multi(op.create('~/a')),
    op.multi(op.create('~/a/b')),
    op.multi(op.create('~/none/b')),
    op.multi(op.create('~/b', { acl: [] })),
    op.multi(op.create('~/b', { flags: 9 })),
    op.multi(op.create('~/e/b')),
    op.multi(op.create('~/b/')),
    op.multi(op.remove('~/p')),
    op.multi(op.remove('~/p/c', 3)),
    op.multi(op.setData('~/a', 'x')),
    op.multi(op.setData('noslash', 'x')),
    op.multi(op.check('~/p', 9)),
    op.multi(op.check('~/none', 9)),
    op.multi(op.check('~/w', 0)),
    op.multi(op.check('noslash', 0)),
    op.multi(op.createTtl('~/t')),
  ),
  'later ones see what earlier ones did [MULTI-01, VAL-16]': calls(
    op.multi(
      op.create('~/a'),
      op.create('~/a/b'),
      op.setData('~/a/b', 'x', 0),
      op.check('~/a/b', 1),
      op.remove('~/a/b', 1),
      op.remove('~/a', 0),
    ),
    op.multi(op.create('~/a'), op.remove('~/a'), op.create('~/a', { data: 'again' }), op.check('~/a', 0)),
    op.getData('~/a'),
    op.multi(op.remove('~/a'), op.remove('~/a')),
    op.getData('~/a'),
  ),
  'sequences go up inside a multi, and fall back with it [TREE-11]': calls(
    op.multi(
      op.create('~/s-', { flags: op.SEQUENTIAL }),
      op.create('~/s-', { flags: op.SEQUENTIAL }),
      op.create('~/t-', { flags: op.SEQUENTIAL }),
    ),
    op.multi(op.create('~/s-', { flags: op.SEQUENTIAL }), op.check('~/none')),
    op.create('~/s-', { flags: op.SEQUENTIAL }),
    op.exists('~'),
  ),
  'a failed multi leaves no trace for the requests behind it [TREE-11, VAL-16]': pipeline(
    op.create('~/a'),
    op.multi(op.setData('~/a', 'x', 0), op.create('~/a/b'), op.check('~/a', 9)),
    op.setData('~/a', 'y', 0),
    op.remove('~/a/b'),
    op.create('~/a/c-', { flags: op.SEQUENTIAL }),
    op.getData('~/a'),
  ),
  'ephemerals in a multi': calls(
    op.multi(op.create('~/e', { flags: op.EPHEMERAL }), op.create('~/f-', { flags: op.EPHEMERAL_SEQUENTIAL })),
    op.getEphemerals('~'),
    op.multi(op.remove('~/e'), op.create('~/e')),
    op.exists('~/e'),
  ),
  'kinds that a multi does not take are MARSHALLINGERROR and take a zxid [MULTI-02]': calls(
    op.create('~/a'),
    op.multi(op.setAcl('~/a', op.OPEN)),
    op.multi(op.create('~/b'), op.exists('~/a')),
    op.multi(op.getData('~/a')),
    op.multi(op.create('~/b'), op.getData('~/a')),
    op.multi(op.sync('~/a')),
    op.exists('~/b'),
    op.create('~/c'),
  ),
  'a multi whose records are cut short [MULTI-02, VAL-18]': calls(
    raw(14, header(1, false, -1), buffer('/x')),
    raw(14, header(1, false, -1)),
    raw(14),
    raw(14, header(-1, true, -1), Buffer.from([1, 2, 3])),
    op.create('~/a'),
  ),
  'the err and the end of the headers of a request have no meaning [WIRE-12]': calls(
    raw(14, header(2, false, 7), buffer('/none'), int(-1), end),
    raw(14, header(2, false, -1), buffer('/none'), int(-1), header(5, true, 0)),
  ),
  'watches fire per sub-operation, in order [MULTI-10, WATCH-06]': async (s) => {
    const a = await s.client('a');
    const b = await s.client('b');
    await a.calls(op.create('~/a'), op.getData('~/a', true), op.exists('~/b', true), op.getChildren('~', true));
    await b.call(op.multi(op.create('~/b'), op.setData('~/a', 'x'), op.setData('~/b', 'y'), op.remove('~/a')));
    await a.events(3);
  },
  'a failed multi fires nothing [WATCH-09]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.create('~/a'), op.getData('~/a', true), op.multi(op.setData('~/a', 'x'), op.check('~/none')), op.setData('~/a', 'y'));
  },
  'a large multi': async (s) => {
    const a = await s.client('a');
    await a.quietly(() => a.call(op.multi(...Array.from({ length: 300 }, (_, i) => op.create(`~/n${i}`, { data: `${i}` })))));
    await a.calls(op.getAllChildrenNumber('~'), op.getData('~/n299'), op.exists('~'));
  },
});

// Never to an ensemble: the request has no transaction to wait for, and 3.8.0 waits for it all the same, with all writes of the leader's clients.
export const multisAlone = cases({
  'a null path in a multi [MULTI-02, WIRE-13]': calls(
    op.multi(op.create(null)),
    op.multi(op.remove(null)),
    op.multi(op.setData(null, '')),
    op.multi(op.check(null)),
  ),
});

export const multiReads = cases({
  'multiRead: getData and getChildren, one failing does not stop the rest [OP-22, MULTI-11, MULTI-12]': calls(
    op.create('~/a', { data: 'x' }),
    op.create('~/a/b'),
    op.create('~/w', { acl: [op.acl(op.WRITE, 'world', 'anyone')] }),
    op.multiRead(
      op.getData('~/a'),
      op.getChildren('~/a'),
      op.getData('~/none'),
      op.getChildren('~/none'),
      op.getData('~/w'),
      op.getChildren('~/a/b'),
    ),
  ),
  'an empty multiRead': calls(op.multiRead()),
  'multiRead sets no watch [MULTI-12]': calls(
    op.create('~/a'),
    op.multiRead(op.getData('~/a', true), op.getChildren('~', true)),
    op.setData('~/a', 'x'),
    op.create('~/b'),
  ),
  'multiRead of other kinds is MARSHALLINGERROR [VAL-13]': calls(
    op.create('~/a'),
    op.multiRead(op.exists('~/a')),
    op.multiRead(op.getChildren2('~/a')),
    op.multiRead(op.getData('~/a'), op.exists('~/a')),
    op.multiRead(op.getData('~/a'), op.create('~/b')),
    op.multiRead(op.create('~/b')),
    op.multiRead(op.create('~/b'), op.remove('~/a')),
    op.multiRead(op.getAcl('~/a')),
    op.getChildren('~'),
  ),
  'multiRead: a null path, and records cut short [VAL-13, VAL-18]': calls(
    op.multiRead(op.getData(null)),
    raw(22, header(4, false, -1), buffer('/x')),
    raw(22),
    op.ping(),
  ),
  'multiRead takes the empty path for the root [VAL-08]': calls(op.multiRead(op.getChildren('~/'), op.getData('noslash'))),
});

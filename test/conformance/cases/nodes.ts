// delete, setData, and the reads.

import { Buffer } from 'node:buffer';
import * as op from '../operations.ts';
import { calls, cases, pipeline } from '../script.ts';

const ALL_BUT_READ = [op.acl(op.ALL - op.READ, 'world', 'anyone')];
const READ_ONLY = [op.acl(op.READ, 'world', 'anyone')];
const ADMIN_ONLY = [op.acl(op.ADMIN, 'world', 'anyone')];

export const deletes = cases({
  'delete takes a node away, and counts at its parent [OP-03, TREE-03, TREE-05, TREE-07]': calls(
    op.create('~/a'),
    op.exists('~'),
    op.remove('~/a'),
    op.exists('~/a'),
    op.exists('~'),
  ),
  'a missing node and a missing parent are NONODE [VAL-02]': calls(op.remove('~/none'), op.remove('~/none/a')),
  'the version must be equal, or -1 [VAL-02, VAL-14]': calls(
    op.create('~/a'),
    op.remove('~/a', 1),
    op.remove('~/a', -2),
    op.setData('~/a', 'x'),
    op.remove('~/a', 0),
    op.remove('~/a', 1),
    op.create('~/a'),
    op.remove('~/a', -1),
  ),
  'a node with children is NOTEMPTY, after the version [VAL-02]': calls(
    op.create('~/a'),
    op.create('~/a/b'),
    op.remove('~/a', 5),
    op.remove('~/a', 0),
    op.remove('~/a/b'),
    op.remove('~/a', 0),
  ),
  'DELETE permission is asked of the parent, before the node is looked for [VAL-02, ACL-02]': calls(
    op.create('~/p'),
    op.create('~/p/c', { acl: READ_ONLY }),
    op.remove('~/p/c'),
    op.create('~/p/c', { acl: op.OPEN }),
    op.setAcl('~/p', READ_ONLY),
    op.remove('~/p/c'),
    op.remove('~/p/none'),
  ),
  'an ephemeral is deleted like any node [TREE-21]': calls(
    op.create('~/e', { flags: op.EPHEMERAL }),
    op.remove('~/e'),
    op.getEphemerals('~'),
    op.exists('~'),
  ),
  'a deleted node comes back new [TREE-01]': calls(
    op.create('~/a', { data: 'x' }),
    op.setData('~/a', 'y'),
    op.remove('~/a'),
    op.create2('~/a', { data: 'z' }),
    op.getData('~/a'),
  ),
  'deleteContainer from a client [OP-20]': calls(
    op.createContainer('~/c'),
    op.deleteContainer('~/c'),
    op.exists('~/c'),
    op.deleteContainer('~/none'),
  ),
});

export const writes = cases({
  'setData raises the version and mzxid, not pzxid [TREE-06, OP-06]': calls(
    op.create('~/a', { data: 'x' }),
    op.setData('~/a', 'longer'),
    op.setData('~/a', 'longer'),
    op.setData('~/a', null),
    op.getData('~/a'),
    op.setData('~/a', ''),
    op.getData('~/a'),
    op.exists('~'),
  ),
  'setData: NONODE, BADVERSION, and -1 [VAL-03, VAL-14]': calls(
    op.setData('~/none', 'x', 3),
    op.create('~/a'),
    op.setData('~/a', 'x', 1),
    op.setData('~/a', 'x', 0),
    op.setData('~/a', 'x', 0),
    op.setData('~/a', 'x', -1),
    op.setData('~/a', 'x', -2),
    op.setData('~/a', 'x', 2147483647),
  ),
  'setData: WRITE permission comes before the version [VAL-03]': calls(
    op.create('~/a', { acl: READ_ONLY }),
    op.setData('~/a', 'x', 7),
    op.setData('~/a', 'x'),
    op.getData('~/a'),
  ),
  'setACL raises only aversion [TREE-06, OP-08]': calls(
    op.create('~/a'),
    op.setAcl('~/a', [op.acl(31, 'world', 'anyone'), op.acl(1, 'ip', '10.0.0.1')]),
    op.getAcl('~/a'),
    op.setAcl('~/a', op.OPEN, 1),
    op.exists('~/a'),
  ),
  'setACL: INVALIDACL, NONODE, NOAUTH, BADVERSION in this order [VAL-04]': calls(
    op.setAcl('~/none', []),
    op.setAcl('~/none', op.OPEN),
    op.create('~/a', { acl: READ_ONLY }),
    op.setAcl('~/a', op.OPEN, 7),
    op.create('~/b', { acl: ADMIN_ONLY }),
    op.setAcl('~/b', op.OPEN, 7),
    op.setAcl('~/b', [], 7),
    op.setAcl('~/b', op.OPEN, 0),
  ),
  'a write that changes nothing is a write [WATCH-09]': calls(
    op.create('~/a', { data: 'x' }),
    op.setData('~/a', 'x'),
    op.setAcl('~/a', op.OPEN),
  ),
  'failed writes take zxids [PIPE-12]': calls(
    op.remove('~/none'),
    op.create('~/none/a'),
    op.setData('~/none', 'x'),
    op.setAcl('~/none', op.OPEN),
    op.create('~/a'),
  ),
  'an array of bytes of every value comes back [OP-05]': calls(
    op.create('~/a', { data: Buffer.from(Array.from({ length: 128 }, (_, i) => i * 2 + 1)) }),
    op.getData('~/a'),
  ),
});

export const reads = cases({
  'exists: the stat, or NONODE [OP-04, VAL-07]': calls(op.exists('~/a'), op.create('~/a', { data: 'x' }), op.exists('~/a')),
  'exists needs no permission in 3.8.0 [VAL-07]': calls(op.create('~/a', { acl: ADMIN_ONLY }), op.exists('~/a')),
  'getData: NONODE, then NOAUTH [VAL-08]': calls(op.getData('~/none'), op.create('~/a', { acl: ALL_BUT_READ }), op.getData('~/a')),
  'getChildren and getChildren2: NONODE, then NOAUTH [VAL-08, OP-09, OP-12]': calls(
    op.getChildren('~/none'),
    op.getChildren2('~/none'),
    op.create('~/a'),
    op.getChildren('~/a'),
    op.getChildren2('~/a'),
    op.create('~/a/b'),
    op.create('~/a/c'),
    op.create('~/a/b/d'),
    op.getChildren('~/a'),
    op.getChildren2('~/a'),
    op.setAcl('~/a', ALL_BUT_READ),
    op.getChildren('~/a'),
    op.getChildren2('~/a'),
  ),
  'getAllChildrenNumber counts below the path [TREE-24]': calls(
    op.create('~/a'),
    op.getAllChildrenNumber('~/a'),
    op.create('~/a/b'),
    op.create('~/a/b/c'),
    op.create('~/ab'),
    op.create('~/ab/c'),
    op.getAllChildrenNumber('~/a'),
    op.getAllChildrenNumber('~'),
    op.getAllChildrenNumber('~/none'),
    op.getAllChildrenNumber('~/a/b/c'),
    op.setAcl('~/a', ALL_BUT_READ),
    op.getAllChildrenNumber('~/a'),
  ),
  'getEphemerals: own ones, by text prefix [TREE-25, OP-26]': calls(
    op.create('~/a', { flags: op.EPHEMERAL }),
    op.create('~/ab', { flags: op.EPHEMERAL }),
    op.create('~/p'),
    op.create('~/p/a', { flags: op.EPHEMERAL }),
    op.create('~/s-', { flags: op.EPHEMERAL_SEQUENTIAL }),
    op.getEphemerals('~/a'),
    op.getEphemerals('~/p'),
    op.getEphemerals('~'),
    op.getEphemerals('/'),
    op.getEphemerals(''),
    op.getEphemerals(' '),
    op.getEphemerals(null),
    op.getEphemerals('~/none'),
  ),
  "getEphemerals shows no other session's [TREE-25]": async (s) => {
    const a = await s.client('a');
    const b = await s.client('b');
    await a.call(op.create('~/a', { flags: op.EPHEMERAL }));
    await b.calls(op.create('~/b', { flags: op.EPHEMERAL }), op.getEphemerals('~'));
    await a.call(op.getEphemerals('~'));
  },
  'getACL: READ or ADMIN will do [VAL-09]': calls(
    op.getAcl('~/none'),
    op.create('~/r', { acl: READ_ONLY }),
    op.getAcl('~/r'),
    op.create('~/a', { acl: ADMIN_ONLY }),
    op.getAcl('~/a'),
    op.create('~/w', { acl: [op.acl(op.WRITE, 'world', 'anyone')] }),
    op.getAcl('~/w'),
  ),
  "the server's own nodes [TREE-22, TREE-30]": calls(
    op.getAcl('/zookeeper/config'),
    op.getChildren('/zookeeper'),
    op.setData('/zookeeper/config', 'x'),
    op.setAcl('/zookeeper/config', op.OPEN),
  ),
  'clients may create below /zookeeper [TREE-30]': calls(
    op.create('/zookeeper/mine', { data: 'x' }),
    op.getData('/zookeeper/mine'),
    op.remove('/zookeeper/mine'),
    op.create('/zookeeper/quota/mine'),
    op.remove('/zookeeper/quota/mine'),
  ),
  'reads of one pipeline keep their place between writes [WIRE-10, COMMIT-02]': pipeline(
    op.getData('~/a'),
    op.create('~/a', { data: 'x' }),
    op.getData('~/a'),
    op.ping(),
    op.setData('~/a', 'y'),
    op.getData('~/a'),
    op.sync('~/a'),
    op.exists('~/a'),
    op.remove('~/a'),
    op.exists('~/a'),
    op.ping(),
  ),
  'whoAmI of a connection that said nothing [OP-30, ACL-16]': calls(op.whoAmI()),
  'a large reply': calls(
    op.create('~/big', { data: 'x'.repeat(1_000_000) }),
    op.getData('~/big'),
    op.multiRead(op.getData('~/big'), op.getData('~/big')),
  ),
  'many children in one reply': async (s) => {
    const a = await s.client('a');
    await a.quietly(() => a.pipeline(...Array.from({ length: 200 }, (_, i) => op.create(`~/child-${i}`))));
    await a.calls(op.getChildren('~'), op.getAllChildrenNumber('~'));
  },
});

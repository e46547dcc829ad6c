// Sessions and reads across the servers of an ensemble.

import { Buffer } from 'node:buffer';
import type { Client } from '../client.ts';
import * as op from '../operations.ts';
import { cases } from '../script.ts';
import type { Role } from '../setups.ts';
import type { Stage } from '../stage.ts';

/** A session that has moved from one server to another; `old` is its first connection, which nobody has told. */
async function moved(s: Stage, from: Role, to: Role): Promise<{ old: Client; now: Client }> {
  const old = await s.client('old', { at: from });
  await old.calls(op.create('~/a', { data: 'x' }), op.create('~/e', { flags: op.EPHEMERAL }));
  await s.settle();
  const now = await s.client('now', { at: to, of: old });
  await now.call(op.setData('~/a', 'y'));
  await s.settle();
  return { old, now };
}

export const moves = cases({
  'a session moves from a follower to another [SESS-13, SESS-38]': async (s) => {
    const { old, now } = await moved(s, 'follower', 'other');
    await old.calls(op.getData('~/a'), op.ping(), op.exists('~/e'), op.getChildren('~'));
    await now.calls(op.getData('~/a'), op.getEphemerals('~'));
  },
  'the old connection may watch and sync [SESS-38, SYNCOP-08]': async (s) => {
    const { old, now } = await moved(s, 'follower', 'other');
    await old.calls(op.getData('~/a', true), op.addWatch('~/b'), op.sync('~'), op.whoAmI());
    await now.calls(op.setData('~/a', 'z'), op.create('~/b'));
    await s.settle();
    await old.events(2);
  },
  "the old connection's write takes a zxid and ends it [SESS-25, SESS-26, SESS-38]": async (s) => {
    const { old, now } = await moved(s, 'follower', 'other');
    old.send(op.setData('~/a', 'stale'));
    await old.closed();
    await now.calls(op.create('~/b'), op.getData('~/a'));
  },
  "the old connection's multi ends it [MULTI-09]": async (s) => {
    const { old, now } = await moved(s, 'follower', 'other');
    old.send(op.multi(op.setData('~/a', 'stale')));
    await old.closed();
    await now.calls(op.create('~/b'), op.getData('~/a'));
  },
  'at the leader, a read of the old connection ends it [SESS-39]': async (s) => {
    const { old, now } = await moved(s, 'leader', 'follower');
    old.send(op.getData('~/a'));
    await old.closed();
    await now.call(op.create('~/b'));
  },
  'at the leader, a ping of the old connection ends it [SESS-39]': async (s) => {
    const { old, now } = await moved(s, 'leader', 'follower');
    old.send(op.ping());
    await old.closed();
    await now.call(op.create('~/b'));
  },
  'at the leader, a write of the old connection ends it [SESS-39]': async (s) => {
    const { old, now } = await moved(s, 'leader', 'follower');
    old.send(op.create('~/stale'));
    await old.closed();
    await now.calls(op.create('~/b'), op.exists('~/stale'));
  },
  'to the leader: the old connection at the follower [SESS-12, SESS-38]': async (s) => {
    const { old, now } = await moved(s, 'follower', 'leader');
    await old.calls(op.getData('~/a'), op.sync('~'));
    old.send(op.create('~/stale'));
    await old.closed();
    await now.calls(op.create('~/b'), op.exists('~/stale'));
  },
  'closeSession on the old connection closes for everybody [SESS-23, SESS-24, SESS-40]': async (s) => {
    const { old, now } = await moved(s, 'follower', 'other');
    await old.close();
    await now.closed();
    const other = await s.client('witness');
    await other.call(op.getChildren2('~'));
  },
  'closeSession on the old connection at the leader [SESS-39, SESS-40]': async (s) => {
    const { old, now } = await moved(s, 'leader', 'follower');
    await old.close();
    await now.closed();
  },
  'closeSession on the new connection ends the old one [SESS-24]': async (s) => {
    const { old, now } = await moved(s, 'follower', 'other');
    await now.close();
    await s.settle();
    await old.closed();
  },
  'there and back again [SESS-13, SESS-25]': async (s) => {
    const { old, now } = await moved(s, 'follower', 'other');
    const back = await s.client('back', { at: 'follower', of: now });
    await back.call(op.setData('~/a', 'z'));
    await old.closed();
    now.send(op.setData('~/a', 'stale'));
    await now.closed();
    await back.call(op.getData('~/a'));
  },
  'watches stay behind [WATCH-20]': async (s) => {
    const old = await s.client('old');
    await old.calls(op.create('~/a'), op.getData('~/a', true));
    old.drop();
    const now = await s.client('now', { at: 'other', of: old });
    await now.calls(op.setData('~/a', 'x'), op.getData('~/a'));
  },
  'setWatches at another server [WATCH-34, WATCH-36, WATCH-39]': async (s) => {
    const [old, writer] = [await s.client('old'), await s.client('writer', { at: 'leader' })];
    await old.calls(op.create('~/a'), op.create('~/b'), op.getData('~/a'));
    const seen = old.lastZxid;
    old.drop();
    await writer.quietly(() => writer.calls(op.setData('~/a', 'x'), op.create('~/c'), op.remove('~/b')));
    await s.settle();
    const now = await s.client('now', { at: 'other', of: old });
    await now.call(op.setWatches(seen, { data: ['~/a', '~/b'], exist: ['~/c'], child: ['~'] }));
  },
  'a wrong password at another server [SESS-11, SESS-13]': async (s) => {
    const old = await s.client('old');
    const thief = await s.client('thief', { at: 'other', of: old, password: Buffer.alloc(16, 9) });
    await thief.closed();
    await old.call(op.create('~/a'));
  },
  'a session that is over, at another server [SESS-10, SESS-13]': async (s) => {
    const old = await s.client('old');
    await old.close();
    await s.settle();
    const again = await s.client('again', { at: 'other', of: old });
    await again.closed();
  },
  'a closed session takes its ephemerals everywhere [SESS-22, WATCH-07]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b', { at: 'other' })];
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    await b.calls(op.sync('~'), op.exists('~/e', true), op.getChildren('~', true));
    await a.close();
    await b.events(2);
    await b.calls(op.exists('~/e'), op.exists('~'));
  },
  'a session of a follower expires: who watches elsewhere, and its own connection [SESS-14, SESS-19, SESS-46]': async (s) => {
    const [a, b] = [await s.client('a', { timeoutMs: 400 }), await s.client('b', { at: 'leader' })];
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    await s.settle();
    await b.calls(op.exists('~/e', true), op.getChildren('~', true));
    await b.events(2);
    await a.closed();
  },
  'ids tell who made them, wherever they go [SESS-01]': async (s) => {
    for (const at of ['leader', 'follower', 'other'] as const) {
      const client = await s.client(`by ${at}`, { at });
      await s.client(`of ${at}`, { at: at === 'other' ? 'leader' : 'other', of: client });
    }
  },
  'auth ids go with the request to the leader [ACL-11]': async (s) => {
    const a = await s.client('a');
    await a.calls(
      op.addAuth('digest', 'bob:secret'),
      op.create('~/a', { acl: [op.acl(op.ALL, 'auth', '')] }),
      op.setData('~/a', 'x'),
      op.getAcl('~/a'),
    );
    const b = await s.client('b', { at: 'leader' });
    await s.settle();
    await b.calls(op.getData('~/a'), op.addAuth('digest', 'bob:secret'), op.getData('~/a'), op.setData('~/a', 'y'));
  },
});

export const lags = cases({
  'the same node on every server [TREE-01, BCAST-11]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.create('~/a', { data: 'x' }), op.setData('~/a', 'y'), op.create('~/a/b', { flags: op.EPHEMERAL }));
    await s.settle();
    for (const at of ['leader', 'follower', 'other'] as const) {
      const reader = await s.client(`reader at ${at}`, { at });
      await reader.calls(op.getData('~/a'), op.getChildren2('~/a'), op.exists('~/a/b'));
    }
  },
  'one write after the other through different servers [BCAST-10]': async (s) => {
    const [a, b, c] = [
      await s.client('a', { at: 'leader' }),
      await s.client('b', { at: 'follower' }),
      await s.client('c', { at: 'other' }),
    ];
    await a.call(op.create('~/a', { data: '0' }));
    await b.call(op.setData('~/a', '1', 0));
    await c.call(op.setData('~/a', '2', 1));
    await a.call(op.setData('~/a', '3', 2));
    await b.call(op.setData('~/a', '4', 2));
    await c.calls(op.sync('~/a'), op.getData('~/a'));
  },
  'a follower that hears nothing reads the past; sync waits [SYNCOP-02, SYNCOP-04]': async (s) => {
    const [slow, fast] = [await s.client('slow', { at: 'follower' }), await s.client('fast', { at: 'other' })];
    await fast.call(op.create('~/a', { data: 'old' }));
    await s.settle();
    s.running.hold('follower');
    await fast.calls(op.setData('~/a', 'new'), op.create('~/b'));
    await slow.calls(op.getData('~/a'), op.exists('~/b'), op.getChildren2('~'));
    slow.send(op.sync('~'), op.getData('~/a'), op.exists('~/b'));
    s.running.release('follower');
    await slow.replies(3);
  },
  'watches of a follower that hears nothing fire when it hears [WATCH-28, WATCH-31]': async (s) => {
    const [slow, fast] = [await s.client('slow', { at: 'follower' }), await s.client('fast', { at: 'other' })];
    await fast.call(op.create('~/a'));
    await s.settle();
    await slow.calls(op.getData('~/a', true), op.getChildren('~', true), op.addWatch('~', op.RECURSIVE));
    s.running.hold('follower');
    await fast.calls(op.setData('~/a', 'x'), op.create('~/b'), op.remove('~/a'));
    await slow.call(op.ping());
    s.running.release('follower');
    await s.settle();
    await slow.call(op.getData('~/b'));
  },
  'a write through a follower that hears nothing is done, and answered later [PIPE-09, COMMIT-02]': async (s) => {
    const [slow, fast] = [await s.client('slow', { at: 'follower' }), await s.client('fast', { at: 'other' })];
    s.running.hold('follower');
    slow.send(op.create('~/a', { data: 'x' }), op.getData('~/a'));
    await until(fast, '~/a');
    s.running.release('follower');
    await slow.replies(2);
  },
  'a client that has seen more than a server is turned away by it [SESS-04]': async (s) => {
    const fast = await s.client('fast', { at: 'other' });
    await s.settle();
    s.running.hold('follower');
    await fast.call(op.create('~/a'));
    await s.client('early', { at: 'follower', of: fast });
    await fast.call(op.exists('~/a'));
    s.running.release('follower');
    await s.settle();
    const late = await s.client('late', { at: 'follower', of: fast });
    await late.call(op.exists('~/a'));
  },
  'a session of a follower that hears nothing begins when it hears [SESS-06, SESS-09]': async (s) => {
    const fast = await s.client('fast', { at: 'other' });
    await fast.call(op.exists('~'));
    const before = fast.lastZxid;
    s.running.hold('follower');
    const slow = s.socket('slow', 'follower');
    const connected = slow.connect({ timeoutMs: 20_000 });
    await fast.quietly(async () => {
      while (fast.lastZxid === before) await fast.call(op.exists('~'));
    });
    s.running.release('follower');
    await connected;
    await slow.call(op.create('~/a'));
  },
  'two syncs in one pipeline, with a write between [SYNCOP-03, WIRE-10]': async (s) => {
    const a = await s.client('a');
    await a.pipeline(op.sync('~'), op.create('~/a'), op.sync('~/a'), op.getData('~/a'), op.sync(''));
  },
  'sync at the leader [SYNCOP-05]': async (s) => {
    const a = await s.client('a', { at: 'leader' });
    await a.pipeline(op.create('~/a'), op.sync('~/a'), op.getData('~/a'), op.sync('~/none'));
  },
  'what one session does in a pipeline through a follower stays in order [COMMIT-03, WIRE-10]': async (s) => {
    const a = await s.client('a');
    const requests = Array.from({ length: 10 }, (_, i) => [op.create(`~/n${i}`), op.exists(`~/n${i}`), op.getAllChildrenNumber('~')]);
    await a.pipeline(...requests.flat());
  },
});

/** Asks again until the node is there; how often is not told. */
async function until(client: Client, path: string): Promise<void> {
  await client.quietly(async () => {
    while ((await client.call(op.exists(path)))?.err !== 0);
  });
  await client.call(op.getData(path));
}

export const observers = cases({
  'an observer serves sessions, reads and writes [PIPE-04, PIPE-10]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.create('~/a', { data: 'x' }), op.getData('~/a'), op.setData('~/a', 'y'), op.create('~/e', { flags: op.EPHEMERAL }));
    await a.calls(op.multi(op.create('~/b'), op.remove('~/b')), op.sync('~'), op.getChildren2('~'), op.remove('~/a', 9));
    await a.close();
  },
  'an observer watches what others write [QP-08, WATCH-28]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b', { at: 'follower' })];
    await a.calls(op.exists('~/a', true), op.getChildren('~', true), op.addWatch('~', op.RECURSIVE));
    await b.calls(op.create('~/a'), op.setData('~/a', 'x'), op.remove('~/a'));
    await s.settle();
  },
  'an observer that hears nothing reads the past; sync waits [PIPE-04, SYNCOP-02]': async (s) => {
    const [slow, fast] = [await s.client('slow'), await s.client('fast', { at: 'leader' })];
    s.running.hold('observer');
    await fast.call(op.create('~/a'));
    await slow.call(op.exists('~/a'));
    slow.send(op.sync('~'), op.exists('~/a'));
    s.running.release('observer');
    await slow.replies(2);
  },
  'a session moves to an observer and away [SESS-13]': async (s) => {
    const old = await s.client('old', { at: 'follower' });
    await old.call(op.create('~/e', { flags: op.EPHEMERAL }));
    await s.settle();
    const now = await s.client('now', { of: old });
    await now.calls(op.getEphemerals('~'), op.create('~/a'));
    old.send(op.create('~/stale'));
    await old.closed();
    const back = await s.client('back', { at: 'other', of: now });
    await back.call(op.create('~/b'));
    now.send(op.create('~/stale'));
    await now.closed();
  },
  "an observer's session expires by the leader's clock [SESS-14, SESS-19]": async (s) => {
    const [a, b] = [await s.client('a', { timeoutMs: 400 }), await s.client('b', { at: 'leader' })];
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    await s.settle();
    await b.call(op.exists('~/e', true));
    await b.events(1);
    await a.closed();
  },
  'words at an observer [ADM-04, ADM-18]': async (s) => {
    await s.word('srvr');
    await s.word('mntr');
    await s.word('isro');
    await s.word('mntr', 'leader');
  },
});

export const failovers = cases({
  'an ensemble at its beginning: the first session takes zxid 1 of epoch 1 [ID-04, TREE-04]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.getData('/'), op.getChildren2('/zookeeper'), op.getAcl('/zookeeper/config'), op.create2('/a'), op.exists('/'));
  },
  'the leader dies: its followers close their connections; sessions and ephemerals live on in the next epoch [SESS-32, SESS-13]': async (
    s,
  ) => {
    const [a, b] = [await s.client('a'), await s.client('b', { at: 'leader' })];
    await a.calls(op.create('/a', { data: 'x' }), op.create('/e', { flags: op.EPHEMERAL }));
    await b.call(op.create('/f', { flags: op.EPHEMERAL }));
    await s.running.kill('leader');
    await a.closed();
    await b.closed();
    await s.running.reelected();
    const again = await s.client('a again', { of: a });
    await again.calls(op.getData('/a'), op.exists('/e'), op.exists('/f'), op.setData('/a', 'y'));
    const other = await s.client('b again', { of: b, at: 'leader' });
    await other.calls(op.getEphemerals('/'), op.create2('/g'), op.setData('/a', 'z', 1));
    await again.calls(op.sync('/'), op.getData('/a'));
  },
  'a server that was dead comes back and catches up [SYNC-02]': async (s) => {
    const a = await s.client('a');
    await a.call(op.create('/a'));
    await s.running.kill('other');
    await a.calls(op.create('/b'), op.setData('/a', 'x'));
    await s.running.restart('other');
    await s.running.reelected();
    const b = await s.client('b', { at: 'other' });
    await b.calls(op.getChildren2('/'), op.getData('/a'), op.create('/c'));
    await a.calls(op.sync('/'), op.exists('/c'));
  },
  'watches after an election are set again [WATCH-34, WATCH-36, WATCH-44]': async (s) => {
    const [a, writer] = [await s.client('a'), await s.client('writer', { at: 'follower' })];
    await a.calls(op.create('/a'), op.getData('/a', true), op.exists('/b', true), op.getChildren('/', true));
    const seen = a.lastZxid;
    await s.running.kill('leader');
    await a.closed();
    await writer.closed();
    await s.running.reelected();
    const now = await s.client('writer again', { of: writer });
    await now.calls(op.setData('/a', 'x'), op.create('/b'));
    const again = await s.client('a again', { of: a });
    await again.call(op.setWatches(seen, { data: ['/a'], exist: ['/b'], child: ['/'] }));
  },
});

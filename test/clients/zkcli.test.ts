// zkCli, the shell of ZooKeeper's Java client, over TCP: every command it has, and an election while it is connected.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { suite } from '../support/suites.ts';
import { type Conversation, talkWith } from './process.ts';
import { startTarget } from './start-target.ts';
import { connectStringOf, leaderOf, type Target } from './target.ts';
import { findZkCli } from './tools.ts';

/** A line that is typed, and what is then printed. Watch events come from another thread: where one is due, order is not asked. */
type Exchange = readonly [line: string, printed: RegExp];

/** A Stat with these lines, to its last one. */
const stat = (...fields: readonly string[]): string =>
  `cZxid = ${fields.map((field) => `[^]*?\n${field}(?=\n)`).join('')}[^]*?\nnumChildren = \\d+\n`;

const silent = /^/;

const conversations: Readonly<Record<string, readonly Exchange[]>> = {
  'create, get, set, stat, sync, delete': [
    ['create /a one', /^Created \/a\n/],
    ['create /a again', /^Node already exists: \/a\n/],
    ['create /no/parent', /^Node does not exist: \/no\/parent\n/],
    ['set -s -v 0 /a two', RegExp(`^${stat('cversion = 0', 'dataVersion = 1', 'dataLength = 3')}`)],
    ['set -v 0 /a three', /^version No is not valid : \/a\n/],
    ['get -s /a', RegExp(`^two\n${stat('dataVersion = 1', 'aclVersion = 0', 'ephemeralOwner = 0x0')}`)],
    ['get /nope', /^Node does not exist: \/nope\n/],
    ['stat /a', RegExp(`^${stat('dataVersion = 1')}`)],
    ['sync /a', /^Sync is OK\n/],
    ['create /a/b', /^Created \/a\/b\n/],
    ['get /a/b', /^null\n/],
    ['delete /a', /^Node not empty: \/a\n/],
    ['delete -v 7 /a/b', /^version No is not valid : \/a\/b\n/],
    ['delete -v 0 /a/b', silent],
    ['ls /a', /^\[\]\n/],
    ['deleteall /a', silent],
    ['stat /a', /^Node does not exist: \/a\n/],
  ],
  'the kinds of nodes, ls, getEphemerals, getAllChildrenNumber': [
    ['create /k', /^Created \/k\n/],
    ['create -s /k/s- a', /^Created \/k\/s-0000000000\n/],
    ['create -e /k/e b', /^Created \/k\/e\n/],
    ['create -s -e /k/se- c', /^Created \/k\/se-0000000002\n/],
    ['create /k/e/child', /^Ephemerals cannot have children: \/k\/e\/child\n/],
    ['create -c /k/box', /^Created \/k\/box\n/],
    ['create -t 3600000 /k/ttl d', /^Created \/k\/ttl\n/],
    ['stat /k/box', RegExp(`^${stat('ephemeralOwner = 0x0')}`)],
    ['stat /k/ttl', RegExp(`^${stat('ephemeralOwner = 0x0')}`)],
    ['ls -s /k', RegExp(`^\\[box, e, s-0000000000, se-0000000002, ttl\\]\n${stat('cversion = 5')}`)],
    ['ls -R /k', /^\/k\n\/k\/box\n\/k\/e\n\/k\/s-0000000000\n\/k\/se-0000000002\n\/k\/ttl\n/],
    ['getEphemerals /k', /^\[\/k\/e, \/k\/se-0000000002\]\n/],
    ['getEphemerals', /^\[\/k\/e, \/k\/se-0000000002\]\n/],
    ['getAllChildrenNumber /k', /^5\n/],
  ],
  'watches: once, persistent, recursive, removed': [
    ['create /w', /^Created \/w\n/],
    ['get -w /w', /^null\n/],
    ['set /w four', /WatchedEvent state:SyncConnected type:NodeDataChanged path:\/w\n/],
    ['stat -w /w', /numChildren = 0\n/],
    ['set /w five', /type:NodeDataChanged path:\/w\n/],
    ['ls -w /w', /^\[\]\n/],
    ['create /w/x', /type:NodeChildrenChanged path:\/w\n/],
    ['get -w /w/x', /null\n/],
    ['delete /w/x', /type:NodeDeleted path:\/w\/x\n/],
    ['get -w /w', /five\n/],
    ['removewatches /w -d', /type:DataWatchRemoved path:\/w\n/],
    ['addWatch /w', silent],
    ['create /w/deep', /type:NodeCreated path:\/w\/deep\n/],
    ['create /w/deep/er', /type:NodeCreated path:\/w\/deep\/er\n/],
    ['set /w/deep/er x', /type:NodeDataChanged path:\/w\/deep\/er\n/],
    ['delete /w/deep/er', /type:NodeDeleted path:\/w\/deep\/er\n/],
    ['removewatches /w -a', /type:PersistentWatchRemoved path:\/w\n/],
    ['addWatch -m PERSISTENT /w', silent],
    ['create /w/child', /type:NodeChildrenChanged path:\/w\n/],
    ['set /w six', /type:NodeDataChanged path:\/w\n/],
    ['removewatches /w -a', /type:PersistentWatchRemoved path:\/w\n/],
    ['removewatches /w -a', /KeeperErrorCode = No such watcher for \/w\n/],
    ['printwatches off', silent],
  ],
  'getAcl, setAcl, addauth, whoami, super': [
    ['create /acl', /^Created \/acl\n/],
    ['create /acl/r v world:anyone:r', /^Created \/acl\/r\n/],
    ['getAcl -s /acl/r', RegExp(`^'world,'anyone\n: r\n${stat('aclVersion = 0')}`)],
    ['set /acl/r x', /^Insufficient permission : \/acl\/r\n/],
    ['setAcl /acl/r world:anyone:cdrwa', /^Insufficient permission : \/acl\/r\n/],
    ['setAcl -s -v 0 /acl world:anyone:cdrwa', RegExp(`^${stat('aclVersion = 1')}`)],
    ['setAcl -v 0 /acl world:anyone:cdrwa', /^version No is not valid : \/acl\n/],
    ['setAcl /acl nonsense:x:cdrwa', /^Acl is not valid : \/acl\n/],
    ['addauth digest alice:wonderland', silent],
    ['whoami', /^Auth scheme: User\nip: 127\.0\.0\.1\ndigest: alice\n/],
    ['create /acl/hers v auth::cdrwa', /^Created \/acl\/hers\n/],
    ['getAcl /acl/hers', /^'digest,'alice:\S{28}\n: cdrwa\n/],
    ['addauth digest super:test', silent],
    ['set /acl/r super', silent],
    ['get /acl/r', /^super\n/],
  ],
  'setquota, listquota, delquota': [
    ['create /q 12345', /^Created \/q\n/],
    ['setquota -n 100 /q', silent],
    ['create /q/child 678', /^Created \/q\/child\n/],
    ['listquota /q', /^absolute path is \/zookeeper\/quota\/q\/zookeeper_limits\nOutput quota for \/q count=100,bytes=-1[^\n]*\n/],
    ['listquota /q', /\nOutput stat for \/q count=2,bytes=8\n/],
    ['setquota -B 10 /q', silent],
    ['listquota /q', /byteHardLimit=10;countHardLimit=-1\nOutput stat for \/q count=2,bytes=8\n/],
    ['delquota /q', silent],
    ['listquota /q', /^absolute path is \/zookeeper\/quota\/q\/zookeeper_limits\nquota for \/q does not exist\.\n/],
  ],
  'config, reconfig, version, history, connect, close': [
    ['config', /^server\.1=[^\n]*:participant[^\n]*\nserver\.2=[^\n]*\nserver\.3=[^\n]*\nversion=\d+\n/],
    ['reconfig -remove 9', /^KeeperErrorCode = Reconfig is disabled\n/],
    ['version', /^ZooKeeper CLI version: /],
    ['history', /1 - reconfig -remove 9\n2 - version\n3 - history\n/],
    ['close', /Session: 0x[0-9a-f]+ closed\n/],
    ['ls /', /Not connected\n/],
  ],
};

suite('zkcli', findZkCli(), (jar) => {
  let target: Target;

  beforeAll(async () => {
    target = await startTarget();
  });

  afterAll(() => target.stop());

  function openShell(): Conversation {
    const logged = `${jar}:/usr/share/java/slf4j-simple.jar`;
    return talkWith('java', ['-Xmx128m', '-cp', logged, 'org.apache.zookeeper.ZooKeeperMain', '-server', connectStringOf(target)]);
  }

  /** The session's id, once it is established. */
  async function sessionOf(shell: Conversation): Promise<string | undefined> {
    const [, session] = await shell.hear(/Session establishment complete on server .*, session id = (0x[0-9a-f]+),/);
    await shell.hear(/WatchedEvent state:SyncConnected type:None path:null\n/);
    return session;
  }

  describe('every command', () => {
    test.for(Object.entries(conversations))('%s', async ([, exchanges]) => {
      const shell = openShell();
      await sessionOf(shell);
      try {
        for (const [line, printed] of exchanges) await shell.ask(line, printed);
      } finally {
        await shell.end();
      }
    });
  });

  test('an election: the session goes on, with its ephemeral node and its watch', async () => {
    const shell = openShell();
    const session = await sessionOf(shell);
    await shell.ask('create /turn one', /Created \/turn\n/);
    await shell.ask('create -e /turn/mine', /Created \/turn\/mine\n/);
    await shell.ask('get -w /turn', /^one\n/);

    const leader = await leaderOf(target);
    await target.crash(leader.sid);
    await shell.hear(/WatchedEvent state:Disconnected type:None path:null\n/);
    expect(await sessionOf(shell)).toBe(session);

    await shell.ask('set /turn two', /WatchedEvent state:SyncConnected type:NodeDataChanged path:\/turn\n/);
    await shell.ask('get /turn', /two\n/);
    const [, owner] = await shell.ask('stat /turn/mine', /ephemeralOwner = (0x[0-9a-f]+)\n/);
    expect(owner).toBe(session);
    await target.restart(leader.sid);
    await shell.ask('quit', /Session: 0x[0-9a-f]+ closed\n/);
    await shell.end();
  });
});

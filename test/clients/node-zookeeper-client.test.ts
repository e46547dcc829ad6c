// node-zookeeper-client over TCP: all that it can do, and an election while it is connected.

import { ACL, CreateMode, Exception, Id, Permission, State } from 'node-zookeeper-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientOf, connected, type NodeClient, watch } from './node-client.ts';
import { startTarget } from './start-target.ts';
import { addressOf, connectStringOf, leaderOf, type Target } from './target.ts';

let target: Target;
let client: NodeClient;
let home: string;
let homes = 0;

beforeAll(async () => {
  target = await startTarget();
});

afterAll(() => target.stop());

beforeEach(async () => {
  client = await connected(connectStringOf(target));
  home = await client.create(`/node-${homes++}`);
});

afterEach(() => client.close());

const bytes = (text: string): Buffer => Buffer.from(text);
const fails = (name: keyof typeof Exception): object => ({ code: Exception[name] });

describe('node-zookeeper-client', () => {
  test('a session has an id, a password and the timeout it asked for', () => {
    expect(client.raw.getState()).toBe(State.SYNC_CONNECTED);
    expect(client.raw.getSessionTimeout()).toBe(10_000);
    expect(client.raw.getSessionId()).not.toEqual(Buffer.alloc(8));
    expect(client.raw.getSessionPassword()).toHaveLength(16);
  });

  test('create, exists, getData, setData, remove, with versions', async () => {
    const path = `${home}/a`;
    expect(await client.create(path, bytes('one'))).toBe(path);
    await expect(client.create(path)).rejects.toMatchObject(fails('NODE_EXISTS'));
    await expect(client.create(`${home}/b/c`)).rejects.toMatchObject(fails('NO_NODE'));
    const stat = await client.setData(path, bytes('two'), 0);
    expect(stat).toMatchObject({ version: 1, dataLength: 3, numChildren: 0, cversion: 0, aversion: 0 });
    await expect(client.setData(path, bytes('three'), 0)).rejects.toMatchObject(fails('BAD_VERSION'));
    expect(await client.getData(path)).toEqual({ data: bytes('two'), stat });
    expect(await client.exists(path)).toEqual(stat);
    await expect(client.remove(home)).rejects.toMatchObject(fails('NOT_EMPTY'));
    await expect(client.remove(path, 7)).rejects.toMatchObject(fails('BAD_VERSION'));
    await client.remove(path, 1);
    expect(await client.exists(path)).toBeNull();
    await expect(client.getData(path)).rejects.toMatchObject(fails('NO_NODE'));
  });

  test('a node without data has null data, not empty data', async () => {
    await client.create(`${home}/null`);
    expect(await client.getData(`${home}/null`)).toMatchObject({ data: undefined, stat: { dataLength: 0 } });
    await client.create(`${home}/empty`, Buffer.alloc(0));
    expect(await client.getData(`${home}/empty`)).toMatchObject({ data: Buffer.alloc(0), stat: { dataLength: 0 } });
  });

  test('sequential nodes count on; ephemeral nodes go with their session', async () => {
    expect(await client.create(`${home}/s-`, CreateMode.PERSISTENT_SEQUENTIAL)).toBe(`${home}/s-0000000000`);
    expect(await client.create(`${home}/s-`, CreateMode.PERSISTENT_SEQUENTIAL)).toBe(`${home}/s-0000000001`);
    const other = await connected(connectStringOf(target));
    const ephemeral = await other.create(`${home}/e`, CreateMode.EPHEMERAL);
    const { watcher, event } = watch();
    expect(await client.exists(ephemeral, watcher)).toMatchObject({ ephemeralOwner: other.raw.getSessionId() });
    await expect(client.create(`${ephemeral}/child`)).rejects.toMatchObject(fails('NO_CHILDREN_FOR_EPHEMERALS'));
    await other.close();
    expect(await event).toBe(`NODE_DELETED ${ephemeral}`);
    // The suffix is the parent's cversion: three were created, one was deleted.
    expect(await client.create(`${home}/es-`, CreateMode.EPHEMERAL_SEQUENTIAL)).toBe(`${home}/es-0000000003`);
  });

  test('watches on data, on existence and on children fire', async () => {
    const [data, existence, children] = [watch(), watch(), watch()];
    await client.getData(home, data.watcher);
    await client.exists(`${home}/later`, existence.watcher);
    await client.getChildren(home, children.watcher);
    await client.create(`${home}/later`);
    await client.setData(home, bytes('x'));
    expect(await existence.event).toBe(`NODE_CREATED ${home}/later`);
    expect(await children.event).toBe(`NODE_CHILDREN_CHANGED ${home}`);
    expect(await data.event).toBe(`NODE_DATA_CHANGED ${home}`);
  });

  test('children with the Stat of their parent; a tree made, listed and removed at once', async () => {
    await client.mkdirp(`${home}/x/y`, bytes('deep'));
    await client.create(`${home}/w`);
    const { children, stat } = await client.getChildren(home);
    expect(children.toSorted()).toEqual(['w', 'x']);
    expect(stat).toMatchObject({ numChildren: 2, cversion: 2, version: 0 });
    // This client (1.1.3 with async 3) lists one level only, on the real server too.
    expect((await client.listSubTree(`${home}/x`)).toSorted()).toEqual([`${home}/x`, `${home}/x/y`]);
    await client.removeRecursive(`${home}/x`);
    expect(await client.getChildren(home)).toMatchObject({ children: ['w'], stat: { cversion: 3 } });
  });

  test('transactions: all of it, or nothing and the error', async () => {
    const path = `${home}/t`;
    await client.commit(client.raw.transaction().create(path, bytes('a')).setData(path, bytes('b'), 0).check(path, 1));
    expect(await client.getData(path)).toMatchObject({ data: bytes('b'), stat: { version: 1 } });
    const half = client.raw.transaction().remove(path).create(`${home}/missing/u`);
    await expect(client.commit(half)).rejects.toMatchObject(fails('NO_NODE'));
    expect(await client.exists(path)).toMatchObject({ version: 1 });
    await client.commit(client.raw.transaction().remove(path));
    expect(await client.exists(path)).toBeNull();
  });

  test('ACLs: only who authenticated may read; what is kept is a digest', async () => {
    const path = `${home}/secret`;
    const owner = await connected(connectStringOf(target));
    owner.raw.addAuthInfo('digest', bytes('alice:wonderland'));
    await owner.create(path, bytes('s'), [new ACL(Permission.ALL, new Id('auth', ''))]);
    await expect(client.getData(path)).rejects.toMatchObject(fails('NO_AUTH'));
    const acls = await owner.getACL(path);
    expect(acls).toMatchObject([{ permission: Permission.ALL, id: { scheme: 'digest', id: expect.stringMatching(/^alice:.{28}$/) } }]);
    const readable = [new ACL(Permission.READ, new Id('world', 'anyone')), ...acls];
    expect(await owner.setACL(path, readable, 0)).toMatchObject({ aversion: 1 });
    expect(await client.getData(path)).toMatchObject({ data: bytes('s') });
    await expect(client.setData(path, bytes('t'))).rejects.toMatchObject(fails('NO_AUTH'));
    await expect(owner.setACL(path, readable, 0)).rejects.toMatchObject(fails('BAD_VERSION'));
    await expect(client.create(`${home}/none`, [new ACL(Permission.ALL, new Id('nonsense', 'x'))])).rejects.toMatchObject(
      fails('INVALID_ACL'),
    );
    await owner.close();
  });

  test('an unknown authentication scheme ends the session', async () => {
    const other = await connected(connectStringOf(target));
    const refused = other.heard('authenticationFailed');
    other.raw.addAuthInfo('nonsense', bytes('x'));
    await refused;
  });

  test('below a chroot the paths of replies and events are its own', async () => {
    const inside = await connected(`${connectStringOf(target)}${home}`);
    const { watcher, event } = watch();
    await inside.exists('/leaf', watcher);
    expect(await inside.create('/leaf')).toBe('/leaf');
    expect(await event).toBe('NODE_CREATED /leaf');
    expect(await client.getChildren(home)).toMatchObject({ children: ['leaf'] });
    await inside.close();
  });

  test('a value of a megabyte goes through, a request over jute.maxbuffer costs the connection', async () => {
    const path = await client.create(`${home}/large`, Buffer.alloc(1_000_000, 7));
    expect((await client.getData(path)).data?.equals(Buffer.alloc(1_000_000, 7))).toBe(true);
    const again = client.heard('connected');
    await expect(client.setData(path, Buffer.alloc(1_048_576))).rejects.toMatchObject(fails('CONNECTION_LOSS'));
    await again;
  });

  test('who has the password takes a session over with its ephemeral nodes; a wrong password is an expired session', async () => {
    const owner = await connected(connectStringOf(target));
    const sessionId = owner.raw.getSessionId();
    await owner.create(`${home}/mine`, CreateMode.EPHEMERAL);
    const liar = clientOf(connectStringOf(target), { sessionId, sessionPassword: Buffer.alloc(16) });
    const refused = liar.heard('expired');
    liar.raw.connect();
    await refused;
    // A living owner would take its session back as soon as it heard of the heir.
    await owner.die();
    const heir = await connected(connectStringOf(target), { sessionId, sessionPassword: owner.raw.getSessionPassword() });
    expect(await heir.exists(`${home}/mine`)).toMatchObject({ ephemeralOwner: sessionId });
    await heir.close();
    expect(await client.exists(`${home}/mine`)).toBeNull();
  });
});

describe('node-zookeeper-client through an election', () => {
  test('the leader is killed: session, ephemeral node and watches go on with the new one', async () => {
    const leader = await leaderOf(target);
    const others = target.servers.filter(({ sid }) => sid !== leader.sid);
    // This client takes the first address first: the leader.
    const one = await connected(connectStringOf({ servers: [leader, ...others] }));
    const sessionId = one.raw.getSessionId();
    const [data, children] = [watch(), watch()];
    await one.create(`${home}/held`, CreateMode.EPHEMERAL);
    await one.getData(home, data.watcher);
    await one.getChildren(home, children.watcher);

    const [down, up] = [one.heard('disconnected'), one.heard('connected')];
    await target.crash(leader.sid);
    await down;
    await up;

    expect(one.raw.getSessionId()).toEqual(sessionId);
    expect(await one.exists(`${home}/held`)).toMatchObject({ ephemeralOwner: sessionId });
    await one.setData(home, bytes('after'));
    await one.create(`${home}/new`);
    expect(await data.event).toBe(`NODE_DATA_CHANGED ${home}`);
    expect(await children.event).toBe(`NODE_CHILDREN_CHANGED ${home}`);
    expect((await leaderOf(target)).sid).not.toBe(leader.sid);
    await one.close();

    await target.restart(leader.sid);
    const back = await connected(addressOf(leader));
    await expect.poll(async () => (await back.getData(home)).data).toEqual(bytes('after'));
    await back.close();
  });
});

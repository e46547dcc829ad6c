import { expect, test } from 'vitest';
import {
  act,
  call,
  exists,
  hush,
  makeServing,
  nodeOf,
  notesOf,
  returned,
  roles,
  runMs,
  type Serving,
} from '../support/serving-ensemble.ts';

/** Times in milliseconds of a client's notes of this type, after `since`. */
function times(serving: Serving, type: string, client: string, since: number): number[] {
  const node = nodeOf(serving, client);
  return serving.notes.filter((each) => each.note.type === type && each.node === node).map(({ at }) => (at - since) / 1000);
}

test.for(['fine', 'coarse'] as const)('clients of a follower, an observer and the leader write, read, watch and sync (%s)', (mode) => {
  const it = makeServing({ mode, observers: 1, clients: [['s1'], ['s3'], ['s4']] });
  expect(roles(it)).toEqual(['FOLLOWING', 'FOLLOWING', 'LEADING', 'OBSERVING']);
  expect(call(it, 'c1', 'create /a one')).toMatchObject({ error: 'OK' });
  expect(call(it, 'c3', 'sync /a')).toMatchObject({ error: 'OK' });
  expect(call(it, 'c3', 'get -w /a')).toMatchObject({ error: 'OK', result: { data: 'one' } });
  expect(call(it, 'c2', 'set /a two')).toMatchObject({ error: 'OK' });
  expect(notesOf(it, 'client-event', 'c3')).toMatchObject([{ event: 'NodeDataChanged', path: '/a' }]);
  expect(call(it, 'c2', 'create -e /e x')).toMatchObject({ error: 'OK' });
  expect(call(it, 'c1', 'stat -w /e')).toMatchObject({ error: 'OK' });
  expect(call(it, 'c2', 'close')).toMatchObject({ error: 'OK' });
  expect(notesOf(it, 'client-event', 'c1')).toMatchObject([{ event: 'NodeDeleted', path: '/e' }]);
  expect(call(it, 'c3', 'delete /nix')).toMatchObject({ error: 'NONODE' });
});

test('a follower dies: only its own clients lose their connection, and go on at another server [LIVE-25]', () => {
  const it = makeServing({ clients: [['s1', 's2'], ['s2'], ['s3']] });
  hush(it);
  act(it, { type: 'kill', node: nodeOf(it, 's1') });
  runMs(it, 1500);
  expect(notesOf(it, 'client-state', 'c1')).toMatchObject([{ state: 'CONNECTING' }, { state: 'CONNECTED' }]);
  expect(notesOf(it, 'client-session', 'c1')).toMatchObject([{ how: 'reattached' }]);
  expect([...notesOf(it, 'client-state', 'c2'), ...notesOf(it, 'client-state', 'c3')]).toEqual([]);
});

test('the leader dies: all clients lose their connection, and their sessions are accepted again [LIVE-17] [LIVE-24] [SESS-32]', () => {
  const it = makeServing({ clients: [['s1'], ['s2'], ['s3', 's1']] });
  call(it, 'c3', 'create -e /mine x');
  const since = hush(it);
  act(it, { type: 'kill', node: nodeOf(it, 's3') });
  runMs(it, 6000);
  for (const client of ['c1', 'c2', 'c3']) {
    expect(times(it, 'client-state', client, since)[0]).toBeLessThan(50);
    expect(notesOf(it, 'client-session', client)).toMatchObject([{ how: 'reattached' }]);
  }
  expect(notesOf(it, 'session-expired')).toEqual([]);
  expect(exists(it, 's1', '/mine')).toBe(true);
});

test('who connects before anybody serves is accepted and closed, and tries again [LIVE-20] [LIVE-21]', () => {
  const it = makeServing();
  expect(notesOf(it, 'client-attempt-failed').map(({ why }) => why)).toContain('eof');
  expect(notesOf(it, 'connection-closed')).toContainEqual({ type: 'connection-closed', session: '0000000000000000', why: 'not-serving' });
  expect(notesOf(it, 'client-session')).toMatchObject([{ how: 'created' }, { how: 'created' }]);
});

test('a silent client expires within its timeout and two ticks; its ephemerals go, and it learns of it later [SESS-15] [SESS-16] [SESS-45] [SESS-46]', () => {
  const it = makeServing({ sessionTimeoutMs: 4000 });
  call(it, 'c1', 'create -e /e x');
  call(it, 'c2', 'stat -w /e');
  const since = hush(it);
  act(it, { type: 'pause', node: nodeOf(it, 'c1') });
  runMs(it, 9000);
  const [deleted] = times(it, 'client-event', 'c2', since);
  expect(deleted).toBeGreaterThan(2000);
  expect(deleted).toBeLessThan(8500);
  expect(notesOf(it, 'connection-closed', 's1')).toHaveLength(1);
  act(it, { type: 'resume', node: nodeOf(it, 'c1') });
  runMs(it, 4000);
  expect(notesOf(it, 'client-expired', 'c1')).toHaveLength(1);
});

test('a request that comes through the old server after a move is refused [SESS-25] [SESS-26] [SESS-38] (T23)', () => {
  for (const checksSessionOwner of [true, false]) {
    const it = makeServing({ clients: [['s1', 's2']], decisions: { checksSessionOwner } });
    const [s1, s2, s3] = ['s1', 's2', 's3'].map((name) => nodeOf(it, name)) as [number, number, number];
    act(it, { type: 'message-rule', match: { from: s1, to: s3, packet: 'REQUEST' }, action: 'delay', delayUs: 500_000, skip: 0, times: 1 });
    const late = it.calls;
    call(it, 'c1', 'create /late x', 50);
    act(it, { type: 'move-client', node: nodeOf(it, 'c1'), server: s2 });
    runMs(it, 100);
    expect(returned(it, late)).toMatchObject({ error: 'CONNECTIONLOSS' });
    expect(call(it, 'c1', 'stat /late', 100)).toMatchObject({ error: 'NONODE' });
    runMs(it, 1000);
    expect(exists(it, 's2', '/late')).toBe(!checksSessionOwner);
    expect(notesOf(it, 'session-moved', 's3')).toHaveLength(checksSessionOwner ? 1 : 0);
  }
});

test('a silent leader: reads are served, writes and syncs are not, and then everybody is cut off [LIVE-26]', () => {
  const it = makeServing({ sessionTimeoutMs: 30_000 });
  call(it, 'c1', 'create /a x');
  act(it, { type: 'pause', node: nodeOf(it, 's3') });
  expect(call(it, 'c1', 'get /a')).toMatchObject({ error: 'OK' });
  expect(call(it, 'c2', 'get /a')).toMatchObject({ error: 'OK' });
  expect(call(it, 'c1', 'create /b x', 1000)).toBeNull();
  expect(call(it, 'c2', 'sync /a', 1000)).toBeNull();
  runMs(it, 12_000);
  expect(returned(it, it.calls - 1)).toMatchObject({ error: 'CONNECTIONLOSS' });
  expect(returned(it, it.calls - 2)).toMatchObject({ error: 'CONNECTIONLOSS' });
});

test('sync at a learner waits for what the leader had committed; then the read shows it [SYNCOP-02] [SYNCOP-04]', () => {
  const it = makeServing();
  const [s1, s3] = [nodeOf(it, 's1'), nodeOf(it, 's3')];
  call(it, 'c2', 'create /a old');
  act(it, { type: 'message-rule', match: { from: s3, to: s1, packet: 'COMMIT' }, action: 'delay', delayUs: 300_000, skip: 0, times: 1 });
  call(it, 'c2', 'set /a new', 50);
  expect(call(it, 'c1', 'get /a', 50)).toMatchObject({ result: { data: 'old' } });
  const synced = it.calls;
  call(it, 'c1', 'sync /a', 0);
  call(it, 'c1', 'get /a', 1000);
  expect(returned(it, synced)).toMatchObject({ error: 'OK' });
  expect(returned(it, synced + 1)).toMatchObject({ result: { data: 'new' } });
});

test('no quorum: nothing expires, and the same sessions are accepted afterwards [LIVE-27] [LIVE-28]', () => {
  const it = makeServing({ sessionTimeoutMs: 4000, clients: [['s1', 's2', 's3']] });
  call(it, 'c1', 'create -e /e x');
  hush(it);
  act(it, { type: 'kill', node: nodeOf(it, 's2') });
  act(it, { type: 'kill', node: nodeOf(it, 's3') });
  runMs(it, 10_000);
  expect(roles(it)[0]).toBe('LOOKING');
  act(it, { type: 'start', node: nodeOf(it, 's2') });
  act(it, { type: 'start', node: nodeOf(it, 's3') });
  runMs(it, 6000);
  expect(notesOf(it, 'session-expired')).toEqual([]);
  expect(notesOf(it, 'client-session', 'c1').at(-1)).toMatchObject({ how: 'reattached' });
  expect(exists(it, 's2', '/e')).toBe(true);
});

test('with learnersExpireSessions a follower whose client has left drops the ephemeral that the others keep (T22)', () => {
  for (const learnersExpireSessions of [false, true]) {
    const it = makeServing({ clients: [['s1', 's2']], sessionTimeoutMs: 4000, decisions: { learnersExpireSessions } });
    call(it, 'c1', 'create -e /e x');
    act(it, { type: 'move-client', node: nodeOf(it, 'c1'), server: nodeOf(it, 's2') });
    runMs(it, 10_000);
    expect(['s1', 's2', 's3'].map((server) => exists(it, server, '/e'))).toEqual([!learnersExpireSessions, true, true]);
  }
});

test('two worlds of one seed agree, whatever happens in them', () => {
  const hashes = [1, 2].map(() => {
    const it = makeServing({ clients: [['s1'], ['s2'], ['s3', 's1']] });
    for (const client of ['c1', 'c2', 'c3']) call(it, client, 'create -s /n x', 3);
    act(it, { type: 'kill', node: nodeOf(it, 's3') });
    runMs(it, 3000);
    return { ...it.ensemble.world.hash, events: it.ensemble.world.events };
  });
  expect(hashes[0]).toEqual(hashes[1]);
});

test('with drainsRequestsBeforeCommit false some write of a follower’s client is never answered (ZOOKEEPER-1863)', () => {
  for (const drainsRequestsBeforeCommit of [true, false]) {
    const it = makeServing({ sessionTimeoutMs: 30_000, decisions: { drainsRequestsBeforeCommit } });
    const answers = Array.from({ length: 200 }, () => call(it, 'c1', 'create -s /n x', 20));
    runMs(it, 2000);
    const stuck = answers.some((_, i) => returned(it, i) === null);
    expect(stuck).toBe(!drainsRequestsBeforeCommit);
  }
});

test('with queuesEventsWithReplies false a client can read the new state before the event (T18) [WATCH-28] [WATCH-31]', () => {
  for (const queuesEventsWithReplies of [true, false]) {
    const it = makeServing({ sessionTimeoutMs: 30_000, decisions: { queuesEventsWithReplies } });
    call(it, 'c1', 'create /a 0');
    let overtaken = 0;
    for (let i = 1; i <= 150; i++) {
      call(it, 'c1', 'get -w /a', 10);
      hush(it);
      call(it, 'c1', `set /a ${i}`, 20);
      const seen = it.notes
        .filter(({ note }) => note.type === 'client-event' || note.type === 'client-returned')
        .map(({ note }) => note.type);
      if (seen[0] === 'client-returned') overtaken++;
    }
    expect(overtaken > 0).toBe(!queuesEventsWithReplies);
  }
});

test('/zookeeper/config holds the configuration, on learners too, and on one server alone nothing [TREE-22]', () => {
  const quorumConfig = 'server.1=s1:2888:3888:participant\nversion=0';
  const stat = { version: -1, czxid: 0, mzxid: 0, aversion: -1, dataLength: quorumConfig.length };
  const three = makeServing({ server: { quorumConfig }, clients: [['s1'], ['s3']] });
  for (const client of ['c1', 'c2']) {
    expect(call(three, client, 'get /zookeeper/config')).toMatchObject({ error: 'OK', result: { data: quorumConfig, stat } });
  }
  const alone = makeServing({ voters: 1, server: { quorumConfig }, clients: [['s1']] });
  expect(call(alone, 'c1', 'get /zookeeper/config')).toMatchObject({ error: 'OK', result: { data: '', stat: { version: 0 } } });
});

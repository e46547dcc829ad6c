// The simulated client and a client on a socket get the same: one list of operations, errors included, through both.

import { afterEach, expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { noZxid } from '../../src/base/zxid.ts';
import { peek } from '../../src/base/parts.ts';
import { FIXED_CLIENT } from '../../src/client/decisions.ts';
import type { ClientOperation, Submission } from '../../src/client/items.ts';
import { isOutcome, nextOf } from '../../src/client/run-sequence.ts';
import { beginSequence, isSequence, type Answer, type SequenceOutcome } from '../../src/client/sequence.ts';
import { parseOperation } from '../../src/client/zkcli.ts';
import { actOn, makeEnsemble, startAll } from '../../src/ensemble/ensemble.ts';
import { notesOf, type Note } from '../../src/ensemble/note.ts';
import { makeClient, makeSpec } from '../../src/ensemble/spec.ts';
import { startEnsemble } from '../../src/gateway/library.ts';
import type { RunningEnsemble } from '../../src/gateway/library-types.d.ts';
import { runUntil } from '../../src/kernel/run.ts';
import { AUTH_XID, OPEN_ACL_UNSAFE, type ServerPacket } from '../../src/server/protocol.ts';
import { decodeServerPacket, encodeServerPacket } from '../../src/wire/server-packet.ts';
import { tcpClient, type Call } from '../support/tcp-client.ts';

/** Two clients, a on s1 and b on s2. What b reads after a has written it reads behind a sync. */
const LINES: readonly (readonly ['a' | 'b', string])[] = [
  ['a', 'ls /'],
  ['a', 'ls -s /zookeeper'],
  ['a', 'create /a one'],
  ['a', 'create /a two'],
  ['a', 'create /none/x'],
  ['a', 'create2 /a/two 2'],
  ['a', 'create -e /a/e mine'],
  ['a', 'create /a/e/below'],
  ['a', 'create -s /a/q-'],
  ['a', 'create -s -e /a/q- x'],
  ['a', 'create -s /a/'],
  ['a', 'create -n /a/null world:anyone:cdrwa'],
  ['a', 'create /a/empty ""'],
  ['a', 'get /a/null'],
  ['a', 'get /a/empty'],
  ['a', 'get -w /a'],
  ['a', 'set /a changed'],
  ['a', 'set -v 0 /a stale'],
  ['a', 'set -v 1 /a right'],
  ['a', 'set /none x'],
  ['a', 'stat -w /a/two'],
  ['a', 'stat -w /later'],
  ['a', 'stat /none'],
  ['a', 'getChildren -w /a'],
  ['a', 'getChildren /none'],
  ['a', 'ls -w /a'],
  ['a', 'ls -s /a'],
  ['a', 'delete /a'],
  ['a', 'delete -v 5 /a/two'],
  ['a', 'delete /a/two'],
  ['a', 'delete /none'],
  ['a', 'delete /zookeeper'],
  ['a', 'create -c /box'],
  ['a', 'create -t 60000 /lease x'],
  ['a', 'create -s -t 60000 /lease- y'],
  ['a', 'create /box/child'],
  ['a', 'deletecontainer /box'],
  ['a', 'deletecontainer /none'],
  ['a', 'getAllChildrenNumber /'],
  ['a', 'getAllChildrenNumber /a'],
  ['a', 'getEphemerals'],
  ['a', 'getEphemerals /b'],
  ['a', 'getAcl /a'],
  ['a', 'getAcl /none'],
  ['a', 'setAcl /a digest:u:hash:r'],
  ['a', 'set /a denied'],
  ['a', 'getAcl -s /a'],
  ['a', 'create /bad x nobody:x:r'],
  ['a', 'setAcl -v 7 /box world:anyone:cdrwa'],
  ['a', 'whoami'],
  ['a', 'addauth digest alice:secret'],
  ['a', 'whoami'],
  ['a', 'create /mine secret auth::cdrwa'],
  ['a', 'getAcl /mine'],
  ['b', 'sync /'],
  ['b', 'get /mine'],
  ['b', 'stat /mine'],
  ['b', 'set /mine x'],
  ['b', 'getAcl /mine'],
  ['b', 'getEphemerals'],
  ['b', 'addWatch /watched'],
  ['b', 'addWatch -m PERSISTENT /box'],
  ['b', 'checkwatches -r /watched'],
  ['b', 'checkwatches -d /watched'],
  ['a', 'create /watched'],
  ['a', 'create /watched/below'],
  ['a', 'set /watched/below 1'],
  ['a', 'create /box/second'],
  ['b', 'sync /'],
  ['b', 'removewatches -p /box'],
  ['b', 'removewatches -p /box'],
  ['a', 'multi { create /m 1; set /m 2; check -v 1 /m; create2 /m/x; create -s /m/s-; delete /m/x }'],
  ['a', 'multi { set /m 3; delete /none; create /m/never }'],
  ['a', 'multi { create -c /m/c; create -t 1000 /m/t; create -e /m/e }'],
  ['a', 'multi { }'],
  ['a', 'multi { check -v 9 /m }'],
  ['a', 'multiread { get /m; getChildren /m; get /none; get /mine }'],
  ['b', 'sync /'],
  ['b', 'multiread { get /m; get /mine }'],
  ['a', 'sync /none'],
  ['a', 'setquota -N 4 /m'],
  ['a', 'listquota /m'],
  ['a', 'setquota -B 3 /m'],
  ['a', 'create /m/toomany'],
  ['a', 'set /m 1234'],
  ['a', 'delquota /m'],
  ['a', 'ls -R /a'],
  ['a', 'setAcl -R /m world:anyone:cdrwa'],
  ['a', 'deleteall /m'],
  ['a', 'deleteall /zookeeper'],
  ['a', 'get /zookeeper/config'],
  ['a', 'reconfig -remove 3'],
  ['a', 'delete /mine'],
  ['a', 'create /last'],
  ['b', 'sync /'],
  ['b', 'ls /'],
];

/** What a library would not send, but a client may: the server's own checks. */
const RAW: readonly ClientOperation[] = [
  { op: 'create', path: '/bad/', data: null, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' },
  { op: 'create', path: 'bad', data: null, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' },
  { op: 'create', path: '/x', data: null, acl: [], mode: 'PERSISTENT' },
  { op: 'createTTL', path: '/x', data: null, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_WITH_TTL', ttlMs: 0 },
  { op: 'createTTL', path: '/x', data: null, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT', ttlMs: 5 },
  { op: 'createContainer', path: '/seq-', data: null, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_SEQUENTIAL' },
  { op: 'getData', path: '', watch: false },
  { op: 'getData', path: '/a/', watch: false },
  { op: 'setData', path: 'a', data: bytesOfUtf8('x'), version: -1 },
  { op: 'exists', path: '/\0', watch: false },
  { op: 'addWatch', path: '/a', mode: 7 },
  { op: 'removeWatches', path: '/a', watcherType: 9 },
  { op: 'setACL', path: '/a', acl: [{ perms: 1, scheme: 'ip', id: 'here' }], version: -1 },
  { op: 'multiRead', ops: [{ op: 'exists', path: '/a', watch: false }] },
  { op: 'multi', ops: [{ op: 'getData', path: '/a', watch: false }] },
  { op: 'getEphemerals', prefix: null },
];

type Who = 'a' | 'b';
type Reply = Pick<Extract<ServerPacket, { type: 'REPLY' }>, 'error' | 'result' | 'zxid'>;
type Event = Pick<Extract<ServerPacket, { type: 'EVENT' }>, 'event' | 'path' | 'zxid'>;

/** One kind of client, connected to an ensemble of its own. */
interface Clients {
  readonly ask: (who: Who, operation: ClientOperation) => Promise<Reply>;
  readonly sessionOf: (who: Who) => string;
  /** All that came so far. */
  readonly eventsOf: (who: Who) => readonly Event[];
}

interface Transcript {
  readonly told: readonly { readonly line: string; readonly replies: readonly unknown[]; readonly outcome: SequenceOutcome | null }[];
  readonly events: Readonly<Record<Who, readonly Event[]>>;
}

async function transcriptOf(clients: Clients): Promise<Transcript> {
  const told: Transcript['told'][number][] = [];
  const lines: (readonly [Who, string, Submission])[] = LINES.map(([who, line]) => [who, line, parseOperation(line)]);
  lines.push(...RAW.map((operation): (typeof lines)[number] => ['a', JSON.stringify(operation), operation]));
  lines.push(['a', 'close', { op: 'closeSession' }]);
  for (const [who, line, submission] of lines) {
    const answers: Answer[] = [];
    const replies: unknown[] = [];
    const ask = async (operation: ClientOperation): Promise<void> => {
      const reply = await clients.ask(who, operation);
      answers.push(reply);
      replies.push(plain(reply, clients.sessionOf(who)));
    };
    let outcome: SequenceOutcome | null = null;
    if (!isSequence(submission)) await ask(submission);
    else {
      const running = beginSequence(submission, 0, who, null);
      const nextAfter = (): ReturnType<typeof nextOf> => nextOf({ ...running, answers }, FIXED_CLIENT);
      let next = nextAfter();
      for (; !isOutcome(next) && next.op !== 'await'; next = nextAfter()) await ask(next);
      if (!isOutcome(next)) throw new Error(`${line} waits`);
      outcome = next;
    }
    told.push({ line, replies, outcome });
  }
  return { told, events: { a: clients.eventsOf('a'), b: clients.eventsOf('b') } };
}

/** Without what differs by its nature: sessions, addresses and the time of day. Of a watch that is not there a library does not ask a server. */
function plain({ error, result, zxid }: Reply, session: string): unknown {
  return JSON.parse(
    JSON.stringify({ error, result, zxid: error === 'NOWATCHER' ? noZxid : zxid }, (key, value: unknown) => {
      if (key === 'ctime' || key === 'mtime') return value === 0 ? 0 : 'then';
      if (key === 'ephemeralOwner' && value === session) return 'me';
      return key === 'user' && /^[\d.]+$/.test(String(value)) ? 'my address' : value;
    }),
  );
}

const SERVERS: Readonly<Record<Who, string>> = { a: 's1', b: 's2' };

/** What `config` shows of an ensemble without a zoo.cfg. */
const QUORUM_CONFIG = [...[1, 2, 3].map((sid) => `server.${sid}=s${sid}:2888:3888:participant`), 'version=0'].join('\n');

function simulatedClients(): Clients {
  const clients = Object.values(SERVERS).map((server) =>
    makeClient(server, { servers: [server], shufflesServers: false, connectDelayMs: 0 }),
  );
  const ensemble = makeEnsemble(
    makeSpec({ clients, server: { extendedTypesEnabled: true, enforceQuota: true, quorumConfig: QUORUM_CONFIG } }),
  );
  const events: Readonly<Record<Who, Event[]>> = { a: [], b: [] };
  const nodeOf = (who: Who): number => ensemble.clients[who === 'a' ? 0 : 1]!.node;
  const returned: Extract<Note, { type: 'client-returned' }>[] = [];
  ensemble.world.observe = ({ record }) => {
    for (const note of notesOf(record)) {
      if (note.type === 'client-returned') returned.push(note);
      else if (note.type === 'client-event') events[record.node === nodeOf('a') ? 'a' : 'b'].push(...eventsOf(note));
    }
  };
  startAll(ensemble);
  runUntil(ensemble.world, 3_000_000);
  return {
    ask: (who, operation) => {
      returned.length = 0;
      actOn(ensemble, { type: 'invoke', node: nodeOf(who), call: 0, operation });
      while (returned.length === 0) runUntil(ensemble.world, ensemble.world.now + 10_000);
      return Promise.resolve(asOnTheWire(returned[0]!));
    },
    sessionOf: (who) => peek(ensemble.world.parts, ensemble.clients[who === 'a' ? 0 : 1]!.client).session,
    eventsOf: (who) => events[who],
  };
}

/** A server knows more of a result than its record says. */
function asOnTheWire({ xid, zxid, error, result, operation }: Extract<Note, { type: 'client-returned' }>): Reply {
  if (operation.op === 'auth') return { error, result, zxid };
  const reply = decodeServerPacket(encodeServerPacket({ type: 'REPLY', xid, zxid, error, result }).subarray(4), (operation as Call).op);
  expect(reply.type).toBe('REPLY');
  return reply as Extract<ServerPacket, { type: 'REPLY' }>;
}

function eventOf({ event, path, zxid }: Event): Event {
  return { event, path, zxid };
}

/** A library tells its own watchers of their removal (WATCH-27): nothing of that is on the wire. */
function eventsOf({ event, path, zxid }: Extract<Note, { type: 'client-event' }>): Event[] {
  return event === 'DataWatchRemoved' || event === 'ChildWatchRemoved' || event === 'PersistentWatchRemoved' ? [] : [{ event, path, zxid }];
}

async function realClients(ensemble: RunningEnsemble): Promise<Clients> {
  const connect = async (who: Who) => {
    const client = await tcpClient(ensemble.servers.find(({ name }) => name === SERVERS[who])!.port);
    return { client, session: (await client.handshake()).session };
  };
  const both = { a: await connect('a'), b: await connect('b') };
  return {
    ask: async (who, operation) => {
      const { client } = both[who];
      if (operation.op !== 'auth') return client.call(operation);
      client.send({ type: 'OP', xid: AUTH_XID, operation });
      return { error: 'OK', result: { op: 'auth' }, zxid: -1 };
    },
    sessionOf: (who) => both[who].session,
    eventsOf: (who) => both[who].client.events.flatMap((packet) => (packet.type === 'EVENT' ? [eventOf(packet)] : [])),
  };
}

let ensemble: RunningEnsemble | null = null;
afterEach(() => ensemble?.stop());

test('the simulated client and a client over TCP get identical results, Stats and events for the same operations', async () => {
  ensemble = await startEnsemble({
    servers: 3,
    properties: { 'zookeeper.extendedTypesEnabled': 'true', 'zookeeper.enforceQuota': 'true' },
  });
  await ensemble.untilServing();
  const real = await transcriptOf(await realClients(ensemble));
  const simulated = await transcriptOf(simulatedClients());
  expect(simulated).toEqual(real);
  const errors = new Set(JSON.stringify(real.told).match(/"error":"[A-Z]+"/g));
  expect(errors.size).toBeGreaterThan(12);
  expect(real.events.b.length).toBeGreaterThan(3);
});

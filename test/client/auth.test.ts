// addAuthInfo: who the client says it is, told to every connection, and what becomes of one that is not believed.

import { expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import type { ClientOperation } from '../../src/client/items.ts';
import {
  call,
  hangUp,
  makeClientWorld,
  notesOf,
  obliging,
  received,
  returns,
  runMs,
  startClient,
  stateOf,
  states,
  tell,
  ZXID,
} from '../support/client-world.ts';
import type { ClientPacket } from '../../src/server/protocol.ts';

const digest = (auth: string): ClientOperation => ({ op: 'auth', scheme: 'digest', auth: bytesOfUtf8(auth) });
const read: ClientOperation = { op: 'getData', path: '/a', watch: false };

function operations(it: Parameters<typeof received>[0]): unknown[] {
  return it.got.flatMap(({ packet }) =>
    packet.type === 'OP' ? [[packet.xid, packet.operation.op === 'auth' ? packet.operation.auth : packet.operation.op]] : [],
  );
}

test('an auth packet goes in its turn with xid -4, and nobody waits for its answer [CLI-13]', () => {
  const it = startClient(makeClientWorld());
  call(it, read);
  call(it, digest('a:1'));
  call(it, read);
  runMs(it, 10);
  expect(operations(it)).toEqual([
    [1, 'getData'],
    [-4, bytesOfUtf8('a:1')],
    [2, 'getData'],
  ]);
  expect(returns(it)).toEqual(['1 OK', '0 OK', '2 OK']);
  expect(notesOf(it, 'client-returned')[0]).toMatchObject({ call: 1, xid: -4, zxid: -1, result: { op: 'auth' } });
});

test('a new connection is told first who the client is, last added first, then what it watches [CLI-06]', () => {
  const it = startClient(makeClientWorld({ servers: 2, config: { connectDelayMs: 1000 } }));
  call(it, digest('a:1'));
  call(it, digest('b:2'));
  call(it, digest('a:1'));
  call(it, { op: 'getData', path: '/a', watch: true });
  runMs(it, 10);
  hangUp(it, 0);
  runMs(it, 1);
  call(it, read);
  runMs(it, 1100);
  const second = it.got.filter(({ server }) => server === 1).map(({ packet }) => packet);
  expect(second.map((packet) => (packet.type === 'OP' ? packet.operation.op : packet.type))).toEqual([
    'CONNECT',
    'auth',
    'auth',
    'setWatches',
    'getData',
  ]);
  expect(second.slice(1, 3)).toMatchObject([
    { xid: -4, operation: { auth: bytesOfUtf8('b:2') } },
    { xid: -4, operation: { auth: bytesOfUtf8('a:1') } },
  ]);
});

test('a client that is not believed is of no use any more: its calls fail, and so do later ones [CLI-13, CLI-11]', () => {
  const it = startClient(makeClientWorld({ servers: 2, listens: true }));
  it.respond = (packet: ClientPacket, server) => {
    if (packet.type !== 'OP' || packet.operation.op !== 'auth') return packet.type === 'OP' ? [] : obliging(packet, server);
    return [{ type: 'REPLY', xid: -4, zxid: ZXID, error: 'AUTHFAILED', result: null }];
  };
  call(it, { op: 'auth', scheme: 'none', auth: bytesOfUtf8('') });
  const waiting = call(it, read);
  runMs(it, 10);
  const late = call(it, read);
  const again = call(it, digest('a:1'));
  runMs(it, 5000);
  expect(states(it).slice(2)).toEqual(['AUTH_FAILED auth-failed']);
  expect(returns(it)).toEqual(['0 OK', `${waiting} AUTHFAILED`, `${late} AUTHFAILED`, `${again} AUTHFAILED`]);
  expect(received(it).filter((line) => line.startsWith('1'))).toEqual([]);
  expect(it.heard.flatMap((each) => ('state' in each ? [each.state] : []))).toEqual(['SyncConnected', 'AuthFailed', 'Closed']);
  tell(it, { type: 'open' });
  runMs(it, 2000);
  expect(stateOf(it)).toMatchObject({ state: 'CONNECTED', authInfo: [] });
});

/* Frames written down by hand from section K1 of the facts: both directions of the codec could be wrong alike, these could not. */
import { describe, expect, test } from 'vitest';
import { bytesOfArray, bytesOfUtf8 } from '../../src/base/bytes.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import { OPEN_ACL_UNSAFE, type ClientPacket, type Operation, type ServerPacket, type Stat } from '../../src/server/protocol.ts';
import { decodeConnect, decodeRequest, encodeClientPacket } from '../../src/wire/client-packet.ts';
import { decodeConnected, decodeServerPacket, encodeServerPacket } from '../../src/wire/server-packet.ts';

const frameOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
const hexOf = (frame: Uint8Array): string => Buffer.from(frame).toString('hex');

const PASSWORD = '000102030405060708090a0b0c0d0e0f';
const SESSION = '0100a1b2c3d4e5f6';
/** Eleven fields, 68 bytes: czxid 1.2, mzxid 1.3, ctime 1000, mtime 2000, versions 4 5 6, owner 0, 5 bytes, 7 children, pzxid 1.8. */
const STAT: Stat = {
  czxid: makeZxid(1, 2),
  mzxid: makeZxid(1, 3),
  ctime: 1000,
  mtime: 2000,
  version: 4,
  cversion: 5,
  aversion: 6,
  ephemeralOwner: SESSION,
  dataLength: 5,
  numChildren: 7,
  pzxid: makeZxid(1, 8),
};
const STAT_HEX = `0000000100000002 0000000100000003 00000000000003e8 00000000000007d0
  00000004 00000005 00000006 ${SESSION} 00000005 00000007 0000000100000008`;
const OPEN_ACL_HEX = '00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65';

interface Known<Packet> {
  readonly name: string;
  readonly packet: Packet;
  readonly hex: string;
}

const connects: readonly Known<ClientPacket>[] = [
  {
    name: 'WIRE-04: a ConnectRequest is 45 bytes',
    packet: { type: 'CONNECT', session: SESSION, password: PASSWORD, timeoutMs: 30_000, lastZxidSeen: makeZxid(1, 9), readOnly: true },
    hex: `0000002d 00000000 0000000100000009 00007530 ${SESSION} 00000010 ${PASSWORD} 01`,
  },
  {
    name: 'WIRE-04: that of a client before 3.4 is 44',
    packet: { type: 'CONNECT', session: SESSION, password: PASSWORD, timeoutMs: 30_000, lastZxidSeen: makeZxid(1, 9), readOnly: null },
    hex: `0000002c 00000000 0000000100000009 00007530 ${SESSION} 00000010 ${PASSWORD}`,
  },
];

const op = (xid: number, operation: Operation): ClientPacket => ({ type: 'OP', xid, operation });
const creation = { path: '/a', data: bytesOfUtf8('hi'), acl: OPEN_ACL_UNSAFE } as const;

const requests: readonly Known<ClientPacket>[] = [
  {
    name: 'OP-02: create',
    packet: op(5, { op: 'create', ...creation, mode: 'EPHEMERAL_SEQUENTIAL' }),
    hex: `00000033 00000005 00000001 00000002 2f61 00000002 6869 ${OPEN_ACL_HEX} 00000003`,
  },
  {
    name: 'OP-22: createTTL',
    packet: op(6, { op: 'createTTL', ...creation, data: null, mode: 'PERSISTENT_WITH_TTL', ttlMs: 1000 }),
    hex: `00000039 00000006 00000015 00000002 2f61 ffffffff ${OPEN_ACL_HEX} 00000005 00000000000003e8`,
  },
  {
    name: 'OP-05: getData',
    packet: op(7, { op: 'getData', path: '/é', watch: true }),
    hex: '00000010 00000007 00000004 00000003 2fc3a9 01',
  },
  { name: 'WIRE-09: ping', packet: op(-2, { op: 'ping' }), hex: '00000008 fffffffe 0000000b' },
  { name: 'OP-31: closeSession', packet: op(8, { op: 'closeSession' }), hex: '00000008 00000008 fffffff5' },
  {
    name: 'OP-23: auth',
    packet: op(-4, { op: 'auth', scheme: 'digest', auth: bytesOfUtf8('u:p') }),
    hex: '0000001d fffffffc 00000064 00000000 00000006 646967657374 00000003 753a70',
  },
  {
    name: 'OP-24: setWatches',
    packet: op(-8, { op: 'setWatches', relativeZxid: makeZxid(1, 0), data: ['/a'], exist: [], child: ['/b', '/c'] }),
    hex: '0000002e fffffff8 00000065 0000000100000000 00000001 00000002 2f61 00000000 00000002 00000002 2f62 00000002 2f63',
  },
  {
    name: 'WIRE-12: a multi is headers with records, and a header behind the last',
    packet: op(9, {
      op: 'multi',
      ops: [
        { op: 'delete', path: '/a', version: -1 },
        { op: 'check', path: '/b', version: 3 },
      ],
    }),
    hex: `00000037 00000009 0000000e
      00000002 00 ffffffff 00000002 2f61 ffffffff
      0000000d 00 ffffffff 00000002 2f62 00000003
      ffffffff 01 ffffffff`,
  },
];

const connecteds: readonly Known<ServerPacket>[] = [
  {
    name: 'WIRE-05: a ConnectResponse is 37 bytes',
    packet: { type: 'CONNECTED', session: SESSION, password: PASSWORD, timeoutMs: 10_000, readOnly: false },
    hex: `00000025 00000000 00002710 ${SESSION} 00000010 ${PASSWORD} 00`,
  },
  {
    name: 'WIRE-05: to a client before 3.4 it is 36',
    packet: { type: 'CONNECTED', session: SESSION, password: PASSWORD, timeoutMs: 10_000, readOnly: null },
    hex: `00000024 00000000 00002710 ${SESSION} 00000010 ${PASSWORD}`,
  },
];

const ok = { type: 'REPLY', xid: 5, zxid: makeZxid(1, 16), error: 'OK' } as const;
const OK_HEX = '00000005 0000000100000010 00000000';

const replies: readonly Known<Extract<ServerPacket, { type: 'REPLY' }>>[] = [
  {
    name: 'OP-02: create answers with the path',
    packet: { ...ok, result: { op: 'create', path: '/a', stat: null } },
    hex: `00000016 ${OK_HEX} 00000002 2f61`,
  },
  {
    name: 'OP-15: create2 with the Stat too',
    packet: { ...ok, result: { op: 'create2', path: '/a', stat: STAT } },
    hex: `0000005a ${OK_HEX} 00000002 2f61 ${STAT_HEX}`,
  },
  {
    name: 'OP-05: getData of null data',
    packet: { ...ok, result: { op: 'getData', data: null, stat: STAT } },
    hex: `00000058 ${OK_HEX} ffffffff ${STAT_HEX}`,
  },
  { name: 'OP-29: addWatch answers with an int', packet: { ...ok, result: { op: 'addWatch' } }, hex: `00000014 ${OK_HEX} 00000000` },
  { name: 'OP-03: delete answers with the header', packet: { ...ok, result: { op: 'delete' } }, hex: `00000010 ${OK_HEX}` },
  {
    name: 'ERR-16, WIRE-06: an error has no body',
    packet: { ...ok, error: 'BADVERSION', result: null },
    hex: '00000010 00000005 0000000100000010 ffffff99',
  },
  {
    name: 'MULTI-05: the results of a multi',
    packet: {
      ...ok,
      result: {
        op: 'multi',
        results: [
          { error: 'OK', result: { op: 'create', path: '/a', stat: null } },
          { error: 'OK', result: { op: 'setData', stat: STAT } },
          { error: 'OK', result: { op: 'check' } },
        ],
      },
    },
    hex: `0000007e ${OK_HEX} 00000001 00 00000000 00000002 2f61 00000005 00 00000000 ${STAT_HEX} 0000000d 00 00000000 ffffffff 01 ffffffff`,
  },
  {
    name: 'MULTI-03: those of one that failed at its second operation',
    packet: {
      ...ok,
      result: {
        op: 'multi',
        results: [
          { error: 'OK', result: null },
          { error: 'NONODE', result: null },
          { error: 'RUNTIMEINCONSISTENCY', result: null },
        ],
      },
    },
    hex: `00000040 ${OK_HEX}
      ffffffff 00 00000000 00000000 ffffffff 00 ffffff9b ffffff9b ffffffff 00 fffffffe fffffffe ffffffff 01 ffffffff`,
  },
  {
    name: 'VAL-13: a multiRead of writes is an error with an end header',
    packet: { ...ok, error: 'MARSHALLINGERROR', result: { op: 'multiRead', results: [] } },
    hex: '00000019 00000005 0000000100000010 fffffffb ffffffff 01 ffffffff',
  },
];

describe('frames known by hand', () => {
  for (const { name, packet, hex } of [...connects, ...requests]) {
    test(name, () => {
      const frame = frameOf(hex);
      expect(hexOf(encodeClientPacket(packet))).toBe(hexOf(frame));
      expect(packet.type === 'CONNECT' ? decodeConnect(frame.subarray(4)) : decodeRequest(frame.subarray(4))).toEqual(packet);
    });
  }

  for (const { name, packet, hex } of connecteds) {
    test(name, () => {
      expect(hexOf(encodeServerPacket(packet))).toBe(hexOf(frameOf(hex)));
      expect(decodeConnected(frameOf(hex).subarray(4))).toEqual(packet);
    });
  }

  for (const { name, packet, hex } of replies) {
    test(name, () => {
      expect(hexOf(encodeServerPacket(packet))).toBe(hexOf(frameOf(hex)));
      expect(decodeServerPacket(frameOf(hex).subarray(4), packet.result?.op ?? 'getData')).toEqual(packet);
    });
  }

  test('WIRE-09, WATCH-24: an event is a reply to -1 with type, state 3 and path', () => {
    const packet: ServerPacket = { type: 'EVENT', zxid: -1, event: 'NodeChildrenChanged', path: '/a' };
    const frame = frameOf('0000001e ffffffff ffffffffffffffff 00000000 00000004 00000003 00000002 2f61');
    expect(hexOf(encodeServerPacket(packet))).toBe(hexOf(frame));
    expect(decodeServerPacket(frame.subarray(4), 'getData')).toEqual(packet);
  });

  test('the answer to a four-letter word is bare text, and the word four bare letters', () => {
    expect(hexOf(encodeServerPacket({ type: 'TEXT', text: 'imok' }))).toBe('696d6f6b');
    expect(hexOf(encodeClientPacket({ type: 'FOUR-LETTER-WORD', word: 'ruok' }))).toBe('72756f6b');
  });

  test('create2, createContainer and createTTL are of one type in the results of a multi (MULTI-05)', () => {
    const hexes = (['create2', 'createContainer', 'createTTL'] as const).map((op) =>
      hexOf(encodeServerPacket({ ...ok, result: { op: 'multi', results: [{ error: 'OK', result: { op, path: '/a', stat: STAT } }] } })),
    );
    expect(new Set(hexes).size).toBe(1);
    expect(hexes[0]).toContain('0000000f0000000000');
  });
});

describe('values that bytes can hold and packets cannot', () => {
  test('a zxid or a ttl beyond the safe integers becomes the nearest of them', () => {
    const frame = (zxid: string): Uint8Array => frameOf(`00000000 ${zxid} 00007530 ${SESSION} 00000000 00`);
    const zxidOf = (zxid: string): unknown => (decodeConnect(frame(zxid)) as { lastZxidSeen?: number }).lastZxidSeen;
    expect(zxidOf('7fffffffffffffff')).toBe(Number.MAX_SAFE_INTEGER);
    expect(zxidOf('8000000000000000')).toBe(Number.MIN_SAFE_INTEGER);
    expect(zxidOf('ffffffffffffffff')).toBe(-1);
    const ttl = frameOf('00000006 00000015 00000002 2f61 ffffffff 00000000 00000005 7fffffffffffffff');
    expect(decodeRequest(ttl)).toMatchObject({ operation: { op: 'createTTL', ttlMs: Number.MAX_SAFE_INTEGER } });
  });

  test('TREE-16: a flag beyond 6 is an unknown mode', () => {
    const request = (flags: string): ClientPacket => decodeRequest(frameOf(`00000001 00000001 00000002 2f61 ffffffff 00000000 ${flags}`));
    for (const flags of ['00000007', 'ffffffff', '7fffffff']) expect(request(flags)).toMatchObject({ operation: { mode: 'UNKNOWN' } });
  });

  test('any boolean but 0 is true', () => {
    expect(decodeRequest(frameOf('00000001 00000003 00000002 2f61 7f'))).toMatchObject({ operation: { watch: true } });
  });

  test('a negative count of items other than -1 is an empty vector', () => {
    expect(decodeRequest(frameOf('00000001 00000007 00000002 2f61 fffffffe 00000000'))).toMatchObject({ operation: { acl: [] } });
  });

  test('data of any bytes come as they are', () => {
    const data = bytesOfArray(Uint8Array.from({ length: 256 }, (_, byte) => byte));
    const packet = op(1, { op: 'setData', path: '/a', data, version: -1 });
    expect(decodeRequest(encodeClientPacket(packet).subarray(4))).toEqual(packet);
  });
});

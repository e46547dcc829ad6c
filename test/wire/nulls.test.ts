/* What a client may leave out on the wire and no packet holds: each null is what Java makes of it. */
import { describe, expect, test } from 'vitest';
import type { ClientPacket } from '../../src/server/protocol.ts';
import { decodeConnect, decodeRequest } from '../../src/wire/client-packet.ts';

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
const request = (code: number, body: string): ClientPacket =>
  decodeRequest(hex(`00000001 ${(code >>> 0).toString(16).padStart(8, '0')} ${body}`));
const NULL = 'ffffffff';
const A = '00000002 2f61';

describe('a null path (WIRE-13)', () => {
  const undecodable: readonly (readonly [op: string, code: number, rest: string])[] = [
    ['create', 1, `${NULL} 00000000 00000000`],
    ['create2', 15, `${NULL} 00000000 00000000`],
    ['createContainer', 19, `${NULL} 00000000 00000004`],
    ['createTTL', 21, `${NULL} 00000000 00000005 0000000000000001`],
    ['delete', 2, '00000000'],
    ['deleteContainer', 20, ''],
    ['exists', 3, '00'],
    ['getData', 4, '00'],
    ['getACL', 6, ''],
    ['getChildren', 8, '00'],
    ['getChildren2', 12, '00'],
    ['getAllChildrenNumber', 104, ''],
  ];
  for (const [op, code, rest] of undecodable) {
    test(`cannot be decoded in ${op}`, () => {
      expect(request(code, `${NULL} ${rest}`)).toEqual({ type: 'OP', xid: 1, operation: { op: 'undecodable', code } });
      expect(request(code, `${A} ${rest}`)).toMatchObject({ operation: { op, path: '/a' } });
    });
  }

  const empty: readonly (readonly [op: string, code: number, rest: string])[] = [
    ['setData', 5, `${NULL} 00000000`],
    ['setACL', 7, '00000000 00000000'],
    ['check', 13, '00000000'],
    ['addWatch', 106, '00000000'],
    ['checkWatches', 17, '00000001'],
    ['removeWatches', 18, '00000001'],
  ];
  for (const [op, code, rest] of empty) {
    test(`is the empty path in ${op}`, () => {
      expect(request(code, `${NULL} ${rest}`)).toMatchObject({ operation: { op, path: '' } });
    });
  }

  test('is kept in sync and getEphemerals', () => {
    expect(request(9, NULL)).toMatchObject({ operation: { op: 'sync', path: null } });
    expect(request(103, NULL)).toMatchObject({ operation: { op: 'getEphemerals', prefix: null } });
  });

  test('in a multi no operation can have one, since all are looked into before the first check', () => {
    for (const sub of [`00000005 00 ffffffff ${NULL} ${NULL} 00000000`, `0000000d 00 ffffffff ${NULL} 00000000`]) {
      expect(request(14, `${sub} ffffffff 01 ffffffff`)).toMatchObject({ operation: { op: 'undecodable', code: 14 } });
    }
  });

  test('among the paths of setWatches it cannot be decoded, nor can a list that is null', () => {
    expect(request(101, `0000000000000001 00000001 ${NULL} 00000000 00000000`)).toMatchObject({
      operation: { op: 'undecodable', code: 101 },
    });
    expect(request(101, `0000000000000001 00000000 ${NULL} 00000000`)).toMatchObject({ operation: { op: 'undecodable', code: 101 } });
  });
});

describe('other nulls', () => {
  test('data (TREE-08)', () => {
    expect(request(5, `${A} ${NULL} 00000000`)).toMatchObject({ operation: { data: null } });
    expect(request(5, `${A} 00000000 00000000`)).toMatchObject({ operation: { data: '' } });
  });

  test('an ACL that is null is an empty one', () => {
    expect(request(7, `${A} ${NULL} 00000000`)).toMatchObject({ operation: { op: 'setACL', acl: [] } });
  });

  test('a null id of an ACL entry cannot be decoded, but for scheme auth, whose id nobody reads', () => {
    const setAcl = (scheme: string): ClientPacket => request(7, `${A} 00000001 0000001f ${scheme} ${NULL} 00000000`);
    expect(setAcl('00000005 776f726c64')).toMatchObject({ operation: { op: 'undecodable' } });
    expect(setAcl('00000004 61757468')).toMatchObject({ operation: { acl: [{ perms: 31, scheme: 'auth', id: '' }] } });
  });

  test('a null password is an empty one (SESS-42); null auth data stays null, and fails where the scheme wants some', () => {
    expect(decodeConnect(hex(`00000000 0000000000000000 00002710 0000000000000000 ${NULL} 00`))).toMatchObject({ password: '' });
    expect(request(100, `00000000 00000002 6970 ${NULL}`)).toMatchObject({ operation: { op: 'auth', scheme: 'ip', auth: null } });
  });

  test('the texts of a reconfig', () => {
    const reconfig = { joiningServers: null, leavingServers: null, newMembers: null, curConfigId: -1 };
    expect(request(16, `${NULL} ${NULL} ${NULL} ffffffffffffffff`)).toMatchObject({ operation: { op: 'reconfig', ...reconfig } });
  });
});

describe('a multi that MultiOperationRecord refuses (MULTI-02, VAL-13)', () => {
  const END = 'ffffffff 01 ffffffff';
  const write = `00000002 00 ffffffff ${A} 00000000`;
  const read = `00000004 00 ffffffff ${A} 01`;
  const opOf = (code: number, body: string): unknown => {
    const packet = request(code, body);
    return packet.type === 'OP' ? packet.operation.op : packet.type;
  };

  test('reads among writes, in either order', () => {
    for (const code of [14, 22]) {
      expect(opOf(code, `${write} ${read} ${END}`)).toBe('undecodable');
      expect(opOf(code, `${read} ${write} ${END}`)).toBe('undecodable');
    }
  });

  test('reads alone are a multiRead without watches (MULTI-12), and no multi', () => {
    expect(request(22, `${read} ${END}`)).toMatchObject({
      operation: { op: 'multiRead', ops: [{ op: 'getData', path: '/a', watch: false }] },
    });
    expect(opOf(14, `${read} ${END}`)).toBe('undecodable');
  });

  test('writes alone are kept in a multiRead, whose answer is an end header', () => {
    expect(request(22, `${write} ${END}`)).toMatchObject({ operation: { op: 'multiRead', ops: [{ op: 'delete' }] } });
  });

  test('exists, getChildren2, setACL and a type that is none', () => {
    const others = [
      `00000003 00 ffffffff ${A} 00`,
      `0000000c 00 ffffffff ${A} 00`,
      `00000007 00 ffffffff ${A} 00000000 00000000`,
      '00000063 00 ffffffff',
    ];
    for (const code of [14, 22]) for (const other of others) expect(opOf(code, `${other} ${END}`)).toBe('undecodable');
  });

  test('one without an end, and none (MULTI-08)', () => {
    expect(opOf(14, write)).toBe('undecodable');
    expect(opOf(14, END)).toBe('multi');
  });
});

describe('a frame that is no request (WIRE-19)', () => {
  test('shorter than a header', () => {
    for (let length = 0; length < 8; length++) expect(decodeRequest(new Uint8Array(length))).toMatchObject({ type: 'BAD-FRAME' });
    expect(decodeRequest(new Uint8Array(8))).toEqual({ type: 'OP', xid: 0, operation: { op: 'unknown', code: 0 } });
  });

  test('auth and sasl that cannot be decoded, which the reading thread itself looks into', () => {
    expect(request(100, '00000000 00000002')).toMatchObject({ type: 'BAD-FRAME' });
    expect(request(102, '')).toMatchObject({ type: 'BAD-FRAME' });
  });

  test('as first frame, anything shorter than a ConnectRequest; the reason says where', () => {
    expect(decodeConnect(new Uint8Array(0))).toEqual({
      type: 'BAD-FRAME',
      why: 'no ConnectRequest: byte 0: expected an int of 4 bytes, found 0',
    });
    const short = hex(`00000000 0000000000000000 00002710 0000000000000000 00000010 0001`);
    expect(decodeConnect(short)).toEqual({ type: 'BAD-FRAME', why: 'no ConnectRequest: byte 24: a buffer of 16 bytes, expected -1 to 2' });
  });

  test('SESS-43: a ConnectRequest on an established connection is type 0 with xid 0', () => {
    const second = hex(`00000000 0000000000000000 00002710 0000000000000000 00000000 00`);
    expect(decodeRequest(second)).toEqual({ type: 'OP', xid: 0, operation: { op: 'unknown', code: 0 } });
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServerPacket } from '../../src/server/protocol.ts';
import { decodeConnect, decodeRequest, encodeClientPacket } from '../../src/wire/client-packet.ts';
import { decodeConnected, decodeServerPacket, encodeServerPacket, xidOf } from '../../src/wire/server-packet.ts';
import { connecteds, connects, events, NO_STAT, operations, replies, requests } from '../support/any-packet.ts';

/** The frame's length says what follows it; that is the body. */
function bodyOf(frame: Uint8Array): Uint8Array {
  expect(new DataView(frame.buffer, frame.byteOffset).getInt32(0)).toBe(frame.length - 4);
  return frame.subarray(4);
}

describe('what a client says, the server understands', () => {
  for (const [op, arbitrary] of Object.entries(operations)) {
    test(op, () => {
      fc.assert(
        fc.property(fc.integer(), arbitrary, (xid, operation) => {
          const packet = { type: 'OP', xid, operation } as const;
          expect(decodeRequest(bodyOf(encodeClientPacket(packet)))).toEqual(packet);
        }),
      );
    });
  }

  test('CONNECT, from old clients without the last byte too (WIRE-04)', () => {
    fc.assert(
      fc.property(connects, (packet) => {
        expect(decodeConnect(bodyOf(encodeClientPacket(packet)))).toEqual(packet);
      }),
    );
  });

  test('a code that names no operation comes as it is (PIPE-07)', () => {
    fc.assert(
      fc.property(requests, (packet) => {
        expect(decodeRequest(bodyOf(encodeClientPacket(packet)))).toEqual(packet);
      }),
    );
  });

  test('surplus bytes behind a record are not looked at (VAL-18)', () => {
    fc.assert(
      fc.property(requests, fc.uint8Array({ maxLength: 20 }), (packet, surplus) => {
        expect(decodeRequest(Uint8Array.from([...bodyOf(encodeClientPacket(packet)), ...surplus]))).toEqual(packet);
      }),
    );
  });

  test('an undecodable operation is a header without a record', () => {
    const packet = { type: 'OP', xid: 3, operation: { op: 'undecodable', code: 4 } } as const;
    expect(decodeRequest(bodyOf(encodeClientPacket(packet)))).toEqual(packet);
  });
});

describe('what a server says, the client understands', () => {
  test('replies with their results, and errors without', () => {
    fc.assert(
      fc.property(replies, (packet) => {
        const body = bodyOf(encodeServerPacket(packet));
        expect(xidOf(body)).toBe(packet.xid);
        expect(decodeServerPacket(body, packet.result?.op ?? 'getData')).toEqual(packet);
      }),
      { numRuns: 2000 },
    );
  });

  test('CONNECTED, to old clients without the last byte too (WIRE-05)', () => {
    fc.assert(
      fc.property(connecteds, (packet) => {
        expect(decodeConnected(bodyOf(encodeServerPacket(packet)))).toEqual(packet);
      }),
    );
  });

  test('SESS-44: a createSession is answered by another ConnectResponse', () => {
    fc.assert(
      fc.property(connecteds, (packet) => {
        expect(decodeServerPacket(bodyOf(encodeServerPacket(packet)), 'createSession')).toEqual(packet);
      }),
    );
  });

  test('events, whatever the client waits for', () => {
    fc.assert(
      fc.property(events, (packet) => {
        expect(decodeServerPacket(bodyOf(encodeServerPacket(packet)), 'sync')).toEqual(packet);
      }),
    );
  });

  test('getChildren is answered without the Stat that the server has (OP-09)', () => {
    const stat = { ...NO_STAT, czxid: 5, numChildren: 1 };
    const packet: ServerPacket = { type: 'REPLY', xid: 1, zxid: 7, error: 'OK', result: { op: 'getChildren', children: ['a'], stat } };
    expect(decodeServerPacket(bodyOf(encodeServerPacket(packet)), 'getChildren')).toEqual({
      ...packet,
      result: { ...packet.result, stat: NO_STAT },
    });
  });
});

test('a frame stays what it is while others are written, large ones among them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(replies, events), { minLength: 1, maxLength: 40 }), fc.nat({ max: 40 }), (packets, where) => {
      const large: ServerPacket = { type: 'EVENT', zxid: 1, event: 'NodeCreated', path: `/${'a'.repeat(20_000)}` };
      const all = [...packets.slice(0, where), large, ...packets.slice(where)];
      const frames = all.map((packet) => encodeServerPacket(packet));
      const copies = frames.map((frame) => Buffer.from(frame));
      packets.forEach((packet) => encodeServerPacket(packet));
      frames.forEach((frame, i) => expect(Buffer.compare(frame, copies[i]!)).toBe(0));
    }),
  );
});

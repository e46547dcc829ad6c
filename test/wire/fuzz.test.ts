/* Bytes that nobody meant: every one of them is a packet, and nothing but a WireError leaves the decoders of the client's side. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeConnect, decodeRequest, encodeClientPacket } from '../../src/wire/client-packet.ts';
import { JUTE_MAXBUFFER, makeFramer, piecesOf } from '../../src/wire/framer.ts';
import { OP_CODES, type OperationName } from '../../src/wire/numbers.ts';
import { WireError } from '../../src/wire/reader.ts';
import { decodeConnected, decodeServerPacket, encodeServerPacket } from '../../src/wire/server-packet.ts';
import { connecteds, connects, events, replies, requests } from '../support/any-packet.ts';

const opNames = Object.keys(OP_CODES) as OperationName[];

/** Lengths and counts that hurt, wherever they fall. */
const hurtfulInt = fc
  .constantFrom(-1, -2, -0x80000000, 0x7fffffff, 0x7ffffff0, JUTE_MAXBUFFER, 0x10000, 4, 0)
  .map((n) => [n >>> 24, n >>> 16, n >>> 8, n]);
const change = fc.record({
  at: fc.nat(),
  bytes: fc.oneof(hurtfulInt, fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 2 })),
});

/** Frames' bodies with some bytes changed, and cut off. */
function mutated(bodies: Arbitrary<Uint8Array>): Arbitrary<Uint8Array> {
  return fc.tuple(bodies, fc.array(change, { maxLength: 3 }), fc.option(fc.nat())).map(([body, changes, end]) => {
    const bytes = Uint8Array.from(body);
    for (const { at, bytes: these } of changes) {
      const start = bytes.length === 0 ? 0 : at % bytes.length;
      these.forEach((byte, i) => start + i < bytes.length && (bytes[start + i] = byte));
    }
    return end === null ? bytes : bytes.subarray(0, end % (bytes.length + 1));
  });
}

const requestBodies = fc.oneof(requests, connects).map((packet) => encodeClientPacket(packet).subarray(4));
const replyBodies = fc.oneof(replies, connecteds, events).map((packet) => encodeServerPacket(packet).subarray(4));
const knownHeader = fc
  .tuple(fc.constantFrom(...Object.values(OP_CODES)), fc.uint8Array({ maxLength: 60 }))
  .map(([code, body]) => Uint8Array.from([0, 0, 0, 1, code >>> 24, code >>> 16, code >>> 8, code, ...body]));
const anyBody = fc.oneof(fc.uint8Array({ maxLength: 100 }), knownHeader, mutated(requestBodies), mutated(replyBodies));

describe('bytes that nobody meant', () => {
  test('are a packet of some kind for the server, which encodes and decodes to itself', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        for (const packet of [decodeRequest(body), decodeConnect(body)]) {
          if (packet.type === 'BAD-FRAME') continue;
          const again = encodeClientPacket(packet).subarray(4);
          expect(packet.type === 'CONNECT' ? decodeConnect(again) : decodeRequest(again)).toEqual(packet);
        }
      }),
      { numRuns: 4000 },
    );
  });

  test('are a packet or a WireError for the client', () => {
    fc.assert(
      fc.property(anyBody, fc.constantFrom(...opNames), (body, asked) => {
        for (const decode of [decodeConnected, (body: Uint8Array) => decodeServerPacket(body, asked)]) {
          try {
            decode(body);
          } catch (error) {
            expect(error).toBeInstanceOf(WireError);
            expect(String(error)).toMatch(/^WireError: (byte \d+: |expected )/);
          }
        }
      }),
      { numRuns: 4000 },
    );
  });

  test('in any chunks are frames, a word or a bad length, and never more is kept than has come', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), (chunks) => {
        const framer = makeFramer('server', 64);
        for (const chunk of chunks) {
          for (const piece of piecesOf(framer, chunk)) expect(piece.type !== 'frame' || piece.body.length <= 64).toBe(true);
          expect(framer.held.length).toBeLessThanOrEqual(64);
        }
      }),
    );
  });
});

describe('counts that cannot be true are refused before anything is made for them', () => {
  const header = [0, 0, 0, 1, 0, 0, 0];
  const bodies: readonly (readonly [name: string, body: readonly number[]])[] = [
    ['a string of 2 GB', [...header, 4, 0x7f, 0xff, 0xff, 0xff]],
    ['a string of -2 bytes', [...header, 4, 0xff, 0xff, 0xff, 0xfe]],
    ['an ACL of 2 billion entries', [...header, 7, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]],
    ['two billion watches', [...header, 101, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]],
  ];
  for (const [name, body] of bodies) {
    test(name, () => {
      expect(decodeRequest(Uint8Array.from(body))).toMatchObject({ type: 'OP', operation: { op: 'undecodable' } });
    });
  }
});

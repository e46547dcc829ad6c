/*
 * The bytes of a ClientPacket, both ways. A server decodes: what cannot be decoded is an operation or a packet too, since it has an answer
 * or ends the connection in its turn. A client encodes.
 */
import { unreachable } from '../base/assert.ts';
import type { ClientPacket } from '../server/protocol.ts';
import { behindZero, hexBuffer, id64, int, lastBoolean, long, record, type Codec } from './codec.ts';
import { OP_CODES } from './numbers.ts';
import { readerOfFrame, readInt, WireError, type Reader } from './reader.ts';
import { codeOf, readOperation, writeOperation } from './requests.ts';
import { frameOf, makeFrame, writeInt, type Writer } from './writer.ts';

type OpPacket = Extract<ClientPacket, { type: 'OP' }>;
type ConnectPacket = Extract<ClientPacket, { type: 'CONNECT' }>;

/** WIRE-04; the version in front is ignored (SESS-42). */
const connectRequest: Codec<Omit<ConnectPacket, 'type'>> = behindZero(
  record<Omit<ConnectPacket, 'type'>>({ lastZxidSeen: long, timeoutMs: int, session: id64, password: hexBuffer, readOnly: lastBoolean }),
);

/** RequestHeader: xid and type (WIRE-06). */
const headerSize = 8;

/** The first frame of a connection. */
export function decodeConnect(body: Uint8Array): ClientPacket {
  try {
    return { type: 'CONNECT', ...connectRequest.read(readerOfFrame(body)) };
  } catch (error) {
    return badFrame('no ConnectRequest', error);
  }
}

/** Every later frame. */
export function decodeRequest(body: Uint8Array): ClientPacket {
  if (body.length < headerSize)
    return { type: 'BAD-FRAME', why: `a frame of ${body.length} bytes, expected a request header of ${headerSize}` };
  const from = readerOfFrame(body);
  const xid = readInt(from);
  return decodeOperation(from, xid, readInt(from));
}

function decodeOperation(from: Reader, xid: number, code: number): ClientPacket {
  try {
    const operation = readOperation(from, code) ?? ({ op: 'unknown', code } as const);
    return { type: 'OP', xid, operation };
  } catch (error) {
    // The thread that reads the connection looks into these two itself, and its exception closes it.
    if (code === OP_CODES.auth || code === OP_CODES.sasl) return badFrame('no AuthPacket', error);
    if (!(error instanceof WireError)) throw error;
    return { type: 'OP', xid, operation: { op: 'undecodable', code } };
  }
}

function badFrame(what: string, error: unknown): ClientPacket {
  if (!(error instanceof WireError)) throw error;
  return { type: 'BAD-FRAME', why: `${what}: ${error.message}` };
}

/** As a client sends it: the frame with its length; four letters go bare, and of BAD-FRAME there is only a frame of nothing. */
export function encodeClientPacket(packet: ClientPacket): Uint8Array {
  const to = makeFrame('client');
  switch (packet.type) {
    case 'CONNECT':
      connectRequest.write(to, packet);
      return frameOf(to);
    case 'OP':
      writeRequest(to, packet);
      return frameOf(to);
    case 'BAD-FRAME':
      return frameOf(to);
    case 'FOUR-LETTER-WORD':
      return Uint8Array.from(packet.word, (letter) => letter.charCodeAt(0));
    default:
      return unreachable(packet);
  }
}

function writeRequest(to: Writer, { xid, operation }: OpPacket): void {
  writeInt(to, xid);
  writeInt(to, codeOf(operation));
  writeOperation(to, operation);
}

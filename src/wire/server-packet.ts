/* The bytes of a ServerPacket, both ways: a server encodes, a client decodes. */
import { unreachable } from '../base/assert.ts';
import { encodeUtf8 } from '../base/utf8.ts';
import type { ServerPacket } from '../server/protocol.ts';
import { behindZero, hexBuffer, id64, int, lastBoolean, long, record, text, type Codec } from './codec.ts';
import { eventOfNumber, numberOfEvent, SYNC_CONNECTED, type OperationName } from './numbers.ts';
import { bytesLeft, readerOfFrame, readInt } from './reader.ts';
import { errorCode } from './records.ts';
import { readResult, writeResult } from './results.ts';
import { frameOf, makeFrame } from './writer.ts';

type Connected = Extract<ServerPacket, { type: 'CONNECTED' }>;
type Reply = Extract<ServerPacket, { type: 'REPLY' }>;
type Event = Extract<ServerPacket, { type: 'EVENT' }>;

/** WIRE-05: without a header, and with the last byte for a client that knows it. */
const connectResponse: Codec<Omit<Connected, 'type'>> = behindZero(
  record<Omit<Connected, 'type'>>({ timeoutMs: int, session: id64, password: hexBuffer, readOnly: lastBoolean }),
);

/** WIRE-06. */
const replyHeader = record<Omit<Reply, 'type' | 'result'>>({ xid: int, zxid: long, error: errorCode });
const NOTIFICATION_XID = -1;

const eventType: Codec<Event['event']> = {
  read: (from) => eventOfNumber(int.read(from)),
  write: (to, event) => int.write(to, numberOfEvent(event)),
};
const watcherEvent = record<Pick<Event, 'event' | 'path'> & { readonly state: number }>({ event: eventType, state: int, path: text });

/** As a server sends it: the frame with its length, or bare text. */
export function encodeServerPacket(packet: ServerPacket): Uint8Array {
  const to = makeFrame('server');
  switch (packet.type) {
    case 'CONNECTED':
      connectResponse.write(to, packet);
      return frameOf(to);
    case 'REPLY':
      replyHeader.write(to, packet);
      if (packet.result !== null) writeResult(to, packet.result);
      return frameOf(to);
    case 'EVENT':
      replyHeader.write(to, { xid: NOTIFICATION_XID, zxid: packet.zxid, error: 'OK' });
      watcherEvent.write(to, { ...packet, state: SYNC_CONNECTED });
      return frameOf(to);
    case 'TEXT':
      return encodeUtf8(packet.text);
    default:
      return unreachable(packet);
  }
}

/** The first frame of a connection; also the answer to a createSession of a client's own (SESS-44). Throws WireError. */
export function decodeConnected(body: Uint8Array): ServerPacket {
  return { type: 'CONNECTED', ...connectResponse.read(readerOfFrame(body)) };
}

/** The xid of any later frame, by which a client finds what it had asked. Throws WireError. */
export function xidOf(body: Uint8Array): number {
  return readInt(readerOfFrame(body));
}

/** A later frame; `asked` is the operation that is answered if it is no event. Throws WireError. */
export function decodeServerPacket(body: Uint8Array, asked: OperationName): ServerPacket {
  if (asked === 'createSession') return decodeConnected(body);
  const from = readerOfFrame(body);
  const { xid, zxid, error } = replyHeader.read(from);
  if (xid === NOTIFICATION_XID) {
    const { event, path } = watcherEvent.read(from);
    return { type: 'EVENT', zxid, event, path };
  }
  // VAL-13: an error may have a body all the same.
  const hasResult = error === 'OK' || bytesLeft(from) > 0;
  return { type: 'REPLY', xid, zxid, error, result: hasResult ? readResult(from, asked) : null };
}

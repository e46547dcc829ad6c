/** The bytes of one client's connection to packets, and back. */
import type { ClientPacket } from '../server/protocol.ts';
import { decodeConnect, decodeRequest } from '../wire/client-packet.ts';
import { makeFramer, piecesOf, type Piece } from '../wire/framer.ts';

export interface PacketReader {
  /** The packets that are complete with these bytes; nothing follows a word or a bad frame. */
  readonly take: (chunk: Uint8Array) => ClientPacket[];
}

export function makePacketReader(frameMax: number): PacketReader {
  const framer = makeFramer('server', frameMax);
  let isFirst = true;
  let isOver = false;
  const packetOf = (piece: Piece): ClientPacket => {
    switch (piece.type) {
      case 'four-letter-word':
        return { type: 'FOUR-LETTER-WORD', word: piece.word };
      case 'bad-length':
        return { type: 'BAD-FRAME', why: `a frame of ${piece.length} bytes, expected 0 to ${frameMax}` };
      default: {
        const packet = isFirst ? decodeConnect(piece.body) : decodeRequest(piece.body);
        isFirst = false;
        return packet;
      }
    }
  };
  return {
    take: (chunk) => {
      const packets: ClientPacket[] = [];
      for (const piece of isOver ? [] : piecesOf(framer, chunk)) {
        const packet = packetOf(piece);
        packets.push(packet);
        isOver = packet.type === 'BAD-FRAME' || packet.type === 'FOUR-LETTER-WORD';
        if (isOver) break;
      }
      return packets;
    },
  };
}

/** The packets that a selector or a condition can name. The compiler keeps the list complete. */
import type { ClientPacket, ServerPacket } from '../server/protocol.ts';
import type { ElectionPacket, QuorumPacket } from '../zab/packet.ts';

const PACKETS: Readonly<Record<QuorumPacket['type'] | ElectionPacket['type'] | ClientPacket['type'] | ServerPacket['type'], true>> = {
  REQUEST: true,
  PROPOSAL: true,
  ACK: true,
  COMMIT: true,
  PING: true,
  REVALIDATE: true,
  SYNC: true,
  INFORM: true,
  NEWLEADER: true,
  FOLLOWERINFO: true,
  OBSERVERINFO: true,
  UPTODATE: true,
  DIFF: true,
  TRUNC: true,
  SNAP: true,
  SNAPDATA: true,
  SNAPEND: true,
  LEADERINFO: true,
  ACKEPOCH: true,
  NOTIFICATION: true,
  INITIAL: true,
  CONNECT: true,
  OP: true,
  CONNECTED: true,
  REPLY: true,
  EVENT: true,
  'FOUR-LETTER-WORD': true,
  'BAD-FRAME': true,
  TEXT: true,
};

export const PACKET_NAMES: readonly string[] = Object.keys(PACKETS);

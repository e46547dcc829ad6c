/** What travels between servers: QuorumPacket on the quorum port (section K3), notifications and handshakes on the election port. */
import type { Item } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import type { OpaqueRequest, Txn } from './txn.ts';

/** A session touched since the last ping (SESS-18). */
export interface Touch {
  readonly session: string;
  readonly timeoutMs: number;
}

/** The question and its answer. `connection` is the one that asks, at the learner; on the real wire it is missing. */
export interface Revalidate {
  readonly type: 'REVALIDATE';
  readonly zxid: -1;
  readonly session: string;
  readonly timeoutMs: number;
  readonly connection: number;
  readonly valid: boolean;
}

/** Named by section K3's types; `zxid` as there. */
export type QuorumPacket =
  | { readonly type: 'REQUEST'; readonly zxid: -1; readonly request: OpaqueRequest }
  | { readonly type: 'PROPOSAL'; readonly zxid: Zxid; readonly txn: Txn }
  | { readonly type: 'ACK'; readonly zxid: Zxid }
  | { readonly type: 'COMMIT'; readonly zxid: Zxid }
  | { readonly type: 'PING'; readonly zxid: Zxid; readonly touches: readonly Touch[] }
  | Revalidate
  | { readonly type: 'SYNC'; readonly zxid: 0 }
  | { readonly type: 'INFORM'; readonly zxid: Zxid; readonly txn: Txn }
  | { readonly type: 'NEWLEADER'; readonly zxid: Zxid }
  | { readonly type: 'FOLLOWERINFO'; readonly zxid: Zxid; readonly sid: number; readonly protocolVersion: number }
  | { readonly type: 'OBSERVERINFO'; readonly zxid: Zxid; readonly sid: number; readonly protocolVersion: number }
  | { readonly type: 'UPTODATE'; readonly zxid: -1 }
  | { readonly type: 'DIFF'; readonly zxid: Zxid }
  | { readonly type: 'TRUNC'; readonly zxid: Zxid }
  | { readonly type: 'SNAP'; readonly zxid: Zxid }
  /** One piece of the serialised database that follows SNAP (SYNC-26), then SNAPEND for "BenWasHere". */
  | { readonly type: 'SNAPDATA'; readonly record: Item }
  | { readonly type: 'SNAPEND' }
  | { readonly type: 'LEADERINFO'; readonly zxid: Zxid; readonly protocolVersion: number }
  /** `currentEpoch` is -1 for "do not count me" (DISC-17). */
  | { readonly type: 'ACKEPOCH'; readonly zxid: Zxid; readonly currentEpoch: number };

const QUORUM_PACKETS: ReadonlySet<string> = new Set<QuorumPacket['type']>([
  'REQUEST',
  'PROPOSAL',
  'ACK',
  'COMMIT',
  'PING',
  'REVALIDATE',
  'SYNC',
  'INFORM',
  'NEWLEADER',
  'FOLLOWERINFO',
  'OBSERVERINFO',
  'UPTODATE',
  'DIFF',
  'TRUNC',
  'SNAP',
  'SNAPDATA',
  'SNAPEND',
  'LEADERINFO',
  'ACKEPOCH',
]);

/** What arrives on a quorum connection is one of these; the host does not know. */
export function isQuorumPacket(packet: Item): packet is QuorumPacket {
  return QUORUM_PACKETS.has(packet.type);
}

export type ServerState = 'LOOKING' | 'FOLLOWING' | 'LEADING' | 'OBSERVING';

/** ELEC-01. A server outside the voting view proposes LONG_MIN_VALUE (ELEC-11). */
export interface Notification extends Item {
  readonly type: 'NOTIFICATION';
  readonly state: ServerState;
  readonly leader: number;
  readonly zxid: Zxid;
  readonly electionEpoch: number;
  readonly peerEpoch: number;
}

/** The first message of a dialled election connection (CNX-19). */
export interface InitialMessage extends Item {
  readonly type: 'INITIAL';
  readonly sid: number;
}

export type ElectionPacket = Notification | InitialMessage;

/** Port names for `connect` and `listen`. */
export const ELECTION_PORT = 'election';
export const QUORUM_PORT = 'quorum';

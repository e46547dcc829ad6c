/** Messages on their way, as the stage draws them: family to glyph, type to letters, sender's epoch to hue. */
import { zxidText } from '../base/zxid.ts';
import type { Item } from '../base/step.ts';
import { operationOf, type MessageView } from './network.ts';
import { PING_XID } from '../server/protocol.ts';
import { fieldsText } from './field-text.ts';

export type Family = 'election' | 'discovery' | 'sync' | 'broadcast' | 'client' | 'ping';

export interface MessagePicture {
  readonly key: string;
  readonly from: number;
  readonly to: number;
  readonly family: Family;
  /** One to three letters. */
  readonly code: string;
  /** Type and zxid. */
  readonly title: string;
  readonly detail: string;
  /** Epoch of the sender, -1 for clients. */
  readonly epoch: number;
  readonly sentAt: number;
  /** Null while it is held. */
  readonly arriveAt: number | null;
  readonly held: 'partition' | 'rule' | null;
}

const CODES: Readonly<Record<string, readonly [Family, string]>> = {
  NOTIFICATION: ['election', 'N'],
  INITIAL: ['election', 'I'],
  FOLLOWERINFO: ['discovery', 'FI'],
  OBSERVERINFO: ['discovery', 'OI'],
  LEADERINFO: ['discovery', 'LI'],
  ACKEPOCH: ['discovery', 'AE'],
  DIFF: ['sync', 'DF'],
  TRUNC: ['sync', 'TR'],
  SNAP: ['sync', 'SN'],
  SNAPDATA: ['sync', '·'],
  SNAPEND: ['sync', '.'],
  NEWLEADER: ['sync', 'NL'],
  UPTODATE: ['sync', 'UD'],
  REQUEST: ['broadcast', 'R'],
  PROPOSAL: ['broadcast', 'P'],
  ACK: ['broadcast', 'A'],
  COMMIT: ['broadcast', 'C'],
  INFORM: ['broadcast', 'IN'],
  SYNC: ['broadcast', 'SY'],
  REVALIDATE: ['broadcast', 'RV'],
  CONNECT: ['client', 'CN'],
  CONNECTED: ['client', 'OK'],
  OP: ['client', 'OP'],
  REPLY: ['client', 'RE'],
  EVENT: ['client', 'EV'],
  PING: ['ping', ''],
};

export function familyOf(packet: Item): Family {
  if (operationOf(packet) === 'ping' || ('xid' in packet && packet.xid === PING_XID)) return 'ping';
  return CODES[packet.type]?.[0] ?? 'client';
}

export function codeOf(packet: Item): string {
  return CODES[packet.type]?.[1] ?? packet.type.slice(0, 2);
}

/** `PROPOSAL 1.2`, `create /a hello`. */
export function titleOf(packet: Item): string {
  const operation = operationOf(packet);
  if (operation !== null) return operation;
  return packet.zxid === undefined || packet.zxid < 0 || packet.type === 'SYNC' ? packet.type : `${packet.type} ${zxidText(packet.zxid)}`;
}

export function messagePicture(view: MessageView, epoch: number): MessagePicture {
  const { link, direction, n, from, to, packet, sentAt, arriveAt, held } = view;
  return {
    key: `${link}.${direction}.${n}`,
    from,
    to,
    family: familyOf(packet),
    code: codeOf(packet),
    title: titleOf(packet),
    detail: fieldsText(packet, ['type', 'operation', 'txn', 'record']),
    epoch,
    sentAt,
    arriveAt,
    held,
  };
}

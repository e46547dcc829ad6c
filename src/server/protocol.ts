/**
 * What travels between a client and a server: requests, replies and watch events, as data. Names and numbers are section G1's; the byte
 * form is `src/wire`'s business.
 */
import type { Bytes } from '../base/bytes.ts';
import type { Item } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';

/** Error codes by ZooKeeper's names (KeeperException.Code). */
export type ErrorCode =
  | 'OK'
  | 'CONNECTIONLOSS'
  | 'MARSHALLINGERROR'
  | 'UNIMPLEMENTED'
  | 'OPERATIONTIMEOUT'
  | 'BADARGUMENTS'
  | 'UNKNOWNSESSION'
  | 'NONODE'
  | 'NOAUTH'
  | 'BADVERSION'
  | 'NOCHILDRENFOREPHEMERALS'
  | 'NODEEXISTS'
  | 'NOTEMPTY'
  | 'SESSIONEXPIRED'
  | 'INVALIDCALLBACK'
  | 'INVALIDACL'
  | 'AUTHFAILED'
  | 'SESSIONMOVED'
  | 'RUNTIMEINCONSISTENCY';

/** Stat: times in virtual milliseconds, ephemeralOwner 16 hex digits. `cversion` is the exposed one (TREE-03). */
export interface Stat {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: string;
  readonly dataLength: number;
  readonly numChildren: number;
  readonly pzxid: Zxid;
}

/** CreateMode (TREE-16); container and TTL modes come with the complete server. */
export type CreateMode = 'PERSISTENT' | 'EPHEMERAL' | 'PERSISTENT_SEQUENTIAL' | 'EPHEMERAL_SEQUENTIAL';

/** An operation of a client. `data: null` is the null buffer (TREE-08). */
export type Operation =
  | { readonly op: 'create'; readonly path: string; readonly data: Bytes | null; readonly mode: CreateMode }
  | { readonly op: 'delete'; readonly path: string; readonly version: number }
  | { readonly op: 'exists'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'getData'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'setData'; readonly path: string; readonly data: Bytes | null; readonly version: number }
  | { readonly op: 'getChildren'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'sync'; readonly path: string }
  | { readonly op: 'multi'; readonly ops: readonly Operation[] } // create, delete, setData, check
  | { readonly op: 'check'; readonly path: string; readonly version: number } // inside multi only
  | { readonly op: 'ping' }
  | {
      readonly op: 'setWatches';
      readonly relativeZxid: Zxid;
      readonly data: readonly string[];
      readonly exist: readonly string[];
      readonly child: readonly string[];
    }
  | { readonly op: 'closeSession' };

export type Result =
  | { readonly op: 'create'; readonly path: string; readonly stat: Stat | null }
  | { readonly op: 'delete' | 'sync' | 'ping' | 'setWatches' | 'closeSession' | 'check' }
  | { readonly op: 'exists'; readonly stat: Stat }
  | { readonly op: 'getData'; readonly data: Bytes | null; readonly stat: Stat }
  | { readonly op: 'setData'; readonly stat: Stat }
  | { readonly op: 'getChildren'; readonly children: readonly string[]; readonly stat: Stat }
  | { readonly op: 'multi'; readonly results: readonly { readonly error: ErrorCode; readonly result: Result | null }[] };

export type WatchEventType = 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged';

/** Client to server. */
export type ClientPacket =
  | {
      readonly type: 'CONNECT';
      readonly session: string;
      readonly password: string;
      readonly timeoutMs: number;
      readonly lastZxidSeen: Zxid;
    }
  | { readonly type: 'OP'; readonly xid: number; readonly operation: Operation };

/** Server to client: one FIFO per connection. */
export type ServerPacket =
  /** timeoutMs 0 and session 0 for an invalid session (SESS-10). */
  | { readonly type: 'CONNECTED'; readonly session: string; readonly password: string; readonly timeoutMs: number }
  /** `zxid` is the reply header's: the tree's last processed zxid. */
  | { readonly type: 'REPLY'; readonly xid: number; readonly zxid: Zxid; readonly error: ErrorCode; readonly result: Result | null }
  | { readonly type: 'EVENT'; readonly zxid: Zxid; readonly event: WatchEventType; readonly path: string };

export const NO_SESSION = '0000000000000000';
export const PING_XID = -2;
export const CLIENT_PORT = 'client';

/** True for operations that go through the leader as transactions. */
export function isWrite(operation: Operation): boolean {
  switch (operation.op) {
    case 'create':
    case 'delete':
    case 'setData':
    case 'multi':
    case 'check':
    case 'closeSession':
      return true;
    default:
      return false;
  }
}

/** What a client's connection brings is one of these; the host does not know. */
export function isClientPacket(packet: Item): packet is ClientPacket {
  return packet.type === 'CONNECT' || packet.type === 'OP';
}

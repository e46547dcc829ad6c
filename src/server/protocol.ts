/**
 * What travels between a client and a server: requests, replies and watch events, as data. Names and numbers are section G1's; the byte
 * form is `src/wire`'s business.
 */
import type { Bytes } from '../base/bytes.ts';
import type { Item } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';

/** Error codes by ZooKeeper's names (KeeperException.Code, section K2); REQUESTTIMEOUT and CONNECTIONLOSS are made by clients. */
export type ErrorCode =
  | 'OK'
  | 'SYSTEMERROR'
  | 'RUNTIMEINCONSISTENCY'
  | 'DATAINCONSISTENCY'
  | 'CONNECTIONLOSS'
  | 'MARSHALLINGERROR'
  | 'UNIMPLEMENTED'
  | 'OPERATIONTIMEOUT'
  | 'BADARGUMENTS'
  | 'UNKNOWNSESSION'
  | 'NEWCONFIGNOQUORUM'
  | 'RECONFIGINPROGRESS'
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
  | 'NOTREADONLY'
  | 'EPHEMERALONLOCALSESSION'
  | 'NOWATCHER'
  | 'REQUESTTIMEOUT'
  | 'RECONFIGDISABLED'
  | 'SESSIONCLOSEDREQUIRESASLAUTH'
  | 'QUOTAEXCEEDED'
  | 'THROTTLEDOP';

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

/** An identity: what a connection has proved, or whom an ACL entry lets in. */
export interface Id {
  readonly scheme: string;
  readonly id: string;
}

/** `perms` is the sum of ACL-01's bits, and not looked at otherwise (ACL-15). */
export interface AclEntry extends Id {
  readonly perms: number;
}

export type Acl = readonly AclEntry[];

/** ACL-01. */
export const PERMS = { READ: 1, WRITE: 2, CREATE: 4, DELETE: 8, ADMIN: 16, ALL: 31 } as const;
/** ZooDefs.Ids: everybody may read. */
export const READ_ACL_UNSAFE: Acl = [{ perms: PERMS.READ, scheme: 'world', id: 'anyone' }];
/** ZooDefs.Ids: everybody may do everything. Nodes that anybody may use share this one list. */
export const OPEN_ACL_UNSAFE: Acl = [{ perms: PERMS.ALL, scheme: 'world', id: 'anyone' }];

/** CreateMode (TREE-16), by flag 0 to 6. */
export const CREATE_MODES = [
  'PERSISTENT',
  'EPHEMERAL',
  'PERSISTENT_SEQUENTIAL',
  'EPHEMERAL_SEQUENTIAL',
  'CONTAINER',
  'PERSISTENT_WITH_TTL',
  'PERSISTENT_SEQUENTIAL_WITH_TTL',
] as const;
export type CreateMode = (typeof CREATE_MODES)[number];

/** An operation that makes a node. `data: null` is the null buffer (TREE-08); mode 'UNKNOWN' is any other flag. */
export interface CreateOperation<Op extends CreateName = CreateName> {
  readonly op: Op;
  readonly path: string;
  readonly data: Bytes | null;
  readonly acl: Acl;
  readonly mode: CreateMode | 'UNKNOWN';
}

type CreateName = 'create' | 'create2' | 'createContainer' | 'createTTL';

/** Paths that a client watched before it lost its connection; `relativeZxid` is the last one it saw (H4). */
interface SetWatchesOperation<Op extends string> {
  readonly op: Op;
  readonly relativeZxid: Zxid;
  readonly data: readonly string[];
  readonly exist: readonly string[];
  readonly child: readonly string[];
}

/** An operation of a client, one member for each of section G1. Paths are as the client wrote them. */
export type Operation =
  | CreateOperation<'create'>
  | CreateOperation<'create2'>
  | CreateOperation<'createContainer'>
  | (CreateOperation<'createTTL'> & { readonly ttlMs: number })
  | { readonly op: 'delete'; readonly path: string; readonly version: number }
  | { readonly op: 'deleteContainer'; readonly path: string }
  | { readonly op: 'exists'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'getData'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'setData'; readonly path: string; readonly data: Bytes | null; readonly version: number }
  | { readonly op: 'getACL'; readonly path: string }
  | { readonly op: 'setACL'; readonly path: string; readonly acl: Acl; readonly version: number }
  | { readonly op: 'getChildren'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'getChildren2'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'getAllChildrenNumber'; readonly path: string }
  | { readonly op: 'getEphemerals'; readonly prefix: string | null }
  | { readonly op: 'sync'; readonly path: string | null } // not looked at, echoed (SYNCOP-07, WIRE-13)
  | { readonly op: 'multi'; readonly ops: readonly Operation[] } // the creates, delete, setData, check (MULTI-02)
  | { readonly op: 'multiRead'; readonly ops: readonly Operation[] } // getData, getChildren; no watches (MULTI-12)
  | { readonly op: 'check'; readonly path: string; readonly version: number } // inside multi; alone see PIPE-08
  | {
      readonly op: 'reconfig';
      readonly joiningServers: string | null;
      readonly leavingServers: string | null;
      readonly newMembers: string | null;
      readonly curConfigId: Zxid;
    }
  | { readonly op: 'ping' }
  | SetWatchesOperation<'setWatches'>
  | (SetWatchesOperation<'setWatches2'> & { readonly persistent: readonly string[]; readonly persistentRecursive: readonly string[] })
  | { readonly op: 'addWatch'; readonly path: string; readonly mode: number } // 0 persistent, 1 recursive (OP-29)
  | { readonly op: 'checkWatches'; readonly path: string; readonly watcherType: number } // WATCH-25
  | { readonly op: 'removeWatches'; readonly path: string; readonly watcherType: number }
  | { readonly op: 'whoAmI' }
  | { readonly op: 'auth'; readonly scheme: string | null; readonly auth: Bytes | null }
  | { readonly op: 'sasl'; readonly token: Bytes | null }
  | { readonly op: 'createSession'; readonly timeoutMs: number } // a server's own for a connecting client (SESS-06); SESS-44
  | { readonly op: 'closeSession' }
  /** A known operation whose record cannot be decoded (VAL-18); `code` as on the wire. */
  | { readonly op: 'undecodable'; readonly code: number }
  /** A code that names no operation for clients (PIPE-07). */
  | { readonly op: 'unknown'; readonly code: number };

export type Result =
  /** The Stat goes to the client for create2, createContainer and createTTL only. */
  | { readonly op: 'create' | 'create2' | 'createContainer' | 'createTTL'; readonly path: string; readonly stat: Stat | null }
  | {
      readonly op:
        | 'delete'
        | 'deleteContainer'
        | 'ping'
        | 'setWatches'
        | 'setWatches2'
        | 'addWatch'
        | 'checkWatches'
        | 'removeWatches'
        | 'auth'
        | 'closeSession'
        | 'check';
    }
  | { readonly op: 'sync'; readonly path: string | null }
  | { readonly op: 'exists' | 'setData' | 'setACL'; readonly stat: Stat }
  | { readonly op: 'getData' | 'reconfig'; readonly data: Bytes | null; readonly stat: Stat }
  | { readonly op: 'getACL'; readonly acl: Acl; readonly stat: Stat }
  /** The Stat goes to the client for getChildren2 only. */
  | { readonly op: 'getChildren' | 'getChildren2'; readonly children: readonly string[]; readonly stat: Stat }
  | { readonly op: 'getAllChildrenNumber'; readonly totalNumber: number }
  | { readonly op: 'getEphemerals'; readonly ephemerals: readonly string[] }
  /** Null on a server without SASL. */
  | { readonly op: 'sasl'; readonly token: Bytes | null }
  | { readonly op: 'whoAmI'; readonly clientInfo: readonly { readonly scheme: string; readonly user: string }[] }
  | {
      readonly op: 'multi' | 'multiRead';
      readonly results: readonly { readonly error: ErrorCode; readonly result: Result | null }[];
    };

export type WatchEventType = 'NodeCreated' | 'NodeDeleted' | 'NodeDataChanged' | 'NodeChildrenChanged';

/** Client to server. */
export type ClientPacket =
  | {
      readonly type: 'CONNECT';
      readonly session: string;
      /** Hex, two digits a byte; '' for an empty or null one. */
      readonly password: string;
      readonly timeoutMs: number;
      readonly lastZxidSeen: Zxid;
      /** Null from a client before 3.4, which neither sends nor gets that byte (WIRE-04, WIRE-05). */
      readonly readOnly: boolean | null;
    }
  | { readonly type: 'OP'; readonly xid: number; readonly operation: Operation }
  /** A connection that begins with four letters (ADM-01): the server answers with text and closes. */
  | { readonly type: 'FOUR-LETTER-WORD'; readonly word: string }
  /** Bytes that are no frame of the protocol, or none that may come now (WIRE-02, WIRE-19): the server closes without a reply. */
  | { readonly type: 'BAD-FRAME'; readonly why: string };

/** Server to client: one FIFO per connection. */
export type ServerPacket =
  /** timeoutMs 0 and session 0 for an invalid session (SESS-10). */
  | {
      readonly type: 'CONNECTED';
      readonly session: string;
      readonly password: string;
      readonly timeoutMs: number;
      readonly readOnly: boolean | null;
    }
  /** `zxid` is the reply header's: the tree's last processed zxid. A body follows where there is a result, whatever the error (VAL-13). */
  | { readonly type: 'REPLY'; readonly xid: number; readonly zxid: Zxid; readonly error: ErrorCode; readonly result: Result | null }
  | { readonly type: 'EVENT'; readonly zxid: Zxid; readonly event: WatchEventType; readonly path: string }
  /** The answer to a four-letter word. */
  | { readonly type: 'TEXT'; readonly text: string };

export const NO_SESSION = '0000000000000000';
export const PING_XID = -2;
/** Of auth packets, which are answered out of turn (ACL-09). */
export const AUTH_XID = -4;
export const CLIENT_PORT = 'client';

/** True for operations that go through the leader as transactions. */
export function isWrite(operation: Operation): boolean {
  switch (operation.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
    case 'delete':
    case 'deleteContainer':
    case 'setData':
    case 'setACL':
    case 'multi':
    case 'check':
    case 'reconfig':
    case 'createSession':
    case 'closeSession':
      return true;
    case 'undecodable':
      return WRITE_CODES.has(operation.code);
    default:
      return false;
  }
}

/** VAL-18: also what cannot be decoded takes a zxid where it would have been a write. */
const WRITE_CODES: ReadonlySet<number> = new Set([1, 2, 5, 7, 13, 14, 15, 16, 19, 20, 21, -10, -11]);

const CLIENT_PACKETS: ReadonlySet<string> = new Set<ClientPacket['type']>(['CONNECT', 'OP', 'FOUR-LETTER-WORD', 'BAD-FRAME']);

/** What a client's connection brings is one of these; the host does not know. */
export function isClientPacket(packet: Item): packet is ClientPacket {
  return CLIENT_PACKETS.has(packet.type);
}

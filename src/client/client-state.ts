/** The memory of a client library: ClientCnxn, its HostConnectionManager and its ZKWatchManager. */
import { copyDeque, makeDeque, type Deque } from '../base/deque.ts';
import { makePartKind } from '../base/parts.ts';
import type { LinkId } from '../base/step.ts';
import { copyTable, makeTable, type Table } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';
import { NO_SESSION, type Operation } from '../server/protocol.ts';
import type { ClientConfig } from './context.ts';
import type { ClientStateName, WatchTable } from './note.ts';
import type { RunningSequence } from './sequence.ts';

/** ClientCnxn.Packet: a call on its way. `xid` is 0 until it is sent (CLI-10). */
export interface CallPacket {
  readonly call: number;
  readonly xid: number;
  readonly operation: Operation;
}

/** The call number of the library's own requests and of auth packets, which nobody waits for. */
export const OWN_CALL = -1;

/** What addAuthInfo was given: it is told to every new connection. */
export type AuthData = Extract<Operation, { readonly op: 'auth' }>;

/**
 * Where the current connection is. IDLE: none, the next attempt is due at `dialAt`. PRIMED: the ConnectRequest is out, nothing else may
 * follow it until it is answered.
 */
export type ConnectionPhase = 'IDLE' | 'DIALLING' | 'PRIMED' | 'ESTABLISHED';

export interface HostList {
  /** Node indexes, shuffled or not. */
  servers: readonly number[];
  /** Index of the current host; -1 before the first attempt. */
  current: number;
  /** Index of the host connected to last; -1 before the first attempt, then 0. */
  last: number;
}

export interface ClientState {
  state: ClientStateName;
  /** closeSession is on its way: no new calls, no new connections. */
  closing: boolean;
  phase: ConnectionPhase;
  /** Counts connection attempts: the incarnation of the ReadThread that serves the current one. */
  connection: number;
  link: LinkId | null;
  /** The node being dialled or connected to; while IDLE the one to dial next. */
  server: number;
  session: string;
  password: string;
  /** Requested, then negotiated (CLI-01). */
  timeoutMs: number;
  /** What the client has seen: of the last reply, not of pings and events (CLI-08). */
  lastZxid: Zxid;
  /** The next xid (CLI-10). */
  xid: number;
  /** A TCP connection existed: from now on attempts wait for a random time (CLI-05). */
  hasConnected: boolean;
  lastSentAt: number;
  lastHeardAt: number;
  dialAt: number;
  /** Submitted, not sent. */
  readonly outgoing: Deque<CallPacket>;
  /** Sent, not answered, oldest first. */
  readonly pending: Deque<CallPacket>;
  readonly watches: Readonly<Record<WatchTable, Table<true>>>;
  readonly hosts: HostList;
  /** In the order in which they were added, none twice. Replaced, not changed. */
  authInfo: readonly AuthData[];
  /** Commands of several requests under way. Replaced, not changed. */
  sequences: readonly RunningSequence[];
  /** What the application believes to hold or to be in: the recipe's node, and its own below it. Replaced, not changed. */
  held: readonly Held[];
}

export interface Held {
  readonly path: string;
  readonly node: string;
}

function copyClient(part: ClientState): ClientState {
  const { data, exist, child, persistent, recursive } = part.watches;
  const { hosts } = part;
  return {
    state: part.state,
    closing: part.closing,
    phase: part.phase,
    connection: part.connection,
    link: part.link,
    server: part.server,
    session: part.session,
    password: part.password,
    timeoutMs: part.timeoutMs,
    lastZxid: part.lastZxid,
    xid: part.xid,
    hasConnected: part.hasConnected,
    lastSentAt: part.lastSentAt,
    lastHeardAt: part.lastHeardAt,
    dialAt: part.dialAt,
    outgoing: copyDeque(part.outgoing),
    pending: copyDeque(part.pending),
    watches: {
      data: copyTable(data),
      exist: copyTable(exist),
      child: copyTable(child),
      persistent: copyTable(persistent),
      recursive: copyTable(recursive),
    },
    hosts: { servers: hosts.servers, current: hosts.current, last: hosts.last },
    authInfo: part.authInfo,
    sequences: part.sequences,
    held: part.held,
  };
}

/** Link ids and connection numbers only tell connections apart; the other fields left out of the hash are times. */
export const CLIENT = makePartKind<ClientState>('client', {
  copy: copyClient,
  skip: ['connection', 'link', 'lastSentAt', 'lastHeardAt', 'dialAt', 'head'],
});

/** A new ZooKeeper handle, about to dial. `connection` goes on counting, so that threads of an old handle are known as such. */
export function makeClientState(config: ClientConfig, servers: readonly number[], now: number, connection: number): ClientState {
  return {
    state: 'CONNECTING',
    closing: false,
    phase: 'IDLE',
    connection,
    link: null,
    server: servers[0] ?? -1,
    session: NO_SESSION,
    password: '',
    timeoutMs: config.sessionTimeoutMs,
    lastZxid: 0,
    xid: 1,
    hasConnected: false,
    lastSentAt: now,
    lastHeardAt: now,
    dialAt: now,
    outgoing: makeDeque(),
    pending: makeDeque(),
    watches: { data: makeTable(), exist: makeTable(), child: makeTable(), persistent: makeTable(), recursive: makeTable() },
    hosts: { servers, current: -1, last: -1 },
    authInfo: [],
    sequences: [],
    held: [],
  };
}

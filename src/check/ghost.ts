/**
 * The ghost state (R19): what the run has really done, as no server knows it. One for all properties. A property looks at a note before the
 * ghost learns it, so it sees the history up to that moment.
 *
 * Committed is what a leader decided to commit, and the whole history of an established leader (SYNC-57: nothing is proposed anew). It is one
 * list in the order of zxids; each server's own history is a `Line` beside it.
 */
import type { Zxid } from '../base/zxid.ts';
import { copyBook, makeBook, type Book } from './book.ts';
import { copyChunked, itemAt, makeChunked } from './chunked.ts';
import type { CheckedClient, CheckedServer, Txn, WorldReader } from './fact.ts';
import { copyLine, makeLine, type Committed, type Line } from './line.ts';

/** A snapshot on a server's disk: what it holds, by its name. */
export interface SnapshotGhost {
  readonly zxid: Zxid;
  readonly line: Line;
}

export interface ServerGhost {
  readonly sid: number;
  readonly node: number;
  readonly isVoter: boolean;
  up: boolean;
  refused: boolean;
  state: string;
  zabState: string;
  currentEpoch: number;
  /** Epoch of the last NEWLEADER it acknowledged. */
  ackedEpoch: number;
  lastBroadcast: Zxid;
  lastCommit: Zxid;
  /** Time of its last delivery. */
  deliveredAt: number;
  /** What its tree holds. */
  line: Line;
  /** Replayed by a load that is not over yet. */
  loading: Txn[];
  /** The leader's history when it decided to send this server a snapshot. */
  incoming: Line | null;
  begun: SnapshotGhost | null;
  /** Newest last. */
  snapshots: readonly SnapshotGhost[];
  /** Last record of its log, the one before, and the snapshot that a recovery would start from. */
  lastLogged: Zxid;
  previousLogged: Zxid;
  snapshot: Zxid;
  /** The digest it told last, for the delivery or the load that it belongs to. */
  digestZxid: Zxid;
  digest: string;
}

/** An established epoch. */
export interface EpochGhost {
  readonly leader: number;
  /** Last txn of the initial history, and its length. */
  readonly lastZxid: Zxid;
  readonly length: number;
}

export interface SessionGhost {
  /** Positions in the committed history of createSession and closeSession; Infinity for not yet. */
  opened: number;
  closed: number;
  openedZxid: Zxid;
  closedZxid: Zxid;
  /** The simulated client it belongs to; -1 for none, or one from outside. */
  client: number;
  /** cxid of its last write with an effect. */
  lastCxid: number;
  /** By server node: xid of the last reply on the present connection. */
  replies: number[];
  /** The server that its client is connected to, since which event, and the newest established epoch then. */
  owner: number;
  ownerEvent: number;
  ownerEpoch: number;
}

export interface ClientGhost {
  readonly name: string;
  readonly node: number;
  session: string;
  lastZxid: Zxid;
  lastXid: number;
  /** Node it is connected to, or -1. */
  server: number;
  connectedAt: number;
  /** Calls not yet returned, oldest first, with the time they were made. */
  readonly calls: Map<number, number>;
}

/** A reply that told of uncommitted txns, on its way to the client. */
export interface Told {
  readonly session: string;
  readonly xid: number;
  readonly txns: readonly Txn[];
}

export interface Ghost {
  /** Null until the checker observes a world. */
  reader: WorldReader | null;
  /** By node; holes where a node is not a server, or not a client. */
  readonly servers: (ServerGhost | undefined)[];
  readonly clients: (ClientGhost | undefined)[];
  readonly committed: Committed;
  readonly book: Book;
  readonly epochs: Map<number, EpochGhost>;
  maxEstablished: number;
  maxBroadcastEpoch: number;
  readonly sessions: Map<string, SessionGhost>;
  told: readonly Told[];
  /** Shown to a client and not committed. */
  seen: readonly Txn[];
}

export function makeGhost(servers: readonly CheckedServer[], clients: readonly CheckedClient[]): Ghost {
  const byNode: (ServerGhost | undefined)[] = [];
  for (const server of servers) byNode[server.node] = makeServer(server);
  const clientsByNode: (ClientGhost | undefined)[] = [];
  for (const client of clients) clientsByNode[client.node] = makeClient(client);
  return {
    reader: null,
    servers: byNode,
    clients: clientsByNode,
    committed: makeChunked(),
    book: makeBook(),
    epochs: new Map(),
    maxEstablished: -1,
    maxBroadcastEpoch: -1,
    sessions: new Map(),
    told: [],
    seen: [],
  };
}

function makeServer({ sid, node, isVoter }: CheckedServer): ServerGhost {
  return {
    sid,
    node,
    isVoter,
    up: false,
    refused: false,
    state: 'LOOKING',
    zabState: 'ELECTION',
    currentEpoch: -1,
    ackedEpoch: -1,
    lastBroadcast: 0,
    lastCommit: 0,
    deliveredAt: 0,
    line: makeLine(),
    loading: [],
    incoming: null,
    begun: null,
    snapshots: [],
    lastLogged: 0,
    previousLogged: 0,
    snapshot: 0,
    digestZxid: -1,
    digest: '',
  };
}

function makeClient({ name, node }: CheckedClient): ClientGhost {
  return { name, node, session: '', lastZxid: 0, lastXid: 0, server: -1, connectedAt: 0, calls: new Map() };
}

export function copyGhost(ghost: Ghost): Ghost {
  const sessions = new Map<string, SessionGhost>();
  for (const [session, known] of ghost.sessions) sessions.set(session, { ...known, replies: known.replies.slice() });
  return {
    ...ghost,
    reader: null,
    servers: ghost.servers.map((server) => server && { ...server, line: copyLine(server.line), loading: server.loading.slice() }),
    clients: ghost.clients.map((client) => client && { ...client, calls: new Map(client.calls) }),
    committed: copyChunked(ghost.committed),
    book: copyBook(ghost.book),
    epochs: new Map(ghost.epochs),
    sessions,
  };
}

export function makeSession(): SessionGhost {
  return {
    opened: Infinity,
    closed: Infinity,
    openedZxid: -1,
    closedZxid: -1,
    client: -1,
    lastCxid: 0,
    replies: [],
    owner: -1,
    ownerEvent: 0,
    ownerEpoch: -1,
  };
}

export function sessionOf(ghost: Ghost, session: string): SessionGhost {
  let known = ghost.sessions.get(session);
  if (known === undefined) {
    known = makeSession();
    ghost.sessions.set(session, known);
  }
  return known;
}

export function sidAt(ghost: Ghost, node: number): number {
  return ghost.servers[node]?.sid ?? -1;
}

export function serverOf(ghost: Ghost, sid: number): ServerGhost | undefined {
  return ghost.servers.find((server) => server?.sid === sid);
}

export function lastCommitted({ committed }: Ghost): Zxid {
  return itemAt(committed, committed.length - 1)?.zxid ?? 0;
}

/**
 * The client port and its connections: NIOServerCnxnFactory's accept thread, and for each connection a reading and a writing thread. The
 * port is bound when the process starts and stays bound through all roles (LIVE-20); what a connection gets depends on whether a server
 * object is published (LIVE-21, LIVE-22).
 */
import { unreachable } from '../base/assert.ts';
import type { HostInput, Item } from '../base/step.ts';
import { ownSession, processConnectRequest, type OwnSessionItem } from './connect-request.ts';
import {
  closeAfterSending,
  closeConnection,
  connectionAt,
  connectionOfThread,
  hasTooManyConnections,
  isServed,
  openConnection,
  readerOf,
  sendTo,
  slotOf,
  writerOf,
  type CloseConnItem,
} from './connections.ts';
import type { ServerContext } from './context.ts';
import { fourLetterWordText } from './four-letter-word.ts';
import { processPacket } from './process-packet.ts';
import { CLIENT_PORT, isClientPacket, type ClientPacket, type ServerPacket } from './protocol.ts';
import { countReceived, countSent, touchConnection } from './server-stats.ts';
import { START, type Connection, type ReceiveItem, type StartItem, type StopItem } from './thread-state.ts';
import { bucketOf } from './session-tracker.ts';

type Failed = Extract<HostInput, { type: 'failed' }>;
type Accepted = Extract<HostInput, { type: 'accepted' }>;
type Packet = Extract<HostInput, { type: 'packet' }>;
type Closed = Extract<HostInput, { type: 'closed' }>;

export type AcceptorInput = StartItem | Accepted;

export function stepAcceptor(ctx: ServerContext, input: AcceptorInput): void {
  switch (input.type) {
    case 'start':
      ctx.effects.push({ type: 'listen', port: CLIENT_PORT });
      break;
    case 'accepted': {
      const address = addressOf(input);
      if (hasTooManyConnections(ctx, address)) {
        ctx.effects.push({ type: 'close', link: input.link }); // SESS-35
        break;
      }
      const id = openConnection(ctx, input.link, address);
      ctx.effects.push({ type: 'start', thread: writerOf(id), item: START }, { type: 'start', thread: readerOf(id), item: START });
      break;
    }
    default:
      unreachable(input);
  }
  ctx.thread.blockedOn = { on: 'accept', port: CLIENT_PORT };
}

/** Host and port of the other end; a node of the simulation that says nothing else has an address by its number. */
function addressOf({ address, from, link }: Accepted): string {
  return address ?? `10.0.0.${from + 1}:${1024 + (link % 64_512)}`;
}

export type ReaderInput = StartItem | StopItem | ReceiveItem | OwnSessionItem | Packet | Closed | Failed | { readonly type: 'timeout' };

export function stepReader(ctx: ServerContext, input: ReaderInput): void {
  const id = connectionOfThread(ctx.thread);
  const connection = connectionAt(ctx, id);
  if (connection === null) {
    ctx.thread.ending = true;
    return;
  }
  switch (input.type) {
    case 'start':
    case 'receive':
      blockOnRead(ctx, connection);
      return;
    case 'packet':
      onPacket(ctx, connection, input.packet);
      return;
    case 'own-session':
      ownSession(ctx, id, input.session);
      return;
    case 'closed':
      return leave(ctx, connection, 'client-closed');
    case 'timeout':
      return leave(ctx, connection, 'client-silent'); // SESS-34
    case 'failed':
      return leave(ctx, connection, 'io-exception');
    case 'stop':
      ctx.thread.ending = true;
      return;
    default:
      unreachable(input);
  }
}

function leave(ctx: ServerContext, connection: Readonly<Connection>, why: string): void {
  closeConnection(ctx, connection.id, why);
  ctx.thread.ending = true;
}

function blockOnRead(ctx: ServerContext, connection: Readonly<Connection>): void {
  ctx.thread.blockedOn = { on: 'read', link: connection.link, deadline: touch(ctx, connection) };
}

/** ServerCnxn.disableRecv: nothing is read until somebody says `receive`; whoever is silent for too long is closed all the same. */
function blockOnMailbox(ctx: ServerContext, connection: Readonly<Connection>): void {
  ctx.thread.blockedOn = { on: 'queue', deadline: touch(ctx, connection) };
}

/** NIOServerCnxnFactory.touchCnxn: its own expiry, in steps of the limit for connections without a session (SESS-34). */
function touch(ctx: ServerContext, { id, stage, timeoutMs }: Readonly<Connection>): number {
  const limitUs = ctx.config.sessionlessCnxnTimeoutMs * 1000;
  const deadline = bucketOf(ctx.now + (stage === 'new' ? limitUs : timeoutMs * 1000), limitUs);
  touchConnection(ctx.parts, ctx.refs.stats, slotOf(id), deadline);
  return deadline;
}

/** SESS-43: its first bytes are read as a header with xid 0 and type 0. */
const SECOND_CONNECT = { type: 'OP', xid: 0, operation: { op: 'unknown', code: 0 } } as const;

function onPacket(ctx: ServerContext, connection: Readonly<Connection>, packet: Item): void {
  if (isClientPacket(packet) && packet.type === 'FOUR-LETTER-WORD' && connection.stage === 'new') {
    onFourLetterWord(ctx, connection, packet.word); // also while nobody serves (ADM-21)
    return;
  }
  if (!isServed(ctx, connection) || !isClientPacket(packet)) {
    leave(ctx, connection, 'not-serving'); // LIVE-21: not even parsed
    return;
  }
  countReceived(ctx.parts, ctx.refs.stats, slotOf(connection.id));
  if (connection.stage === 'new') onFirstPacket(ctx, connection, packet);
  else onNextPacket(ctx, connection, packet);
}

/** NIOServerCnxn.checkFourLetterWord: the answer, and the end (ADM-24). */
function onFourLetterWord(ctx: ServerContext, connection: Readonly<Connection>, word: string): void {
  countReceived(ctx.parts, ctx.refs.stats, slotOf(connection.id));
  const text = fourLetterWordText(ctx, word, connection.id);
  if (text === null) {
    leave(ctx, connection, 'no-word');
    return;
  }
  if (text !== '') sendTo(ctx, connection.id, { type: 'TEXT', text });
  closeAfterSending(ctx, connection.id);
  blockOnMailbox(ctx, connection);
}

function onFirstPacket(ctx: ServerContext, connection: Readonly<Connection>, packet: ClientPacket): void {
  if (packet.type === 'CONNECT') processConnectRequest(ctx, connection, packet);
  else leave(ctx, connection, packet.type === 'BAD-FRAME' ? packet.why : 'no-connect-request');
  // Until the session is set up the reader waits for `receive` (SESS-04).
  const now = connectionAt(ctx, connection.id);
  if (now !== null) blockOnMailbox(ctx, now);
}

function onNextPacket(ctx: ServerContext, connection: Readonly<Connection>, packet: ClientPacket): void {
  switch (packet.type) {
    case 'CONNECT':
    case 'OP':
      if (processPacket(ctx, connection, packet.type === 'OP' ? packet : SECOND_CONNECT)) blockOnRead(ctx, connection);
      else if (connectionAt(ctx, connection.id) !== null) blockOnMailbox(ctx, connection);
      return;
    default:
      leave(ctx, connection, packet.type === 'BAD-FRAME' ? packet.why : 'word-within-session'); // WIRE-19
  }
}

export type WriterInput = StartItem | StopItem | ServerPacket | CloseConnItem | Failed;

/** One packet an event: its mailbox is the connection's outgoingBuffers. */
export function stepWriter(ctx: ServerContext, input: WriterInput): void {
  const connection = connectionAt(ctx, connectionOfThread(ctx.thread));
  if (connection === null) {
    ctx.thread.ending = true;
    return;
  }
  switch (input.type) {
    case 'start':
      return;
    case 'CONNECTED':
    case 'REPLY':
    case 'EVENT':
    case 'TEXT':
      countSent(ctx.parts, ctx.refs.stats, slotOf(connection.id));
      ctx.effects.push({ type: 'send', link: connection.link, packet: input });
      return;
    case 'close-conn':
      return leave(ctx, connection, 'server-closed');
    case 'failed':
      return leave(ctx, connection, 'io-exception');
    case 'stop':
      ctx.thread.ending = true;
      return;
    default:
      unreachable(input);
  }
}

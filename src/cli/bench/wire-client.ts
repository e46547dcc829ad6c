/**
 * One session of a client over TCP, on the project's own codec, so that a gateway and a real ensemble are driven by the very same thing. It
 * adds as little as it can to what is measured: requests of one turn leave in one piece, and their answers are matched in order.
 */
import { connect, type Socket } from 'node:net';
import { makeDeque, push, shift, type Deque } from '../../base/deque.ts';
import { NO_SESSION, PING_XID, type Operation, type ServerPacket } from '../../server/protocol.ts';
import { encodeClientPacket } from '../../wire/client-packet.ts';
import { makeFramer, piecesOf } from '../../wire/framer.ts';
import type { OperationName } from '../../wire/numbers.ts';
import { decodeConnected, decodeServerPacket } from '../../wire/server-packet.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type Reply = Extract<ServerPacket, { type: 'REPLY' }>;
type CallName = Exclude<OperationName, 'createSession'>;
export type Call = Extract<Operation, { op: CallName }>;

interface Asked {
  readonly op: CallName;
  readonly onReply: (reply: Reply) => void;
}

/** No limit: a server may answer with more than it reads (WIRE-20). */
const FRAME_MAX = 0x7fff_ffff;

export interface WireClient {
  /** The negotiated one; 0 until the server has answered. */
  timeoutMs: number;
  /** The next request; `onReply` is called with its answer. */
  readonly call: (operation: Call, onReply: (reply: Reply) => void) => void;
  readonly isLost: () => boolean;
  readonly close: () => void;
}

interface State {
  readonly socket: Socket;
  readonly asked: Deque<Asked>;
  outgoing: Uint8Array[];
  xid: number;
  isLost: boolean;
}

/** Opens a session; rejects when the connection fails before there is one. */
export function openClient({ host, port }: Address, timeoutMs: number): Promise<WireClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const state: State = { socket, asked: makeDeque(), outgoing: [], xid: 0, isLost: false };
    const framer = makeFramer('client', FRAME_MAX);
    const client = clientOf(state);
    const onFrame = (body: Uint8Array): void => {
      if (client.timeoutMs > 0) return onPacket(state, body);
      const connected = decodeConnected(body);
      client.timeoutMs = connected.type === 'CONNECTED' ? connected.timeoutMs : 0;
      resolve(client);
    };
    socket.on('data', (chunk) => {
      for (const piece of piecesOf(framer, chunk)) if (piece.type === 'frame') onFrame(piece.body);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      state.isLost = true;
      reject(new Error(`port ${port} closed the connection before there was a session`));
    });
    socket.write(encodeClientPacket({ type: 'CONNECT', session: NO_SESSION, password: '', timeoutMs, lastZxidSeen: 0, readOnly: false }));
  });
}

function clientOf(state: State): WireClient {
  return {
    timeoutMs: 0,
    call: (operation, onReply) => {
      push(state.asked, { op: operation.op, onReply });
      const xid = operation.op === 'ping' ? PING_XID : ++state.xid;
      if (state.outgoing.length === 0) process.nextTick(() => flush(state));
      state.outgoing.push(encodeClientPacket({ type: 'OP', xid, operation }));
    },
    isLost: () => state.isLost,
    close: () => state.socket.destroy(),
  };
}

function flush(state: State): void {
  const pieces = state.outgoing;
  state.outgoing = [];
  if (!state.isLost) state.socket.write(pieces.length === 1 ? (pieces[0] ?? '') : Buffer.concat(pieces));
}

/** Events are nobody's answer. */
function onPacket(state: State, body: Uint8Array): void {
  const next = state.asked.items[state.asked.head];
  const packet = decodeServerPacket(body, next?.op ?? 'ping');
  if (packet.type === 'REPLY') shift(state.asked).onReply(packet);
}

/** The answer to one request. */
export function ask(client: WireClient, operation: Call): Promise<Reply> {
  return new Promise((resolve) => client.call(operation, resolve));
}

// A client on a real socket that speaks through the wire codec, one call after the other, and remembers what happened to its connection.

import { connect, type Socket } from 'node:net';
import type { ClientPacket, Operation, ServerPacket } from '../../src/server/protocol.ts';
import { NO_SESSION } from '../../src/server/protocol.ts';
import { encodeClientPacket } from '../../src/wire/client-packet.ts';
import { makeFramer, piecesOf } from '../../src/wire/framer.ts';
import type { OperationName } from '../../src/wire/numbers.ts';
import { decodeConnected, decodeServerPacket, xidOf } from '../../src/wire/server-packet.ts';

export type Ending = 'eof' | 'reset' | 'refused';
export type Call = Extract<Operation, { op: OperationName }>;
type Connected = Extract<ServerPacket, { type: 'CONNECTED' }>;
type Reply = Extract<ServerPacket, { type: 'REPLY' }>;

export interface TcpClient {
  readonly socket: Socket;
  /** Everything that is no reply to a call. */
  readonly events: ServerPacket[];
  readonly handshake: (session?: { readonly session: string; readonly password: string }, timeoutMs?: number) => Promise<Connected>;
  readonly call: (operation: Call) => Promise<Reply>;
  readonly send: (packet: ClientPacket) => void;
  /** How the connection ends. */
  readonly ended: Promise<Ending>;
}

/** Resolves when TCP is connected; rejects with ECONNREFUSED where it is not. */
export function tcpClient(port: number): Promise<TcpClient> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(clientOf(socket));
    });
  });
}

function clientOf(socket: Socket): TcpClient {
  const framer = makeFramer('client');
  const waiting = new Map<number, { readonly op: OperationName; readonly resolve: (reply: Reply) => void }>();
  const events: ServerPacket[] = [];
  let greet: ((packet: Connected) => void) | null = null;
  let nextXid = 1;
  socket.on('data', (chunk: Uint8Array) => {
    for (const piece of piecesOf(framer, chunk)) {
      if (piece.type !== 'frame') throw new Error('a server sends frames');
      if (greet !== null) {
        greet(decodeConnected(piece.body) as Connected);
        greet = null;
        continue;
      }
      const asked = waiting.get(xidOf(piece.body));
      const packet = decodeServerPacket(piece.body, asked?.op ?? 'ping');
      if (packet.type === 'REPLY' && asked !== undefined) {
        waiting.delete(packet.xid);
        asked.resolve(packet);
      } else events.push(packet);
    }
  });
  const send = (packet: ClientPacket): void => void socket.write(encodeClientPacket(packet));
  return {
    socket,
    events,
    send,
    ended: endOf(socket),
    handshake: (known = { session: NO_SESSION, password: '0'.repeat(32) }, timeoutMs = 10_000) =>
      new Promise((resolve) => {
        greet = resolve;
        const { session, password } = known;
        send({ type: 'CONNECT', session, password, timeoutMs, lastZxidSeen: 0, readOnly: false });
      }),
    call: (operation) =>
      new Promise((resolve) => {
        const xid = nextXid++;
        waiting.set(xid, { op: operation.op, resolve });
        send({ type: 'OP', xid, operation });
      }),
  };
}

function endOf(socket: Socket): Promise<Ending> {
  return new Promise((resolve) => {
    socket.once('end', () => resolve('eof'));
    socket.on('error', () => resolve('reset'));
    socket.once('close', () => resolve('reset'));
  });
}

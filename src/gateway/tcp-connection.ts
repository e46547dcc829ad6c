/**
 * One socket of a real client: its bytes become packets for the world, and what the world sends on that connection becomes bytes. It knows
 * nothing of ZooKeeper's rules; it bounds what waits on either side.
 */
import type { Socket } from 'node:net';
import type { ClientPacket, ServerPacket } from '../server/protocol.ts';
import { encodeServerPacket } from '../wire/server-packet.ts';
import { makePacketReader, type PacketReader } from './wire-door.ts';

/** Packets that were read and have not entered the world, from which on the socket is not read. */
const INCOMING_MAX = 500;
/** Bytes written that the client has not taken, from which on nothing more is taken from the world. */
const UNREAD_MAX = 1_000_000;
/** A client that takes nothing for so long is given up. */
const SLOW_MS = 30_000;
/** How long a socket that is closed from here may take to be gone. */
const LINGER_MS = 10_000;

export interface ConnectionHooks {
  /** Something has come in from this connection. */
  readonly onInput: (connection: TcpConnection) => void;
  readonly onGone: (connection: TcpConnection) => void;
  readonly log: (kind: string, line: string) => void;
}

export class TcpConnection {
  readonly number: number;
  /** The node that it dials. */
  readonly server: number;
  readonly address: string;
  /** The world knows of it. */
  isOpened = false;
  /** The dialled server has answered: packets may enter. */
  isConnected = false;
  /** The world has ended the connection, or was told that the client has. */
  isOver = false;
  /** What came in and has not entered the world, oldest first. */
  readonly incoming: ClientPacket[] = [];
  /** How the client ended it, until the world is told. */
  leaving: 'eof' | 'reset' | null = null;
  /** The world is told to take nothing from it. */
  isHeld = false;
  readonly #socket: Socket;
  readonly #hooks: ConnectionHooks;
  readonly #reader: PacketReader;
  #outgoing: Uint8Array[] = [];
  #ending: 'eof' | 'reset' | null = null;
  #sentWord = false;
  #patience: NodeJS.Timeout | null = null;

  constructor(number: number, server: number, socket: Socket, frameMax: number, hooks: ConnectionHooks) {
    this.number = number;
    this.server = server;
    this.address = addressOf(socket);
    this.#socket = socket;
    this.#hooks = hooks;
    this.#reader = makePacketReader(frameMax);
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('end', () => this.#onEnd());
    socket.on('error', () => this.#leave('reset'));
    socket.on('close', () => this.#onClose());
    socket.on('drain', () => this.#hooks.onInput(this));
  }

  #onData(chunk: Uint8Array): void {
    if (this.isOver) return;
    for (const packet of this.#packetsOf(chunk)) {
      if (packet.type === 'BAD-FRAME') this.#hooks.log('bad-frame', `${this.address}: ${packet.why}`);
      if (packet.type === 'FOUR-LETTER-WORD') this.#sentWord = true;
      this.incoming.push(packet);
    }
    if (this.incoming.length >= INCOMING_MAX) this.#socket.pause();
    if (this.incoming.length > 0) this.#hooks.onInput(this);
  }

  /** Whatever bytes can do to the codec, they do it to this connection alone. */
  #packetsOf(chunk: Uint8Array): readonly ClientPacket[] {
    try {
      return this.#reader.take(chunk);
    } catch (error) {
      return [{ type: 'BAD-FRAME', why: `a bug in Zablab: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }];
    }
  }

  /** Half of the socket is closed. Whoever asked with four letters still waits for the answer, and the server closes behind it. */
  #onEnd(): void {
    if (!this.#sentWord) this.#leave('eof');
  }

  #onClose(): void {
    this.#leave('reset');
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = null;
    this.#hooks.onGone(this);
  }

  #leave(how: 'eof' | 'reset'): void {
    if (this.isOver || this.leaving !== null) return;
    this.leaving = how;
    this.#hooks.onInput(this);
  }

  /** What was read has entered the world, or some of it. */
  readOn(): void {
    if (this.incoming.length < INCOMING_MAX / 2 && this.#socket.isPaused()) this.#socket.resume();
  }

  /** The client takes nothing, or not fast enough. */
  get isFull(): boolean {
    return this.#socket.writableLength > UNREAD_MAX;
  }

  /** A packet that arrived for the client. It leaves with `flush`. */
  hear(packet: ServerPacket): void {
    this.#outgoing.push(encodeServerPacket(packet));
  }

  /** The world has ended the connection: `eof` behind what was sent. */
  end(how: 'eof' | 'reset'): void {
    this.isOver = true;
    this.incoming.length = 0;
    this.#ending = how;
  }

  /** Everything that was heard, in one piece; then the end, if there is one. */
  flush(): void {
    const pieces = this.#outgoing;
    if (pieces.length > 0) {
      this.#outgoing = [];
      if (this.#socket.writable) this.#socket.write(pieces.length === 1 ? (pieces[0] ?? '') : Buffer.concat(pieces));
    }
    if (this.#ending !== null) this.#finish(this.#ending);
    else if (this.isFull && this.#patience === null) this.#patience = setTimeout(() => this.#giveUp(), SLOW_MS);
    else if (!this.isFull && this.#patience !== null) {
      clearTimeout(this.#patience);
      this.#patience = null;
    }
  }

  #finish(how: 'eof' | 'reset'): void {
    this.#ending = null;
    if (how === 'reset' && this.#socket.writableLength === 0) {
      this.#socket.resetAndDestroy();
      return;
    }
    this.#socket.resume(); // or its end is never seen
    this.#socket.destroySoon();
    if (this.#patience !== null) clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.#socket.destroy(), LINGER_MS);
  }

  #giveUp(): void {
    this.#patience = null;
    if (!this.isFull) return;
    this.#hooks.log(
      'slow',
      `${this.address} took nothing for ${SLOW_MS / 1000} s, with ${this.#socket.writableLength} bytes waiting: closed`,
    );
    this.destroy();
  }

  /** Ends the socket at once; the world is told. */
  destroy(): void {
    this.#socket.destroy();
  }
}

/** `127.0.0.1:54321`, also where the socket is of version 6. */
function addressOf({ remoteAddress = '', remotePort = 0 }: Socket): string {
  return `${remoteAddress.replace(/^::ffff:/, '')}:${remotePort}`;
}

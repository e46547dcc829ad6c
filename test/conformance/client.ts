// A connection of a script, byte by byte: it sends what the script says, and what comes back enters the transcript in the order in which it came.

import { Buffer } from 'node:buffer';
import { connect, type Socket } from 'node:net';
import { codeName } from './error-codes.ts';
import { bool, buffer, framed, int, long, readBool, readBuffer, type Reader, readInt, readLong, readText, rest } from './jute.ts';
import { makerOf, type Names, passwordName, real, sessionName, told, zxidName } from './names.ts';
import { closeSession, ping } from './operations.ts';
import type { Fields, Request } from './request.ts';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** How long a script waits for what must come. */
const PATIENCE_MS = 25_000;

export interface ConnectOptions {
  readonly timeoutMs?: number;
  readonly session?: bigint;
  readonly password?: Buffer | null;
  readonly lastZxid?: bigint;
  readonly protocol?: number;
  /** Null leaves the byte out, as clients before 3.4 do [WIRE-04]. */
  readonly readOnly?: boolean | null;
}

export interface Reply {
  readonly zxid: bigint;
  readonly err: number;
  readonly result: Fields;
}

const EVENTS: Readonly<Record<number, string>> = {
  1: 'NodeCreated',
  2: 'NodeDeleted',
  3: 'NodeDataChanged',
  4: 'NodeChildrenChanged',
};

export class Client {
  readonly name: string;
  private readonly names: Names;
  private readonly tell: (line: Fields) => void;
  private readonly socket: Socket;
  private readonly frames: Buffer[] = [];
  private readonly outstanding: { readonly xid: number; readonly request: Request }[] = [];
  private unread: Buffer = Buffer.alloc(0);
  private wake: () => void = () => {};
  private hasEnded = false;
  /** Has the script been told of the end? */
  private isOver = false;
  private nextXid = 1;
  private isQuiet = false;
  session = 0n;
  password: Buffer = Buffer.alloc(16);
  lastZxid = 0n;
  isSessionClosed = false;

  constructor(name: string, address: Address, names: Names, tell: (line: Fields) => void) {
    this.name = name;
    this.names = names;
    this.tell = tell;
    this.socket = connect(address.port, address.host);
    this.socket.setNoDelay(true);
    this.socket.on('data', (bytes) => this.onData(bytes));
    this.socket.on('error', () => {}); // a reset ends in 'close' too
    this.socket.on('close', () => {
      this.hasEnded = true;
      this.wake();
    });
  }

  get isOpen(): boolean {
    return !this.isOver;
  }

  private onData(bytes: Buffer): void {
    this.unread = Buffer.concat([this.unread, bytes]);
    while (this.unread.length >= 4 && this.unread.length >= 4 + this.unread.readInt32BE()) {
      const end = 4 + this.unread.readInt32BE();
      this.frames.push(this.unread.subarray(4, end));
      this.unread = this.unread.subarray(end);
    }
    this.wake();
  }

  /** The next frame; null when the connection has ended. */
  private async frame(what: string): Promise<Buffer | null> {
    const until = Date.now() + PATIENCE_MS;
    while (this.frames.length === 0 && !this.hasEnded) {
      const left = until - Date.now();
      if (left <= 0) throw new Error(`${this.name} waited in vain for ${what}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.frames.shift() ?? null;
  }

  private say(fields: Fields): void {
    if (!this.isQuiet) this.tell({ to: this.name, ...fields });
  }

  private onEnd(): void {
    if (!this.isOver) this.say(this.unread.length === 0 ? { end: 'closed' } : { end: 'closed', unread: this.unread.toString('hex') });
    this.isOver = true;
  }

  /** Sends a ConnectRequest and reads the answer. */
  async connect(options: ConnectOptions = {}): Promise<boolean> {
    const { timeoutMs = 30_000, session = 0n, password = Buffer.alloc(16), lastZxid = 0n, protocol = 0, readOnly = false } = options;
    const tail = readOnly === null ? Buffer.alloc(0) : bool(readOnly);
    this.raw(framed(int(protocol), long(lastZxid), int(timeoutMs), long(session), buffer(password), tail));
    return this.connected();
  }

  /** Awaits a ConnectResponse; false when the connection ends instead, or the session is refused. */
  async connected(): Promise<boolean> {
    const bytes = await this.frame('a ConnectResponse');
    if (bytes === null) {
      this.onEnd();
      return false;
    }
    const r: Reader = { bytes, at: 0 };
    const [protocol, timeout, id, password] = [readInt(r), readInt(r), readLong(r), readBuffer(r)];
    const readOnly = r.at < bytes.length ? readBool(r) : null;
    if (id !== 0n) {
      this.session = id;
      this.password = Buffer.from(password ?? []);
      if (!this.names.sessions.has(id)) this.names.sessions.set(id, this.name);
    }
    const by = id === 0n ? {} : { by: makerOf(this.names, id) };
    this.say({
      connected: { protocol, timeout, session: sessionName(this.names, id), ...by, password: passwordName(id, password), readOnly },
    });
    return id !== 0n;
  }

  raw(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** A request header and any body, with the length in front. */
  send(...requests: readonly Request[]): void {
    this.raw(Buffer.concat(requests.map((request) => this.sent(request))));
  }

  /** Sends what is not answered by a reply. */
  sendOnly(request: Request): void {
    this.raw(this.sent(request));
    this.outstanding.pop();
  }

  private sent(request: Request): Buffer {
    const xid = request.xid ?? this.nextXid++;
    this.outstanding.push({ xid, request });
    return framed(
      int(xid),
      int(request.type),
      request.body((path) => real(this.names, path)),
    );
  }

  /** Sends and reads until the reply is there: events that come before it are told before it. */
  async call(request: Request): Promise<Reply | null> {
    this.send(request);
    return this.reply();
  }

  /** One call after another. */
  async calls(...requests: readonly Request[]): Promise<void> {
    for (const request of requests) await this.call(request);
  }

  /** Sends all at once, then reads all the replies. */
  async pipeline(...requests: readonly Request[]): Promise<void> {
    this.send(...requests);
    await this.replies(requests.length);
  }

  async replies(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await this.reply();
  }

  /** Reads to the next reply; null when the connection ends instead. */
  async reply(): Promise<Reply | null> {
    for (;;) {
      const bytes = await this.frame(`the reply to ${this.outstanding[0]?.request.name ?? 'nothing'}`);
      if (bytes === null) {
        this.onEnd();
        return null;
      }
      const reply = this.onFrame(bytes);
      if (reply !== null) return reply;
    }
  }

  /** Reads frames, which should be events. */
  async events(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const bytes = await this.frame('an event');
      if (bytes !== null) this.onFrame(bytes);
      else return this.onEnd();
    }
  }

  /** Reads to the end of the connection. */
  async closed(): Promise<void> {
    for (;;) {
      const bytes = await this.frame('the end of the connection');
      if (bytes === null) return this.onEnd();
      this.onFrame(bytes);
    }
  }

  /** Null when it is an event. */
  private onFrame(bytes: Buffer): Reply | null {
    const r: Reader = { bytes, at: 0 };
    const [xid, zxid, err] = [readInt(r), readLong(r), readInt(r)];
    const waiting = this.outstanding.findIndex((each) => each.xid === xid);
    if (xid === -1 && waiting === -1) {
      this.onEvent(r, zxid, err);
      return null;
    }
    const [answered] = this.outstanding.splice(Math.max(waiting, 0), 1);
    if (zxid > this.lastZxid) this.lastZxid = zxid;
    if (answered?.request.type === -11 && err === 0) this.isSessionClosed = true;
    const result = resultOf(r, err, answered?.request, this.names);
    const other = answered?.xid === xid ? {} : { xid };
    this.say({ reply: answered?.request.name ?? 'unasked', ...other, zxid: zxidName(this.names, zxid), err: codeName(err), ...result });
    return { zxid, err, result };
  }

  private onEvent(r: Reader, zxid: bigint, err: number): void {
    const [type, state, path] = [readInt(r), readInt(r), readText(r)];
    const odd = { ...(state === 3 ? {} : { state }), ...(err === 0 ? {} : { err }) };
    this.say({ event: EVENTS[type] ?? type, path: told(this.names, path), zxid: zxidName(this.names, zxid), ...odd });
  }

  /** Reads what is still to come before a ping's reply, which is not told itself. */
  async flush(): Promise<void> {
    if (this.isOver) return;
    this.send(ping());
    while (this.outstanding.length > 1) if ((await this.reply()) === null) return;
    for (;;) {
      const bytes = await this.frame('the last ping');
      if (bytes === null) return this.onEnd();
      if (bytes.readInt32BE() === -2) break;
      this.onFrame(bytes);
    }
    this.outstanding.length = 0;
  }

  /** Closes the session and reads to the end. */
  async close(): Promise<void> {
    await this.call(closeSession());
    await this.closed();
  }

  /** What the transcript does not tell. */
  async quietly(action: () => Promise<unknown>): Promise<void> {
    this.isQuiet = true;
    try {
      await action();
    } finally {
      this.isQuiet = false;
    }
  }

  /** Ends the connection from this side; the session lives on. */
  drop(): void {
    this.isOver = true;
    this.socket.destroy();
  }

  /** Stops sending, and still reads. */
  endWriting(): void {
    this.socket.end();
  }
}

function resultOf(r: Reader, err: number, request: Request | undefined, names: Names): Fields {
  const start = r.at;
  if (err !== 0 || request === undefined) return r.at < r.bytes.length ? { body: rest(r).toString('hex') } : {};
  try {
    const result = request.read(r, names);
    return r.at < r.bytes.length ? { ...result, rest: rest(r).toString('hex') } : result;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { unreadable: r.bytes.subarray(start).toString('hex') };
  }
}

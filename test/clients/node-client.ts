// node-zookeeper-client with promises, and the parts of it that its type declarations leave out.

import type { Socket } from 'node:net';
import {
  type ACL,
  type Client,
  createClient,
  type Event,
  type Exception,
  type Option,
  type Stat,
  type Transaction,
} from 'node-zookeeper-client';

interface WholeClient extends Client {
  readonly connectionManager: { readonly socket: Socket; setState(state: number): void };
  removeRecursive(path: string, callback: (error: Failure) => void): void;
  listSubTreeBFS(path: string, callback: (error: Failure, paths: string[]) => void): void;
}

/** A session may be taken over by another client. */
interface WholeOptions extends Partial<Option> {
  readonly sessionId?: Buffer;
  readonly sessionPassword?: Buffer;
}

/** The connection manager's own number of that state: it then does not dial again. */
const CLOSING = -1;

type Failure = Error | Exception | null;
type ClientEvent = 'connected' | 'disconnected' | 'expired' | 'authenticationFailed';
type Watcher = (event: Event) => void;
type CreateArgument = Buffer | ACL[] | number;

export interface NodeClient {
  readonly raw: WholeClient;
  /** Rejects when the event does not come in time. */
  heard(event: ClientEvent, withinMs?: number): Promise<void>;
  create(path: string, ...rest: CreateArgument[]): Promise<string>;
  mkdirp(path: string, data: Buffer): Promise<string>;
  remove(path: string, version?: number): Promise<void>;
  removeRecursive(path: string): Promise<void>;
  exists(path: string, watcher?: Watcher): Promise<Stat | null>;
  getData(path: string, watcher?: Watcher): Promise<{ readonly data: Buffer | undefined; readonly stat: Stat }>;
  setData(path: string, data: Buffer, version?: number): Promise<Stat>;
  getChildren(path: string, watcher?: Watcher): Promise<{ readonly children: string[]; readonly stat: Stat }>;
  listSubTree(path: string): Promise<string[]>;
  getACL(path: string): Promise<ACL[]>;
  setACL(path: string, acls: ACL[], version?: number): Promise<Stat>;
  commit(transaction: Transaction): Promise<void>;
  /** Closes the session, and waits until the server hung up. */
  close(): Promise<void>;
  /** Dies like a process: the connection ends, nothing dials again, the session lives on at the servers. */
  die(): Promise<void>;
}

export async function connected(connectString: string, options: WholeOptions = {}): Promise<NodeClient> {
  const client = clientOf(connectString, options);
  const up = client.heard('connected');
  client.raw.connect();
  await up;
  return client;
}

export function clientOf(connectString: string, options: WholeOptions = {}): NodeClient {
  const raw = createClient(connectString, { sessionTimeout: 10_000, spinDelay: 100, ...options }) as WholeClient;
  const heard: NodeClient['heard'] = (event, withinMs = 30_000) => heardOf(raw, event, withinMs);
  return {
    raw,
    heard,
    create: (path, ...rest) => promised<string>((done) => (raw.create as (...all: unknown[]) => void).call(raw, path, ...rest, done)),
    mkdirp: (path, data) => promised<string>((done) => raw.mkdirp(path, data, done)),
    remove: (path, version = -1) => promised<void>((done) => raw.remove(path, version, (error) => done(error, undefined))),
    removeRecursive: (path) => promised<void>((done) => raw.removeRecursive(path, (error) => done(error, undefined))),
    exists: (path, watcher) =>
      promised<Stat | null>((done) => (watcher === undefined ? raw.exists(path, done) : raw.exists(path, watcher, done))),
    getData: (path, watcher) =>
      promised((done) => {
        const answer = (error: Failure, data: Buffer, stat: Stat): void => done(error, { data, stat });
        if (watcher === undefined) raw.getData(path, answer);
        else raw.getData(path, watcher, answer);
      }),
    setData: (path, data, version = -1) => promised<Stat>((done) => raw.setData(path, data, version, done)),
    getChildren: (path, watcher) =>
      promised((done) => {
        const answer = (error: Failure, children: string[], stat: Stat): void => done(error, { children, stat });
        if (watcher === undefined) raw.getChildren(path, answer);
        else raw.getChildren(path, watcher, answer);
      }),
    listSubTree: (path) => promised<string[]>((done) => raw.listSubTreeBFS(path, done)),
    getACL: (path) => promised<ACL[]>((done) => raw.getACL(path, done)),
    setACL: (path, acls, version = -1) => promised<Stat>((done) => raw.setACL(path, acls, version, done)),
    commit: (transaction) => promised<void>((done) => transaction.commit((error) => done(error, undefined))),
    close: async () => {
      const down = heard('disconnected');
      raw.close();
      await down;
    },
    die: async () => {
      const down = heard('disconnected');
      // What `close` does too, without the request that closes the session.
      raw.connectionManager.setState(CLOSING);
      raw.connectionManager.socket.destroy();
      await down;
    },
  };
}

function promised<T>(call: (done: (error: Failure | undefined, result: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    call((error, result) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    });
  });
}

function heardOf(raw: WholeClient, event: ClientEvent, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const alarm = setTimeout(() => reject(new Error(`no '${event}' within ${withinMs} ms`)), withinMs);
    raw.once(event, () => {
      clearTimeout(alarm);
      resolve();
    });
  });
}

/** A watcher, and the promise of the one event that it gets: `NODE_CREATED /a`. */
export function watch(): { readonly watcher: Watcher; readonly event: Promise<string> } {
  let tell: (text: string) => void = () => {};
  const event = new Promise<string>((resolve) => (tell = resolve));
  return { watcher: (each) => tell(`${each.getName()} ${each.getPath()}`), event };
}

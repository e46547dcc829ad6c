// A client among servers that do what the test says: the real library on the simulator's network, the servers only a script.

import { allot, own, peek, type Ref } from '../../src/base/parts.ts';
import { threadId, type Context, type Item } from '../../src/base/step.ts';
import { bootClient, CLIENT_MAILBOX, clientThreadName, stepClient, submitItem } from '../../src/client/client.ts';
import { CLIENT, makeClientState, type ClientState } from '../../src/client/client-state.ts';
import { makeClientConfig, type ClientApplication, type ClientConfig, type ClientContext } from '../../src/client/context.ts';
import { FIXED_CLIENT, type ClientDecisions } from '../../src/client/decisions.ts';
import type { ClientInput, ClientItem, ClientOperation } from '../../src/client/items.ts';
import type { ClientNote } from '../../src/client/note.ts';
import { boot } from '../../src/kernel/node.ts';
import { runInput, runUntil } from '../../src/kernel/run.ts';
import { postItem } from '../../src/kernel/thread.ts';
import { makeWorld, type Mode, type NodeSpec, type Program, type World } from '../../src/kernel/world.ts';
import { CLIENT_PORT, type ClientPacket, type ServerPacket } from '../../src/server/protocol.ts';

const NETWORK = { latencies: [100], lossPerMillion: 0, retransmitUs: 200_000, retransmissionsMax: 8, keepaliveUs: 0 };
const ACCEPTOR = threadId(1, 0);
const WRITER = threadId(3, 0);

/** What a server does with a packet. Null: nothing. 'close': it closes the connection. */
export type Respond = (packet: ClientPacket, server: number) => readonly ServerPacket[] | 'close';

export interface ClientWorld {
  readonly world: World;
  /** The client's node. */
  readonly client: number;
  readonly notes: { readonly at: number; readonly note: ClientNote }[];
  /** What the servers got, pings apart. */
  readonly got: { readonly at: number; readonly server: number; readonly packet: ClientPacket }[];
  readonly pings: number[];
  /** What the application's EventThread got. */
  readonly heard: Item[];
  /** The link that each server accepted last. */
  readonly links: number[];
  respond: Respond;
  calls: number;
}

export interface ClientWorldOptions {
  readonly servers?: number;
  readonly seed?: string;
  readonly mode?: Mode;
  readonly config?: Partial<ClientConfig>;
  readonly decisions?: Partial<ClientDecisions>;
  readonly listens?: boolean;
}

export const SESSION = '0100000000000001';
export const ZXID = 0x1_0000_0001;

export function connected(timeoutMs = 6000, session = SESSION): ServerPacket {
  return { type: 'CONNECTED', session, password: 'secret', timeoutMs, readOnly: false };
}

export function replyTo(packet: ClientPacket, over: Partial<Extract<ServerPacket, { type: 'REPLY' }>> = {}): ServerPacket {
  const xid = packet.type === 'OP' ? packet.xid : 0;
  return { type: 'REPLY', xid, zxid: ZXID, error: 'OK', result: null, ...over };
}

/** Accepts every session and answers every request with OK. */
export const obliging: Respond = (packet) => [packet.type === 'CONNECT' ? connected() : replyTo(packet)];

/** Servers are nodes 0.., the client the node after them; everything is started. The client dials node 0 first. */
export function makeClientWorld(options: ClientWorldOptions = {}): ClientWorld {
  const servers = options.servers ?? 1;
  const nodes = Array.from({ length: servers }, (_, i) => i);
  const config = makeClientConfig('c', nodes, { sessionTimeoutMs: 6000, shufflesServers: false, connectDelayMs: 0, ...options.config });
  const self: { it: ClientWorld | null } = { it: null };
  const specs: NodeSpec[] = nodes.map((i) => ({ name: `s${i}`, program: makeServer(self), fsyncTimes: [1] }));
  specs.push({ name: 'c', program: makeClient(self, config, options), fsyncTimes: [1] });
  const world = makeWorld({ seed: options.seed ?? '1', mode: options.mode ?? 'fine', network: NETWORK, driver: null }, specs, true);
  const it: ClientWorld = { world, client: servers, notes: [], got: [], pings: [], heard: [], links: [], respond: obliging, calls: 0 };
  self.it = it;
  world.traced = true;
  world.observe = ({ record }) => {
    if (record.node !== servers) return;
    for (const note of record.notes) it.notes.push({ at: record.at, note: note as ClientNote });
  };
  for (const node of nodes) start(it, node);
  return it;
}

export function start(it: ClientWorld, node: number): void {
  runInput(it.world, it.world.now, { type: 'start' }, () => void boot(it.world, node));
}

/** Starts the client, after `set up` of the servers if a test wants that. */
export function startClient(it: ClientWorld, ms = 10): ClientWorld {
  start(it, it.client);
  runMs(it, ms);
  return it;
}

function makeClient(self: { it: ClientWorld | null }, config: ClientConfig, options: ClientWorldOptions): Program {
  const decide = { client: { ...FIXED_CLIENT, ...options.decisions } };
  const app: ClientApplication = { step: (_ctx, item) => void self.it?.heard.push(item) };
  return {
    allot: (parts) => allot(parts, CLIENT, makeClientState(config, config.servers, 0, 0)),
    context: (base, memory) =>
      Object.assign(base, { refs: { client: memory }, config, decide, ...(options.listens === true ? { app } : {}) }),
    boot: (ctx) => bootClient(ctx as ClientContext),
    step: (ctx, input) => stepClient(ctx as ClientContext, input as ClientInput),
    threadName: clientThreadName,
    serviceTimes: () => [1],
  };
}

function makeServer(self: { it: ClientWorld | null }): Program {
  return {
    allot: () => null,
    context: (base) => base,
    boot: (ctx) => {
      ctx.effects.push(
        { type: 'start', thread: ACCEPTOR, item: { type: 'listen' } },
        { type: 'start', thread: WRITER, item: { type: 'run' } },
      );
    },
    step: (ctx, input) => {
      if (self.it !== null) stepServer(self.it, ctx, input);
    },
    threadName: () => 'server',
    serviceTimes: () => [1],
  };
}

interface AnyInput extends Item {
  readonly link?: number;
  readonly packet?: Item;
}

function stepServer(it: ClientWorld, ctx: Context, input: AnyInput): void {
  const link = input.link ?? -1;
  if (input.type === 'listen') ctx.effects.push({ type: 'listen', port: CLIENT_PORT });
  if (input.type === 'listen' || input.type === 'accepted') ctx.thread.blockedOn = { on: 'accept', port: CLIENT_PORT };
  if (input.type === 'accepted') {
    it.links[ctx.node] = link;
    ctx.effects.push({ type: 'start', thread: threadId(2, link % 0x1000), item: { type: 'read', link } as Item });
  }
  if (input.type === 'push') ctx.effects.push(...(input as unknown as { effects: [] }).effects);
  if (input.type === 'closed') ctx.thread.ending = true;
  if (input.type !== 'read' && input.type !== 'packet') return;
  ctx.thread.blockedOn = { on: 'read', link, deadline: null };
  if (input.type === 'packet') answer(it, ctx, link, input.packet as ClientPacket & Item);
}

function answer(it: ClientWorld, ctx: Context, link: number, packet: ClientPacket): void {
  if (packet.type === 'OP' && packet.operation.op === 'ping') {
    it.pings.push(ctx.now);
    const says = it.respond(packet, ctx.node);
    if (says !== 'close') for (const each of says) ctx.effects.push({ type: 'send', link, packet: each });
    return;
  }
  it.got.push({ at: ctx.now, server: ctx.node, packet });
  const says = it.respond(packet, ctx.node);
  if (says === 'close') {
    ctx.effects.push({ type: 'close', link });
    ctx.thread.ending = true;
  } else for (const each of says) ctx.effects.push({ type: 'send', link, packet: each });
}

/** A server says something of its own accord, on the connection it accepted last. */
export function say(it: ClientWorld, server: number, packet: ServerPacket): void {
  post(it, server, { type: 'send', link: it.links[server] ?? -1, packet });
}

export function hangUp(it: ClientWorld, server: number): void {
  post(it, server, { type: 'close', link: it.links[server] ?? -1 });
}

function post(it: ClientWorld, server: number, effect: unknown): void {
  const item = { type: 'push', effects: [effect] };
  runInput(it.world, it.world.now, item, () => postItem(it.world, server, WRITER, item));
}

/** Puts an item into the client's mailbox. */
export function tell(it: ClientWorld, item: ClientItem): void {
  runInput(it.world, it.world.now, item, () => postItem(it.world, it.client, CLIENT_MAILBOX, item));
}

/** Submits; returns the number of the call. */
export function call(it: ClientWorld, operation: ClientOperation): number {
  tell(it, submitItem(operation, it.calls));
  return it.calls++;
}

export function runMs(it: ClientWorld, ms: number): void {
  const until = it.world.now + ms * 1000;
  runUntil(it.world, until);
  it.world.now = until;
}

export function stateOf(it: ClientWorld): Readonly<ClientState> {
  return peek(it.world.parts, refOf(it));
}

/** For what no test can wait for, such as the end of the xids. */
export function ownState(it: ClientWorld): ClientState {
  return own(it.world.parts, refOf(it));
}

function refOf(it: ClientWorld): Ref<ClientState> {
  return it.world.nodes[it.client]!.memory as Ref<ClientState>;
}

type NoteOf<T extends ClientNote['type']> = Extract<ClientNote, { readonly type: T }>;

export function notesOf<T extends ClientNote['type']>(it: ClientWorld, type: T): NoteOf<T>[] {
  return it.notes.filter((each) => each.note.type === type).map((each) => each.note as NoteOf<T>);
}

/** 'STATE why' of each client-state. */
export function states(it: ClientWorld): string[] {
  return notesOf(it, 'client-state').map(({ state, why }) => `${state} ${why}`);
}

/** 'call error' of each client-returned. */
export function returns(it: ClientWorld): string[] {
  return notesOf(it, 'client-returned').map(({ call, error }) => `${call} ${error}`);
}

/** 'server operation' of everything the servers got. */
export function received(it: ClientWorld): string[] {
  return it.got.map(({ server, packet }) => `${server} ${packet.type === 'OP' ? packet.operation.op : packet.type}`);
}

export function connects(it: ClientWorld): Extract<ClientPacket, { type: 'CONNECT' }>[] {
  return it.got.flatMap(({ packet }) => (packet.type === 'CONNECT' ? [packet] : []));
}

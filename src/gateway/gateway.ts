/**
 * The gateway: TCP ports of an ensemble's servers on one side, its world on the other. Every connection of a real client is one of the outside
 * node's (ensemble/outside.ts); this file carries packets there and back and shows the ports as the world has them. It knows no rule of a server.
 */
import type { Socket } from 'node:net';
import { assert } from '../base/assert.ts';
import { lengthOf } from '../base/deque.ts';
import { peek } from '../base/parts.ts';
import { incarnationOf, keyOf, type HostInput, type Item } from '../base/step.ts';
import type { Action } from '../ensemble/action.ts';
import type { Ensemble, OutsideHandle } from '../ensemble/ensemble.ts';
import { connectionOf } from '../ensemble/outside.ts';
import { outsideConnection } from '../ensemble/tcp-action.ts';
import type { InputEntry } from '../ensemble/timeline.ts';
import { answers } from '../kernel/link-path.ts';
import { linkOf } from '../kernel/links.ts';
import { nodeOf } from '../kernel/nodes.ts';
import type { World } from '../kernel/world.ts';
import { CLIENT_PORT, type ServerPacket } from '../server/protocol.ts';
import { closePort, setPort, type ClientPort } from './client-port.ts';
import type { Log } from './log.ts';
import { Pacer } from './pacer.ts';
import { TcpConnection } from './tcp-connection.ts';

/** Packets of one connection on their way to a server, from which on no more are let in: what its socket buffer would hold. */
const ROOM_MAX = 1000;

export interface GatewayOptions {
  /** Bound already, one for each server. */
  readonly ports: readonly ClientPort[];
  /** jute.maxbuffer: no longer frame is read. */
  readonly frameMax: number;
  readonly log: Log;
  readonly onInput: (entry: InputEntry) => void;
  /** After each turn. */
  readonly onTurn: () => void;
  readonly onBroken: (error: unknown) => void;
}

export class Gateway {
  readonly ensemble: Ensemble;
  readonly ports: readonly ClientPort[];
  readonly #outside: OutsideHandle;
  readonly #options: GatewayOptions;
  readonly #pacer: Pacer;
  readonly #connections = new Map<number, TcpConnection>();
  /** Those that have something for the world. */
  readonly #waiting = new Set<TcpConnection>();
  /** Those that have heard something in this turn. */
  readonly #heard = new Set<TcpConnection>();
  #nextConnection = 1;

  constructor(ensemble: Ensemble, options: GatewayOptions) {
    const { outside } = ensemble;
    assert(outside !== null, 'a gateway stands at a door of the world');
    this.ensemble = ensemble;
    this.#outside = outside;
    this.#options = options;
    this.ports = options.ports;
    this.#pacer = new Pacer(ensemble, {
      takeInputs: () => this.#takeInputs(),
      passOn: () => this.#passOn(),
      onInput: options.onInput,
      log: (line) => options.log.say('stall', line),
      onBroken: (error) => {
        this.close();
        options.onBroken(error);
      },
    });
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** From now on clients are heard and virtual time goes with the wall clock. */
  start(): void {
    for (const port of this.ports) port.onSocket = (socket) => this.#accept(port, socket);
    this.ensemble.world.observe = (world) => this.#observe(world);
    this.#pacer.start();
  }

  /** Something that a person does to the run: now, and logged like what clients do. */
  act(action: Action): boolean {
    const bit = this.#pacer.act(action);
    this.#pacer.wake();
    return bit;
  }

  close(): void {
    this.#pacer.stop();
    this.ensemble.world.observe = null;
    for (const port of this.ports) closePort(port);
    for (const connection of this.#connections.values()) connection.destroy();
  }

  #accept(port: ClientPort, socket: Socket): void {
    const number = this.#nextConnection;
    this.#nextConnection += 1;
    const connection = new TcpConnection(number, port.server, socket, this.#options.frameMax, {
      onInput: (from) => this.#await(from),
      onGone: (gone) => this.#connections.delete(gone.number),
      log: this.#options.log.say,
    });
    this.#connections.set(number, connection);
    this.#await(connection);
  }

  #await(connection: TcpConnection): void {
    this.#waiting.add(connection);
    this.#pacer.wake();
  }

  #takeInputs(): void {
    for (const connection of this.#waiting) {
      this.#waiting.delete(connection);
      if (!connection.isOver) this.#takeFrom(connection);
    }
  }

  #takeFrom(connection: TcpConnection): void {
    const { node } = this.#outside;
    const { number, server, address } = connection;
    if (!connection.isOpened) {
      if (connection.leaving !== null) return dismiss(connection);
      connection.isOpened = true;
      this.#pacer.act({ type: 'tcp-open', node, connection: number, server, address });
    }
    if (connection.isHeld && !connection.isFull) {
      connection.isHeld = false;
      this.#pacer.act({ type: 'tcp-take', node, connection: number });
    }
    const isAllIn = !connection.isConnected || this.#takePackets(connection);
    if (connection.leaving !== null && (isAllIn || connection.leaving === 'reset')) {
      this.#pacer.act({ type: 'tcp-close', node, connection: number, how: connection.leaving });
      dismiss(connection);
    } else if (!isAllIn) this.#waiting.add(connection);
  }

  /** As many as there is room for; false when some are left. */
  #takePackets(connection: TcpConnection): boolean {
    const { number, incoming } = connection;
    const { node } = this.#outside;
    let room = incoming.length === 0 ? 0 : this.#roomOf(number);
    let taken = 0;
    for (; taken < incoming.length && room > 0; room--) {
      const packet = incoming[taken];
      if (packet !== undefined) this.#pacer.act({ type: 'tcp-packet', node, connection: number, packet });
      taken += 1;
    }
    incoming.splice(0, taken);
    connection.readOn();
    return incoming.length === 0;
  }

  #roomOf(number: number): number {
    const { world } = this.ensemble;
    const link = linkOf(world, outsideConnection(world, this.#outside.node, number)?.link ?? -1);
    return link === null ? 0 : ROOM_MAX - lengthOf(link.flows[0].queue);
  }

  #passOn(): void {
    for (const connection of this.#heard) {
      connection.flush();
      if (!connection.isFull || connection.isHeld || connection.isOver) continue;
      connection.isHeld = true;
      this.#pacer.act({ type: 'tcp-hold', node: this.#outside.node, connection: connection.number });
    }
    this.#heard.clear();
    for (const port of this.ports) this.#showPort(port);
    this.#options.onTurn();
  }

  /** A port is closed where a connection would be refused; a dark machine and a partition do not refuse, nor does its port. */
  #showPort(port: ClientPort): void {
    const { world } = this.ensemble;
    const isBound = peek(world.parts, nodeOf(world, port.server).part).ports.has(CLIENT_PORT);
    const isOpen = isBound || !answers(world, this.#outside.node, port.server);
    if (isOpen === (port.listener !== null)) return;
    setPort(port, isOpen, (error) => this.#options.log.say('port', `port ${port.port} cannot be opened again: ${error.message}`));
  }

  /** What the outside is told belongs to a client. */
  #observe({ record }: World): void {
    if (record.node !== this.#outside.node || record.actor !== 'thread' || record.input === null) return;
    const number = connectionOf({ incarnation: incarnationOf(record.thread), key: keyOf(record.thread) });
    const connection = this.#connections.get(number);
    if (connection !== undefined && !connection.isOver) this.#tell(connection, record.input);
  }

  #tell(connection: TcpConnection, item: Item): void {
    const input = item as HostInput;
    switch (input.type) {
      case 'connected':
        connection.isConnected = true;
        return this.#await(connection);
      case 'packet':
        connection.hear(input.packet as ServerPacket);
        break;
      case 'closed':
        if (input.how === 'local') return;
        connection.end(input.how);
        break;
      case 'refused':
        connection.end('reset');
        break;
      default:
        return;
    }
    this.#heard.add(connection);
  }
}

/** Its client has left, and so does it. */
function dismiss(connection: TcpConnection): void {
  connection.end('eof');
  connection.flush();
}

/**
 * The load under which figures are taken: clients that each keep so many writes outstanding, for as long as the run lasts. Every client has
 * znodes of its own; it creates them and then sets their data in turn, so that the database stops growing and the log does not.
 */
import { lengthOf } from '../base/deque.ts';
import { peek } from '../base/parts.ts';
import { threadId, type Item } from '../base/step.ts';
import { bytesOfUtf8, type Bytes } from '../base/bytes.ts';
import type { ClientOperation } from '../client/items.ts';
import { SEND_THREAD } from '../client/thread-kinds.ts';
import { applyAction } from '../ensemble/action.ts';
import { clientRefAt } from '../ensemble/ensemble.ts';
import { makeClient, makeServers, makeSpec, type EnsembleSpec } from '../ensemble/spec.ts';
import type { Driver, DriverPart } from '../kernel/driver.ts';
import { threadRef } from '../kernel/nodes.ts';
import type { World } from '../kernel/world.ts';
import { OPEN_ACL_UNSAFE } from '../server/protocol.ts';

export interface WriteLoad {
  readonly servers: number;
  readonly clients: number;
  /** Writes that each client has on their way at a time. */
  readonly outstanding: number;
  /** Znodes of each client. */
  readonly znodes: number;
  readonly dataBytes: number;
}

/** Five servers under a load that keeps the leader's batches full. */
export const WRITE_LOAD: WriteLoad = { servers: 5, clients: 5, outstanding: 20, znodes: 20, dataBytes: 100 };

/** Writes submitted by each client so far. Immutable. */
interface LoadState extends Item {
  readonly type: 'write-load';
  readonly started: number;
  readonly submitted: readonly number[];
}

/** An ensemble whose driver starts everything at once and then keeps the load up. */
export function writeLoadSpec(load: WriteLoad, options: Partial<EnsembleSpec> = {}): EnsembleSpec {
  return makeSpec({
    mode: 'coarse',
    servers: makeServers(load.servers),
    clients: Array.from({ length: load.clients }, (_, i) => makeClient(`c${i + 1}`, { connectDelayMs: 0 })),
    driver: makeWriteLoad(load),
    ...options,
  });
}

/** Nodes are the servers, then the clients. */
export function makeWriteLoad(load: WriteLoad): Driver {
  const data = bytesOfUtf8('x'.repeat(load.dataBytes));
  return {
    wakes: (world) => {
      for (const { type } of world.record.notes) if (type === 'client-returned') return true;
      return false;
    },
    step: (world, part) => stepLoad(world, part, load, data),
  };
}

function stepLoad(world: World, part: DriverPart, load: WriteLoad, data: Bytes): void {
  const state = stateOf(part.state, load);
  const { started } = state;
  if (started < world.nodes.length) {
    applyAction(world, { type: 'start', node: started });
    part.state = loadState(started + 1, state.submitted);
    part.dueAt = world.now;
    return;
  }
  let isAnyAway = false;
  for (let client = 0; client < load.clients; client++) {
    const node = load.servers + client;
    const { state: clientState } = peek(world.parts, clientRefAt(world, node));
    if (clientState !== 'CONNECTED' && clientState !== 'CLOSED') isAnyAway = true;
    else if (outstandingOf(world, node) < load.outstanding) {
      submit(world, part, state, client, node, load, data);
      return;
    }
  }
  part.watching = true;
  part.dueAt = isAnyAway ? world.now + LOOK_EVERY_US : Infinity;
}

/** A client that is not connected is looked at again. Without a connection its calls fail at once: its first ones would, which create its znodes. */
const LOOK_EVERY_US = 10_000;

/** One write, or a new session for a client that has lost its own. */
function submit(world: World, part: DriverPart, state: LoadState, client: number, node: number, load: WriteLoad, data: Bytes): void {
  part.dueAt = world.now;
  if (peek(world.parts, clientRefAt(world, node)).state === 'CLOSED') {
    applyAction(world, { type: 'open-client', node });
    part.dueAt = world.now + 1000;
    return;
  }
  const n = state.submitted[client] ?? 0;
  const submitted = state.submitted.slice();
  submitted[client] = n + 1;
  part.state = loadState(state.started, submitted);
  applyAction(world, { type: 'invoke', node, call: world.record.id, operation: writeOf(client, n, load, data) });
}

function stateOf(state: Item, load: WriteLoad): LoadState {
  return isLoad(state)
    ? state
    : loadState(
        0,
        Array.from({ length: load.clients }, () => 0),
      );
}

function loadState(started: number, submitted: readonly number[]): LoadState {
  return { type: 'write-load', started, submitted };
}

function isLoad(state: Item): state is LoadState {
  return state.type === 'write-load';
}

function writeOf(client: number, n: number, load: WriteLoad, data: Bytes): ClientOperation {
  const path = `/c${client}-${n % load.znodes}`;
  return n < load.znodes
    ? { op: 'create', path, data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' }
    : { op: 'setData', path, data, version: -1 };
}

/** Calls in the library, and what waits to be taken by it. */
function outstandingOf(world: World, node: number): number {
  const { outgoing, pending } = peek(world.parts, clientRefAt(world, node));
  const thread = threadRef(world, node, threadId(SEND_THREAD, 0));
  const waiting = thread === null ? 0 : lengthOf(peek(world.parts, thread).mailbox);
  return lengthOf(outgoing) + lengthOf(pending) + waiting;
}

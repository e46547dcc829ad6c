/** Moves and disturbances as actions on the world: who is meant is settled here, at the moment they are made. */
import { unreachable } from '../base/assert.ts';
import { peek } from '../base/parts.ts';
import type { Action } from '../ensemble/action.ts';
import { clientRefAt } from '../ensemble/ensemble.ts';
import type { World } from '../kernel/world.ts';
import { COMMIT, COMMIT_WORKER, FOLLOWER_REQUEST, PREP, SESSION_TRACKER } from '../server/thread-kinds.ts';
import { LEARNER_HANDLER, LEARNER_HANDLER_SENDER, QUORUM_PEER, SNAPSHOT, SYNC, WORKER_RECEIVER } from '../zab/thread-kinds.ts';
import type { Disturbance, Move, Role } from './episode-moves.ts';
import { pickFrom, type Below } from './plan.ts';
import { isUp, leaderOf, upServers } from './roles.ts';
import { everydayOperation, serviceOperation, writeOperation } from './swarm-operations.ts';

/** Who is there, and the draws of this move. */
export interface Cast {
  readonly servers: number;
  readonly voters: number;
  readonly clients: number;
  readonly touched: number;
  readonly below: Below;
  readonly step: number;
}

/** Threads whose priority changes: those that race with one another in ZooKeeper. */
const STALLED = [
  SYNC,
  SYNC,
  QUORUM_PEER,
  COMMIT,
  COMMIT_WORKER,
  PREP,
  LEARNER_HANDLER,
  LEARNER_HANDLER_SENDER,
  FOLLOWER_REQUEST,
  SNAPSHOT,
  WORKER_RECEIVER,
  SESSION_TRACKER,
] as const;

export function nodeOfRole(world: World, role: Role, { servers, touched, below }: Cast): number {
  const any = below(servers);
  const up = upServers(world, servers);
  switch (role) {
    case 'leader':
      return leaderOf(world, servers) ?? any;
    case 'follower': {
      const followers = up.filter((node) => node !== leaderOf(world, servers));
      return followers[any % Math.max(1, followers.length)] ?? any;
    }
    case 'touched':
      return touched === -1 ? any : touched;
    case 'down': {
      const down = Array.from({ length: servers }, (_, node) => node).filter((node) => !up.includes(node));
      return down[any % Math.max(1, down.length)] ?? any;
    }
    case 'up':
      return up[any % Math.max(1, up.length)] ?? any;
    case 'any':
      return any;
    default:
      return unreachable(role);
  }
}

type PlainMove = Exclude<Move, { readonly type: 'wait' | 'until' | 'do' | 'after' }>;

export function actionsOfMove(world: World, move: PlainMove, cast: Cast): Action[] {
  const { servers, below } = cast;
  switch (move.type) {
    case 'operate':
      return [operationOf(world, move, cast)];
    case 'client': {
      const node = servers + below(cast.clients);
      if (move.what === 'move') return [{ type: 'move-client', node, server: nodeOfRole(world, move.to, cast) }];
      return [{ type: move.what === 'disconnect' ? 'disconnect-client' : move.what, node }];
    }
    case 'start-all':
      // Clients too: whoever is there already stays as it is.
      return downNodes(world).map((node): Action => ({ type: 'start', node }));
    case 'kill-all':
      return upServers(world, servers).map((node): Action =>
        move.power ? { type: 'power-loss', node, keep: 'none', torn: false } : { type: 'kill', node },
      );
    case 'quorum':
      return quorumActions(world, cast);
    case 'heal':
      return [{ type: 'heal' }];
    case 'calm':
      return [{ type: 'calm' }];
    default:
      return unreachable(move);
  }
}

/** One voter more than half stays or comes, the others go; observers stay as they are. */
function quorumActions(world: World, { voters, below }: Cast): Action[] {
  const away = Math.ceil(voters / 2) - 1;
  const first = below(voters);
  const isAway = (node: number): boolean => (node - first + voters) % voters < away;
  const nodes = Array.from({ length: voters }, (_, node) => node);
  const ended = nodes.filter((node) => isAway(node) && isUp(world, node)).map((node): Action => ({ type: 'kill', node }));
  const started = nodes.filter((node) => !isAway(node) && !isUp(world, node)).map((node): Action => ({ type: 'start', node }));
  return [{ type: 'heal' }, ...ended, ...started];
}

function downNodes(world: World): number[] {
  return world.nodes.flatMap(({ index }) => (isUp(world, index) ? [] : [index]));
}

function operationOf(world: World, move: Extract<Move, { readonly type: 'operate' }>, cast: Cast): Action {
  const { servers, clients, below, step } = cast;
  const all = Array.from({ length: clients }, (_, i) => servers + i);
  const there = move.near === null ? all : clientsAt(world, nodeOfRole(world, move.near, cast), all);
  const node = pickFrom(below, there.length === 0 ? all : there);
  const make = { write: writeOperation, read: everydayOperation, service: serviceOperation }[move.kind];
  return { type: 'invoke', node, call: world.record.id, operation: make(below, step) };
}

/** Those of the clients that are connected to the server. */
function clientsAt(world: World, server: number, clients: readonly number[]): number[] {
  return clients.filter((node) => isUp(world, node) && peek(world.parts, clientRefAt(world, node)).server === server);
}

/** What is done to `node`. */
export function actionsOfDisturbance(world: World, what: Disturbance, node: number, cast: Cast): Action[] {
  const { servers, below } = cast;
  switch (what.type) {
    case 'kill':
    case 'stop':
    case 'pause':
    case 'resume':
    case 'start':
      return [{ type: what.type, node }];
    case 'power-loss':
      return [{ type: 'power-loss', node, keep: what.keep, torn: what.keep === 'drawn' && below(4) === 0 }];
    case 'isolate': {
      const clients = world.nodes.slice(servers).map(({ index }) => index);
      return [{ type: 'partition', groups: [[node, ...clientsAt(world, node, clients)]] }];
    }
    case 'kill-others':
      return upServers(world, servers).flatMap((other): Action[] => (other === node ? [] : [{ type: 'kill', node: other }]));
    case 'break':
      return [
        { type: 'break', a: node, b: otherThan(node, leaderOf(world, servers), cast), port: below(2) === 0 ? 'quorum' : null, how: null },
      ];
    case 'disk':
      return [{ type: 'disk', node, faults: diskFaults(what) }];
    case 'stall': {
      const kind = STALLED[what.thread % STALLED.length] ?? SYNC;
      return [{ type: 'stall', node, kind, forUs: what.forUs, onlyLiving: false }];
    }
    case 'delay': {
      const to = otherThan(node, nodeOfRole(world, what.towards, cast), cast);
      return [{ type: 'message-rule', match: { from: node, to }, action: 'delay', delayUs: what.byUs, skip: what.skip, times: 1 }];
    }
    default:
      return unreachable(what);
  }
}

function otherThan(node: number, wanted: number | null, { servers, below }: Cast): number {
  const drawn = servers === 1 ? servers : (node + 1 + below(servers - 1)) % servers; // of one that is alone, a client
  return wanted === null || wanted === node ? drawn : wanted;
}

const FAILING = ['append', 'fsync', 'create', 'rename', 'truncate', 'any'] as const;
const SLOW = [3, 20, 100] as const;

function diskFaults({ what, draw }: Extract<Disturbance, { readonly type: 'disk' }>) {
  switch (what) {
    case 'failing':
      return { failing: { op: FAILING[draw % FAILING.length] ?? 'any', times: 1 } } as const;
    case 'full':
      return { full: true };
    case 'slow':
      return { slow: SLOW[draw % SLOW.length] ?? 10 };
    case 'healthy':
      return { full: false, slow: 1, failing: null };
    default:
      return unreachable(what);
  }
}

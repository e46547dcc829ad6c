/**
 * Random runs in the manner of swarm testing: each run draws its own configuration and the subset of faults that it uses, then acts at
 * random moments, ends every fault and gives the ensemble time to recover. Draws come from the run's seed alone: nothing here looks at
 * mutations, so the same seed makes the same choices whatever is being hunted, up to the first event that differs.
 */
import { unreachable } from '../base/assert.ts';
import { makeKey, streamOf, subStream, type DrawKey } from '../base/draw.ts';
import { applyAction, type Action } from '../ensemble/action.ts';
import type { Driver, DriverPart } from '../kernel/driver.ts';
import type { World } from '../kernel/world.ts';
import {
  drawsOf,
  isHuntState,
  pickFrom,
  QUICK_ENSEMBLE,
  QUICK_NETWORK,
  type Below,
  type GivenEnsemble,
  type HuntPlan,
  type HuntState,
} from './plan.ts';
import { leaderOf } from './roles.ts';
import { everydayOperation, serviceOperation } from './swarm-operations.ts';

/** Faults that a correct ensemble must survive. Those that break the promises it stands on (lying fsync, lost packets) are not among them. */
export const SWARM_FAULTS = [
  'kill',
  'power-loss',
  'stop',
  'pause',
  'resume',
  'start',
  'kill-leader',
  'partition',
  'isolate-leader',
  'cut',
  'heal',
  'break',
  'disk-full',
  'disk-failing',
  'disk-slow',
  'disk-healthy',
  'hold',
  'delay',
  'move-client',
  'disconnect-client',
  'kill-client',
  'start-client',
] as const;

export type SwarmFault = (typeof SWARM_FAULTS)[number];

export interface SwarmConfig {
  readonly seed: string;
  readonly voters: number;
  readonly observers: number;
  readonly clients: number;
  readonly commitLogCount: number;
  readonly snapCount: number;
  readonly preAllocBytes: number;
  readonly sessionTimeoutMs: number;
  readonly mode: 'fine' | 'coarse';
  readonly faults: readonly SwarmFault[];
  /** Actions before the faults end. */
  readonly actions: number;
  /** Virtual microseconds between two actions, one drawn each time. */
  readonly pauses: readonly number[];
  /** Of a hundred actions so many are client operations. */
  readonly operationsPercent: number;
}

const CONFIG = streamOf('swarm-config');
const CHOICE = streamOf('swarm');
/** Draws of its own, so that the rest of a run stays as it was drawn without them. */
const SERVICES = streamOf('swarm-services');

/** The configuration that a seed draws. */
export function swarmConfigOf(seed: string): SwarmConfig {
  const below = drawsOf(makeKey(`swarm ${seed}`), CONFIG);
  const pick = <T>(list: readonly T[]): T => pickFrom(below, list);
  const voters = pick([3, 3, 3, 5]);
  const observers = pick([0, 0, 0, 1]);
  const mode = pick(['fine', 'fine', 'coarse'] as const);
  const faults = SWARM_FAULTS.filter((fault) => ALWAYS.includes(fault) || below(3) > 0);
  return {
    seed,
    voters,
    observers,
    clients: pick([1, 2, 3]),
    commitLogCount: pick([2, 4, 8, 500]),
    snapCount: pick([4, 12, 40, 100_000]),
    preAllocBytes: pick([0, 0, 67_108_864]),
    sessionTimeoutMs: pick([1200, 4000]),
    mode,
    faults,
    actions: pick([40, 80, 160]),
    pauses: pick(PACES),
    operationsPercent: pick([40, 60, 80]),
  };
}

/** What undoes another fault is always there. */
const ALWAYS: readonly SwarmFault[] = ['start', 'heal', 'resume', 'disk-healthy', 'start-client'];
const PACES: readonly (readonly number[])[] = [
  [0, 500, 2000, 5000, 10_000, 50_000],
  [1000, 20_000, 100_000, 300_000],
  [10_000, 200_000, 500_000, 1_500_000],
];

/** A run ready to be made: the driver starts everything, acts, and ends with `calm`. */
export function swarmPlanOf(config: SwarmConfig, given: GivenEnsemble | null = null): HuntPlan {
  if (given !== null) return givenPlanOf(config, given);
  const timeout = `${config.sessionTimeoutMs}ms`;
  return {
    strategy: 'random',
    seed: `swarm ${config.seed}`,
    head: {
      mode: config.mode,
      ensemble: {
        servers: String(config.voters),
        observers: String(config.observers),
        ...QUICK_ENSEMBLE,
        commitLogCount: String(config.commitLogCount),
        snapCount: String(config.snapCount),
        preAllocSize: String(config.preAllocBytes / 1024),
      },
      network: QUICK_NETWORK,
      clients: Array.from({ length: config.clients }, (_, i) => ({ name: `c${i + 1}`, timeout, connectDelay: '100ms' })),
    },
    servers: config.voters + config.observers,
    driver: makeSwarmDriver(config),
    watchUs: 30_000_000,
  };
}

function givenPlanOf(config: SwarmConfig, { voters, observers, head }: GivenEnsemble): HuntPlan {
  const plan = swarmPlanOf({ ...config, voters, observers, clients: head.clients.length });
  return { ...plan, head: { ...head, mode: config.mode } };
}

function makeSwarmDriver(config: SwarmConfig): Driver {
  const key = makeKey(`swarm ${config.seed}`);
  return {
    wakes: () => false,
    step: (world, part) => stepSwarm(world, part, config, key),
  };
}

function stepSwarm(world: World, part: DriverPart, config: SwarmConfig, key: DrawKey): void {
  const step = isHuntState(part.state) ? part.state.step : 0;
  setState(part, step + 1, null);
  const nodes = world.nodes.length;
  if (step < nodes) {
    applyAction(world, { type: 'start', node: step });
    part.dueAt = step === nodes - 1 ? world.now + 300_000 : world.now;
    return;
  }
  if (step - nodes >= config.actions) {
    applyAction(world, { type: 'calm' });
    part.dueAt = Infinity;
    return;
  }
  const below = drawsOf(key, subStream(CHOICE, step));
  const fault = below(100) < config.operationsPercent ? null : (config.faults[below(config.faults.length)] ?? 'heal');
  applyAction(world, fault === null ? operationAt(world, config, below, step) : faultAt(world, config, fault, below));
  setState(part, step + 1, fault);
  part.dueAt = world.now + (config.pauses[below(config.pauses.length)] ?? 0);
}

function setState(part: DriverPart, step: number, last: SwarmFault | null): void {
  const state: HuntState = { type: 'hunt', step, last };
  part.state = state;
}

function operationAt(world: World, config: SwarmConfig, below: Below, step: number): Action {
  const node = config.voters + config.observers + below(config.clients);
  const call = world.record.id;
  const everyday = everydayOperation(below, step);
  const belowService = drawsOf(makeKey(`swarm ${config.seed}`), subStream(SERVICES, step));
  const operation = belowService(3) === 0 ? serviceOperation(belowService, step) : everyday;
  return { type: 'invoke', node, call, operation };
}

function faultAt(world: World, config: SwarmConfig, fault: SwarmFault, below: Below): Action {
  const servers = config.voters + config.observers;
  const node = below(servers);
  const other = servers === 1 ? servers : (node + 1 + below(servers - 1)) % servers; // of one that is alone, a client
  const client = servers + below(config.clients);
  switch (fault) {
    case 'kill':
    case 'stop':
    case 'pause':
    case 'resume':
    case 'start':
      return { type: fault, node };
    case 'power-loss':
      return { type: 'power-loss', node, keep: KEEPS[below(KEEPS.length)] ?? 'drawn', torn: below(3) === 0 };
    case 'kill-leader':
      return { type: 'kill', node: leaderOf(world, servers) ?? node };
    case 'partition':
      return { type: 'partition', groups: [groupOf(world, below)] };
    case 'isolate-leader':
      return { type: 'partition', groups: [[leaderOf(world, servers) ?? node, ...clientsOf(config, servers, below)]] };
    case 'cut':
      return { type: 'cut', from: node, to: other };
    case 'heal':
      return { type: 'heal' };
    case 'break':
      return { type: 'break', a: node, b: below(4) === 0 ? client : other, port: null, how: null };
    case 'disk-full':
      return { type: 'disk', node, faults: { full: true } };
    case 'disk-failing':
      return { type: 'disk', node, faults: { failing: { op: FAILING[below(FAILING.length)] ?? 'any', times: 1 } } };
    case 'disk-slow':
      return { type: 'disk', node, faults: { slow: SLOW[below(SLOW.length)] ?? 10 } };
    case 'disk-healthy':
      return { type: 'disk', node, faults: { full: false, slow: 1, failing: null } };
    case 'hold':
    case 'delay':
      return {
        type: 'message-rule',
        match: { from: node, to: other },
        action: fault,
        delayUs: 5000 + below(60_000),
        skip: below(4),
        times: 1,
      };
    case 'move-client':
      return { type: 'move-client', node: client, server: node };
    case 'disconnect-client':
      return { type: 'disconnect-client', node: client };
    case 'kill-client':
      return { type: 'kill', node: client };
    case 'start-client':
      return { type: 'start', node: client };
    default:
      return unreachable(fault);
  }
}

const KEEPS = ['none', 'drawn', 'drawn', 'all'] as const;
const FAILING = ['append', 'fsync', 'create', 'rename', 'any'] as const;
const SLOW = [3, 20, 100] as const;

/** Some of the clients: a deposed leader that still has one goes on proposing. */
function clientsOf(config: SwarmConfig, servers: number, below: Below): number[] {
  return Array.from({ length: config.clients }, (_, i) => servers + i).filter(() => below(2) === 0);
}

/** A random side of the network: some servers and clients. */
function groupOf(world: World, below: Below): number[] {
  return world.nodes.map(({ index }) => index).filter(() => below(2) === 0);
}

/**
 * The world of a run: nodes with threads, disks and links between them, as a flat list of parts, and the small index that says which of
 * them can act next. Generic over what runs on the nodes: the kernel knows no ZooKeeper.
 */
import { makeKey, streamOf, type DrawKey } from '../base/draw.ts';
import { copySlotHeap, makeSlotHeap, type SlotHeap } from '../base/heap.ts';
import { makeHash, type Lanes } from '../base/hash.ts';
import { allot, forkParts, makeParts, type Parts, type Ref } from '../base/parts.ts';
import type { Context, Effect, Item } from '../base/step.ts';
import type { KernelContext } from './context.ts';
import { FIXED_KERNEL, type KernelDecisions } from './decisions.ts';
import { DISK, makeDisk, type DiskPart } from './disk-state.ts';
import { DRIVER, type Driver, type DriverPart } from './driver.ts';
import { LINKS, makeLinks, makeNetwork, NETWORK, type LinksPart, type NetworkConfig, type NetworkPart } from './network-state.ts';
import { makeNodePart, NODE, type NodePart } from './node-state.ts';

/** What runs on a node. */
export interface Program {
  /** Allots the parts of the process's memory, once, at the creation of the world; what it returns goes to `context`. */
  readonly allot: (parts: Parts) => unknown;
  /** Adds the program's own fields (refs, configuration, decisions) to the context its steps get. Called at creation and at each fork. */
  readonly context: (base: Context, memory: unknown) => Context;
  /** Process start: resets memory and pushes the starts of the first threads. Runs as the first event of a thread of kind MAIN. */
  readonly boot: (ctx: Context) => void;
  readonly step: (ctx: Context, input: Item) => void;
  readonly threadName: (kind: number) => string;
  /** Service times in microseconds by thread kind; one entry is drawn for each event, so repeated entries are likelier. */
  readonly serviceTimes: (kind: number) => readonly number[];
}

/** A node's constant side. */
export interface NodeSpec {
  readonly name: string;
  readonly program: Program;
  /** fsync durations in microseconds, one drawn each time. */
  readonly fsyncTimes: readonly number[];
}

/** fine: every event is scheduled on its own, with service times. coarse: successors run at once; the same events, fewer interleavings. */
export type Mode = 'fine' | 'coarse';

export interface WorldConfig {
  readonly seed: string;
  readonly mode: Mode;
  readonly network: NetworkConfig;
  readonly driver: Driver | null;
  /** When virtual time begins, 0 when absent: microseconds of an epoch where times must look like a wall clock's. */
  readonly startUs?: number;
  /** `fixed` when absent. */
  readonly decide?: KernelDecisions;
}

export interface NodeHandle {
  readonly name: string;
  readonly index: number;
  readonly program: Program;
  readonly part: Ref<NodePart>;
  readonly disk: Ref<DiskPart>;
  /** What the program allotted. */
  readonly memory: unknown;
  readonly fsyncTimes: readonly number[];
  /** Stream of this node's draws. */
  readonly stream: number;
}

/** What the last event was; overwritten by the next one. */
export interface EventRecord {
  /** Number of the event in the run, from 1. */
  id: number;
  at: number;
  /** Node index, -1 for the driver and for inputs from outside. */
  node: number;
  /** Thread id on that node; -1 for a disk, a link, the driver or an input. */
  thread: number;
  actor: 'thread' | 'disk' | 'link' | 'driver' | 'input';
  /** Slot of the actor. */
  slot: number;
  /** What the step got: an input, or null when the event only performed a pending effect or began to wait for room to send. */
  input: Item | null;
  /** The effect performed, if any. */
  effect: Effect | null;
  /** The event that made this one possible, 0 for none. */
  cause: number;
  /** Notes of this event, in order. */
  readonly notes: Item[];
}

export interface World {
  readonly config: WorldConfig;
  readonly key: DrawKey;
  readonly decide: KernelDecisions;
  readonly nodes: readonly NodeHandle[];
  readonly network: Ref<NetworkPart>;
  readonly links: Ref<LinksPart>;
  readonly driver: Ref<DriverPart>;
  readonly parts: Parts;
  /** By node, made when first needed: ask `contextOf`. */
  readonly contexts: (KernelContext | null)[];
  now: number;
  /** Number of events so far. */
  events: number;
  readonly heap: SlotHeap;
  /** Coarse mode: threads that run at once, first in first out from `hotHead`. */
  hot: number[];
  hotHead: number;
  /** By slot: 1 for a thread in `hot`. */
  isHot: number[];
  /** Rolling hash of the run so far. */
  readonly hash: Lanes;
  readonly record: EventRecord;
  /** Builds notes that only explain. */
  traced: boolean;
  /** Somebody picks each event: what is sent or synced takes no time, and the heap rests (choosing.ts). */
  choosing: boolean;
  /** Called after each event; belongs to the caller, not to the world, and is not forked. */
  observe: ((world: World) => void) | null;
}

/** With `guard`, for tests, a write to a part that the event has not owned throws; slow. */
export function makeWorld(config: WorldConfig, specs: readonly NodeSpec[], guard = false): World {
  const parts = makeParts(guard);
  const key = makeKey(config.seed);
  const network = allot(parts, NETWORK, makeNetwork(specs.length));
  const links = allot(parts, LINKS, makeLinks());
  const driver = allot(parts, DRIVER, {
    dueAt: config.driver === null ? Infinity : (config.startUs ?? 0),
    watching: false,
    state: { type: 'none' },
  });
  const nodes = specs.map((spec, index): NodeHandle => ({
    name: spec.name,
    index,
    program: spec.program,
    part: allot(parts, NODE, makeNodePart(spec.name, index)),
    disk: allot(parts, DISK, makeDisk(index)),
    memory: spec.program.allot(parts),
    fsyncTimes: spec.fsyncTimes,
    stream: streamOf(spec.name),
  }));
  const queue = { hot: [], isHot: [], heap: makeSlotHeap(256) };
  return assemble({ config, key, decide: config.decide ?? FIXED_KERNEL, nodes, network, links, driver }, parts, queue, {
    hash: makeHash(),
    now: config.startUs ?? 0,
    events: 0,
    traced: false,
    choosing: false,
  });
}

/** A second world that goes on from here on its own; the observer stays with the first. */
export function forkWorld(world: World): World {
  const queue = { hot: world.hot.slice(world.hotHead), isHot: world.isHot.slice(), heap: copySlotHeap(world.heap) };
  const { lo, hi } = world.hash;
  const { now, events, traced, choosing } = world;
  return assemble(world, forkParts(world.parts), queue, { hash: { lo, hi }, now, events, traced, choosing });
}

type Constant = Pick<World, 'config' | 'key' | 'decide' | 'nodes' | 'network' | 'links' | 'driver'>;
type Queue = Pick<World, 'heap' | 'hot' | 'isHot'>;
type Moment = Pick<World, 'hash' | 'now' | 'events' | 'traced' | 'choosing'>;

/** One literal, so that every world has the same shape. */
function assemble(constant: Constant, parts: Parts, { heap, hot, isHot }: Queue, moment: Moment): World {
  const { hash, now, events, traced, choosing } = moment;
  const { config, key, decide, nodes, network, links, driver } = constant;
  return {
    config,
    key,
    decide,
    nodes,
    network,
    links,
    driver,
    parts,
    contexts: nodes.map(() => null),
    now,
    events,
    heap,
    hot,
    hotHead: 0,
    isHot,
    hash,
    record: { id: 0, at: 0, node: -1, thread: -1, actor: 'input', slot: -1, input: null, effect: null, cause: 0, notes: [] },
    traced,
    choosing,
    observe: null,
  };
}

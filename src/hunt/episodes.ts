/**
 * Runs in episodes: phrases of moves that wait for what the ensemble does (led, joined) and strike just after it got somewhere, instead of at
 * moments of the clock. Two flavours more have threads compete by drawn priorities (after PCT: Burckhardt et al., ASPLOS 2010), or delay a
 * few messages (after delay-bounded scheduling: Emmi et al., POPL 2011). Priorities are stalls here: a thread that has lost its priority does
 * nothing while the others run on, which any script can say too.
 */
import { unreachable } from '../base/assert.ts';
import { makeKey, streamOf, subStream, drawBelow, type DrawKey } from '../base/draw.ts';
import { applyAction, type Action } from '../ensemble/action.ts';
import type { Driver, DriverPart } from '../kernel/driver.ts';
import type { World } from '../kernel/world.ts';
import { actionsOfDisturbance, actionsOfMove, nodeOfRole, type Cast } from './episode-actions.ts';
import { movesOf, PHRASES, type Disturbance, type Move, type Phrase, type Progress } from './episode-moves.ts';
import {
  drawsOf,
  isHuntState,
  pickFrom,
  QUICK_ENSEMBLE,
  QUICK_NETWORK,
  type Below,
  type GivenEnsemble,
  type Head,
  type HuntPlan,
  type HuntState,
} from './plan.ts';
import { hasJoined, isLed, isSynchronising } from './roles.ts';

export const FLAVOURS = ['episodes', 'pct', 'delay'] as const;
export type Flavour = (typeof FLAVOURS)[number];

/** What a seed draws. */
export interface EpisodeConfig {
  readonly seed: string;
  readonly flavour: Flavour;
  readonly voters: number;
  readonly observers: number;
  readonly clients: number;
  readonly head: Head;
  readonly moves: readonly Move[];
}

interface EpisodeState extends HuntState {
  /** acting: does what is queued, then the move. waiting: for the ensemble, or for progress of `target`. firing: the moment after. */
  readonly phase: 'acting' | 'waiting' | 'firing';
  readonly queue: readonly Action[];
  readonly target: number;
  readonly touched: number;
}

const CONFIG = streamOf('episode-config');
const MOVES = streamOf('episode-moves');
const TURN = streamOf('episode-turn');
const TRIGGER = streamOf('episode-trigger');

const FIRST: EpisodeState = { type: 'hunt', step: 0, last: null, phase: 'acting', queue: [], target: -1, touched: -1 };

/** The configuration that a seed draws: a small ensemble with small limits, and the phrases of its run. */
export function episodeConfigOf(seed: string, flavour: Flavour, given: GivenEnsemble | null = null): EpisodeConfig {
  const key = makeKey(`${flavour} ${seed}`);
  const below = drawsOf(key, CONFIG);
  const pick = <T>(list: readonly T[]): T => pickFrom(below, list);
  const voters = pick([3, 3, 3, 3, 3, 5]);
  const observers = pick([0, 0, 0, 0, 0, 1]);
  const clients = pick([1, 2, 3]);
  const timeout = pick(['1200ms', '4s', '4s']);
  const head: Head = {
    mode: pick(['fine', 'fine', 'fine', 'coarse'] as const),
    ensemble: {
      servers: String(voters),
      observers: String(observers),
      ...QUICK_ENSEMBLE,
      commitLogCount: pick(['2', '3', '8', '500', '500']),
      snapCount: pick(['4', '8', '100000', '100000', '100000']),
      preAllocSize: pick(['0', '0', '65536']),
      ...(below(12) === 0 ? { maxCounter: String(6 + below(8)) } : {}),
    },
    network: QUICK_NETWORK,
    clients: Array.from({ length: clients }, (_, i) => ({ name: `c${i + 1}`, timeout, connectDelay: '100ms' })),
  };
  const config = { seed, flavour, voters, observers, clients, head, moves: drawMoves(drawsOf(key, MOVES), flavour) };
  if (given === null) return config;
  return {
    ...config,
    voters: given.voters,
    observers: given.observers,
    clients: given.head.clients.length,
    head: { ...given.head, mode: head.mode },
  };
}

/** How often a phrase is in a run's hat. */
const WEIGHTS = [0, 0, 1, 1, 3] as const;

/** A subset of the phrases, a few episodes of one to three of them, and at the end a run without faults. */
function drawMoves(below: Below, flavour: Flavour): Move[] {
  const drawn = PHRASES.flatMap((phrase) => Array.from({ length: pickFrom(below, WEIGHTS) }, () => phrase));
  const phrases: readonly Phrase[] = drawn.length === 0 ? PHRASES : drawn;
  // Some runs go from one majority to another at each episode.
  const changes = below(2) === 0;
  const moves: Move[] = [{ type: 'start-all' }, { type: 'until', what: 'led', withinUs: 5_000_000 }, { type: 'wait', us: 250_000 }];
  for (let episode = (changes ? 3 : 2) + below(4); episode > 0; episode--) {
    if (changes) moves.push(...movesOf('quorum', below));
    for (let n = changes ? Math.max(0, below(4) - 2) : 1 + below(3); n > 0; n--) moves.push(...movesOf(pickFrom(below, phrases), below));
    if (below(3) > 0) moves.push({ type: 'until', what: pickFrom(below, ['led', 'joined'] as const), withinUs: 2_000_000 });
    if (below(4) === 0) moves.push({ type: 'heal' }, { type: 'start-all' });
  }
  if (below(2) === 0) moves.push(...movesOf('restart-all', below), ...movesOf('writes', below));
  const points = flavour === 'episodes' ? 0 : 1 + below(flavour === 'pct' ? 4 : 6);
  for (let n = 0; n < points; n++) {
    const [move] = movesOf(flavour === 'pct' ? 'stall' : 'delay', below);
    if (move !== undefined) moves.splice(3 + below(moves.length - 3), 0, move);
  }
  moves.push({ type: 'calm' });
  return moves;
}

export function episodePlanOf(config: EpisodeConfig): HuntPlan {
  const { seed, flavour, head } = config;
  return {
    strategy: flavour,
    seed: `${flavour} ${seed}`,
    head,
    servers: config.voters + config.observers,
    driver: makeEpisodeDriver(config),
    watchUs: 1_200_000,
  };
}

function makeEpisodeDriver(config: EpisodeConfig): Driver {
  const key = makeKey(`${config.flavour} ${config.seed}`);
  return {
    wakes: (world, state) => isEpisode(state) && wakes(world, state, config, key),
    step: (world, part) => step(world, part, config, key),
  };
}

function isEpisode(state: unknown): state is EpisodeState {
  return typeof state === 'object' && state !== null && 'phase' in state && 'queue' in state;
}

function wakes(world: World, { step: at, target }: EpisodeState, config: EpisodeConfig, key: DrawKey): boolean {
  const move = config.moves[at];
  if (move?.type === 'until') {
    const servers = config.voters + config.observers;
    return world.record.notes.length > 0 && holds(world, move.what, servers);
  }
  if (move?.type !== 'after' || world.record.node !== target || !isProgress(world, move.progress)) return false;
  return drawBelow(key, subStream(TRIGGER, at), world.record.id, move.oneIn) === 0;
}

function holds(world: World, what: Extract<Move, { readonly type: 'until' }>['what'], servers: number): boolean {
  if (what === 'led') return isLed(world, servers);
  return what === 'joined' ? hasJoined(world, servers) : isSynchronising(world, servers);
}

const WRITES: readonly string[] = ['append', 'create', 'rename', 'truncate', 'delete'];

function isProgress({ record }: World, progress: Progress): boolean {
  const effect = record.effect?.type ?? '';
  switch (progress) {
    case 'write':
      return WRITES.includes(effect);
    case 'append':
    case 'rename':
      return effect === progress;
    case 'sync':
      return record.actor === 'disk';
    case 'send':
      return effect === 'send';
    case 'any':
      return record.actor === 'disk' || effect === 'send' || WRITES.includes(effect);
    default:
      return unreachable(progress);
  }
}

function step(world: World, part: DriverPart, config: EpisodeConfig, key: DrawKey): void {
  const state = isHuntState(part.state) && isEpisode(part.state) ? part.state : FIRST;
  const [action, ...queue] = state.queue;
  if (action !== undefined) {
    applyAction(world, action);
    if (queue.length > 0) goTo(world, part, { ...state, queue }, 0);
    else nextMove(world, part, state, 0);
    return;
  }
  const move = config.moves[state.step];
  if (move === undefined) {
    part.dueAt = Infinity;
    return;
  }
  const cast: Cast = {
    servers: config.voters + config.observers,
    voters: config.voters,
    clients: config.clients,
    touched: state.touched,
    below: drawsOf(key, subStream(TURN, state.step)),
    step: state.step,
  };
  if (state.phase === 'waiting') endWait(world, part, state, move);
  else if (state.phase === 'firing' && move.type === 'after') disturb(world, part, state, move.what, state.target, cast);
  else makeMove(world, part, state, move, cast);
}

/** It came, or it did not come in time. What strikes does so a moment later, as a script with that time would. */
function endWait(world: World, part: DriverPart, state: EpisodeState, move: Move): void {
  const came = !part.watching;
  part.watching = false;
  if (move.type === 'after' && came) goTo(world, part, { ...state, phase: 'firing' }, 1);
  else nextMove(world, part, state, 1);
}

function makeMove(world: World, part: DriverPart, state: EpisodeState, move: Move, cast: Cast): void {
  switch (move.type) {
    case 'wait':
      return nextMove(world, part, state, move.us);
    case 'until':
      if (holds(world, move.what, cast.servers)) return nextMove(world, part, state, 0);
      return wait(world, part, state, move.withinUs);
    case 'after': {
      const target = nodeOfRole(world, move.role, cast);
      return wait(world, part, { ...state, target, touched: target }, PATIENCE_US);
    }
    case 'do': {
      const target = nodeOfRole(world, move.role, cast);
      return disturb(world, part, { ...state, touched: target }, move.what, target, cast);
    }
    default: {
      const actions = actionsOfMove(world, move, cast);
      const started = actions.find(({ type }) => type === 'start');
      const touched = move.type === 'quorum' && started !== undefined && 'node' in started ? started.node : state.touched;
      return perform(world, part, { ...state, touched, last: lastOf(move) }, actions);
    }
  }
}

function lastOf(move: Move): string | null {
  if (move.type === 'client') return `${move.what}-client`;
  return move.type === 'operate' || move.type === 'calm' || move.type === 'start-all' ? null : move.type;
}

/** For progress that does not come. */
const PATIENCE_US = 400_000;

function disturb(world: World, part: DriverPart, state: EpisodeState, what: Disturbance, target: number, cast: Cast): void {
  perform(
    world,
    part,
    { ...state, last: what.type === 'disk' ? `disk-${what.what}` : what.type },
    actionsOfDisturbance(world, what, target, cast),
  );
}

function perform(world: World, part: DriverPart, state: EpisodeState, actions: readonly Action[]): void {
  if (actions.length === 0) nextMove(world, part, state, 0);
  else goTo(world, part, { ...state, phase: 'acting', queue: actions }, 0);
}

function wait(world: World, part: DriverPart, state: EpisodeState, within: number): void {
  goTo(world, part, { ...state, phase: 'waiting' }, within);
  part.watching = true;
}

function nextMove(world: World, part: DriverPart, state: EpisodeState, delay: number): void {
  goTo(world, part, { ...state, step: state.step + 1, phase: 'acting', queue: [] }, delay);
}

function goTo(world: World, part: DriverPart, state: EpisodeState, delay: number): void {
  part.state = state;
  part.dueAt = world.now + delay;
}

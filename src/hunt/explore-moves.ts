/** What can be done next in a state of an exploration: events of the kernel, the model's lines, and faults as far as their budgets go. */
import { peek } from '../base/parts.ts';
import type { Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { enabledEvents, nameOfEvent, type Enabled } from '../kernel/choose.ts';
import type { Power } from '../kernel/node-state.ts';
import { nodeOf } from '../kernel/nodes.ts';
import { clientOfLine } from '../scenario/script.ts';
import type { Budget } from './explore-bounds.ts';
import type { Model, ModelLine } from './explore-model.ts';
import { isLeft, type Spent } from './explore-spent.ts';

interface EventMove {
  readonly type: 'event';
  readonly event: Enabled;
  /** What it takes from: time passes only at a price. */
  readonly budget: Budget | null;
}

interface LineMove {
  readonly type: 'line';
  readonly sequence: number;
  readonly line: ModelLine;
  readonly budget: Budget | null;
}

interface FaultMove {
  readonly type: 'fault';
  readonly action: Action;
  readonly budget: Budget | null;
  /** The same as a line of a script. */
  readonly plain: Readonly<Record<string, unknown>>;
}

export type Move = EventMove | LineMove | FaultMove;

/** In an order that depends on the state's own history alone, so that a path is a list of numbers. */
export function movesOf(model: Model, spent: Spent): Move[] {
  const moves: Move[] = [];
  addEvents(model, spent, moves);
  addLines(model, spent, moves);
  addFaults(model, spent, moves);
  return moves;
}

/**
 * Events that are due come for nothing, in every order. The others are timeouts, for nothing else takes time. Where nothing is due the
 * next timeout comes, or those that come together, which is a wait; before that any of them may come too early, as if all that is due were late.
 */
function addEvents({ run, bounds }: Model, spent: Spent, moves: Move[]): void {
  const { world } = run.ensemble;
  const events = enabledEvents(world);
  const { now } = world;
  const first = events[0]?.at ?? Infinity;
  const isQuiet = first > now;
  for (const event of events) {
    if (event.at <= now) moves.push({ type: 'event', event, budget: null });
    else if (isQuiet && event.at === first && isLeft(spent, bounds, 'waits')) moves.push({ type: 'event', event, budget: 'waits' });
    else if ((!isQuiet || event.at > first) && isLeft(spent, bounds, 'timeouts')) moves.push({ type: 'event', event, budget: 'timeouts' });
  }
}

function addLines({ run, bounds, sequences }: Model, spent: Spent, moves: Move[]): void {
  for (let sequence = 0; sequence < sequences.length; sequence++) {
    const line = sequences[sequence]?.[spent.done[sequence] ?? 0];
    if (line === undefined || spent.calls[sequence] !== -1) continue;
    const isOperation = line.line.verb === 'operation';
    if (isOperation && !isLeft(spent, bounds, 'transactions')) continue;
    const client = clientOfLine(line.line);
    if (client !== null && powerOf(run.ensemble, client) !== 'up') continue;
    moves.push({ type: 'line', sequence, line, budget: isOperation ? 'transactions' : null });
  }
}

function powerOf({ world, clients }: Ensemble, client: string): Power {
  const node = clients.find(({ name }) => name === client)?.node ?? -1;
  return peek(world.parts, nodeOf(world, node).part).power;
}

function addFaults(model: Model, spent: Spent, moves: Move[]): void {
  const { run, bounds, targets } = model;
  const { world } = run.ensemble;
  for (const node of targets) {
    const { name, power } = peek(world.parts, nodeOf(world, node).part);
    if (power === 'up' && isLeft(spent, bounds, 'crashes'))
      moves.push({ type: 'fault', action: { type: 'kill', node }, budget: 'crashes', plain: { kill: name } });
    if (power === 'up' && isLeft(spent, bounds, 'powerLosses'))
      moves.push({
        type: 'fault',
        action: { type: 'power-loss', node, keep: 'none', torn: false },
        budget: 'powerLosses',
        plain: { 'power-loss': { server: name, keep: 'none' } },
      });
    if (power !== 'up' && isLeft(spent, bounds, 'restarts'))
      moves.push({ type: 'fault', action: { type: 'start', node }, budget: 'restarts', plain: { start: name } });
    if (!spent.isolated && isLeft(spent, bounds, 'partitions'))
      moves.push({ type: 'fault', action: { type: 'partition', groups: [[node]] }, budget: 'partitions', plain: { partition: [[name]] } });
  }
  if (spent.isolated) moves.push({ type: 'fault', action: { type: 'heal' }, budget: null, plain: { heal: 'all' } });
  if (isLeft(spent, bounds, 'breaks')) addBreaks(model, moves);
}

const EVERYTHING = 1_000_000;

/** Both sides notice at once; what is under way arrives before that, or nothing of it. */
function addBreaks({ run, targets }: Model, moves: Move[]): void {
  const { servers } = run.ensemble;
  for (const a of servers) {
    for (const b of servers) {
      if (a.node >= b.node || !(targets.includes(a.node) || targets.includes(b.node))) continue;
      for (const kept of [0, EVERYTHING]) {
        const how = { keep: [kept, kept], noticeUs: [0, 0] } as const;
        moves.push({
          type: 'fault',
          action: { type: 'break', a: a.node, b: b.node, port: null, how },
          budget: 'breaks',
          plain: { break: { between: [a.name, b.name], keep: [kept, kept], notice: ['0ms', '0ms'] } },
        });
      }
    }
  }
}

/** As an entry of a schedule: the name of the event, or a line. */
export function entryOf({ run }: Model, move: Move): string | Readonly<Record<string, unknown>> {
  if (move.type === 'event') return nameOfEvent(run.ensemble.world, move.event);
  return move.type === 'line' ? move.line.plain : move.plain;
}

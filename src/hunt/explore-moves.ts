/** What can be done next in a state of an exploration: events of the kernel, the model's lines, and faults as far as their budgets go. */
import { peek } from '../base/parts.ts';
import type { Action } from '../ensemble/action.ts';
import { actOn } from '../ensemble/ensemble.ts';
import { enabledEvents, nameOfEvent, type Enabled } from '../kernel/choose.ts';
import { nodeOf } from '../kernel/nodes.ts';
import type { LinkPart } from '../kernel/network-state.ts';
import { choose, runSuccessors } from '../kernel/run.ts';
import { scriptOf } from '../scenario/driver.ts';
import { actionsOf, clientOfLine } from '../scenario/script.ts';
import { isTimed, type Budget } from './explore-bounds.ts';
import { makeMemory, type Local, type Memory } from './explore-local.ts';
import type { Model, ModelLine } from './explore-model.ts';
import { isLeft, type Spent } from './explore-spent.ts';

export interface EventMove {
  readonly type: 'event';
  readonly event: Enabled;
  /** The node that acts: of a connection the one that dialled. */
  readonly node: number;
  /** What it takes from: time passes only at a price. */
  readonly budget: Budget | null;
  readonly memory: Memory;
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

type Act = LineMove | FaultMove;
export type Move = EventMove | Act;

/** The events that can come next at each node, in the order of `enabledEvents`. */
export function eventsByNode({ run, bounds }: Model): EventMove[][] {
  const { world } = run.ensemble;
  const passes = isTimed(bounds);
  const byNode = world.nodes.map((): EventMove[] => []);
  for (const event of enabledEvents(world)) {
    if (event.at > world.now && !passes) continue;
    const node = event.node === -1 ? peek<LinkPart>(world.parts, event.slot).ends[0].node : event.node;
    byNode[node]?.push({ type: 'event', event, node, budget: null, memory: makeMemory(node) });
  }
  return byNode;
}

/** The node that a move is made at, where it is made at one. */
export function actorOf({ run }: Model, move: Move): number | null {
  if (move.type === 'event') return move.node;
  if (move.type === 'fault') return 'node' in move.action ? move.action.node : null;
  const { line } = move.line;
  return line.verb === 'operation' ? (run.ensemble.clients.find(({ name }) => name === line.client)?.node ?? null) : null;
}

/** Makes the move in the model's world, with its successors at once in coarse mode. */
export function makeMove({ run }: Model, move: Move): void {
  const { ensemble } = run;
  const { world } = ensemble;
  if (move.type === 'event') {
    choose(world, move.event);
    runSuccessors(world);
    return;
  }
  const actions = move.type === 'fault' ? [move.action] : actionsOf(ensemble, move.line.line, scriptOf(world).bindings, move.line.call);
  for (const action of actions) {
    actOn(ensemble, action);
    runSuccessors(world);
  }
}

/**
 * What an event takes from that is not due; null where nothing is left. It is a timeout, for nothing else takes time. Where nothing is due the
 * next one comes, or those that come together, which is a wait; before that any of them may come too early, as if all that is due were late.
 */
export function budgetOf({ bounds }: Model, spent: Spent, at: number, now: number, first: number): 'waits' | 'timeouts' | null {
  const budget = first > now && at === first ? 'waits' : 'timeouts';
  return isLeft(spent, bounds, budget) ? budget : null;
}

/** Tells an act of one node from the others. */
export function nameOf(act: Act): string {
  return act.type === 'line' ? `line ${act.line.call}` : act.action.type;
}

/** What is done to a state from outside. */
export function actsOf(model: Model, spent: Spent, locals: readonly Local[]): Act[] {
  const acts: Act[] = [];
  addLines(model, spent, locals, acts);
  addFaults(model, spent, locals, acts);
  return acts;
}

function addLines({ run, bounds, sequences }: Model, spent: Spent, locals: readonly Local[], acts: Act[]): void {
  for (let sequence = 0; sequence < sequences.length; sequence++) {
    const line = sequences[sequence]?.[spent.done[sequence] ?? 0];
    if (line === undefined || spent.calls[sequence] !== -1) continue;
    const isOperation = line.line.verb === 'operation';
    if (isOperation && !isLeft(spent, bounds, 'transactions')) continue;
    const client = clientOfLine(line.line);
    const node = run.ensemble.clients.find(({ name }) => name === client)?.node;
    if (node !== undefined && locals[node]?.view?.power !== 'up') continue;
    acts.push({ type: 'line', sequence, line, budget: isOperation ? 'transactions' : null });
  }
}

function addFaults(model: Model, spent: Spent, locals: readonly Local[], moves: Act[]): void {
  const { run, bounds, targets } = model;
  for (const node of targets) {
    const { name } = nodeOf(run.ensemble.world, node);
    const power = locals[node]?.view?.power;
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
function addBreaks({ run, targets }: Model, moves: Act[]): void {
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

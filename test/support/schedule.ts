// A run as the list of who acted: played by a scheduler, written down, and played again by choice alone.

import { own } from '../../src/base/parts.ts';
import type { Ensemble } from '../../src/ensemble/ensemble.ts';
import { choiceNamed, nextChoice, type Choice } from '../../src/kernel/choose.ts';
import { choose, nextSlot, nextTime, runNext } from '../../src/kernel/run.ts';
import type { World } from '../../src/kernel/world.ts';

/** An event by the choice that makes it happen; the driver's by its time. */
export type Turn = Choice | number;

/** Plays so many events, or to the end, and says whose turns they were. */
export function recordTurns({ world }: Ensemble, events: number): Turn[] {
  const turns: Turn[] = [];
  while (turns.length < events && nextSlot(world) !== -1) {
    turns.push(nextChoice(world) ?? nextTime(world));
    runNext(world);
  }
  return turns;
}

/**
 * Lets the actors of the list act in its order, whatever the world's own scheduler would do. By name alone each acts as early as it can;
 * otherwise at the time written down.
 */
export function playTurns({ world }: Ensemble, turns: readonly Turn[], byName: boolean): void {
  for (const [i, turn] of turns.entries()) {
    if (typeof turn === 'number') {
      runDriver(world, turn);
      continue;
    }
    const choice = byName ? choiceNamed(world, turn.name) : turn;
    if (choice === null) throw new Error(`event ${i + 1}, ${turn.name}, cannot happen`);
    choose(world, choice);
  }
}

/** The script's turn: it is made to be due before everything else. */
function runDriver(world: World, at: number): void {
  world.now = at;
  own(world.parts, world.driver).dueAt = 0;
  runNext(world);
}

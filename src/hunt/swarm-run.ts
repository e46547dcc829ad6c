/** Runs one seed of the swarm under the properties and counts what bit. */
import { hashText } from '../base/hash.ts';
import { peek } from '../base/parts.ts';
import { makeChecker, observeEvent, reportOf, type PropertyReport } from '../check/checker.ts';
import { makeEnsemble, type Ensemble } from '../ensemble/ensemble.ts';
import { notesOf } from '../ensemble/note.ts';
import type { Decisions } from '../ensemble/spec.ts';
import { nextTime, runNext } from '../kernel/run.ts';
import { isSwarmState, RECOVERY_US, swarmConfigOf, swarmRunOf, type SwarmConfig } from './swarm.ts';

/** How often something happened, by name. */
export type Tally = Map<string, number>;

export interface SwarmResult {
  readonly config: SwarmConfig;
  readonly events: number;
  readonly virtualUs: number;
  readonly traceHash: string;
  readonly properties: readonly PropertyReport[];
  readonly violations: readonly PropertyReport[];
  /** Faults that found something to act on. */
  readonly faults: Tally;
  /** Synchronisations by mode, and `withData`: of a learner with data, in epoch 2 or later. */
  readonly syncs: Tally;
}

/** `config` in place of what the seed draws. */
export function runSwarm(seed: string, decisions: Decisions, guard = false, config = swarmConfigOf(seed)): SwarmResult {
  const { spec } = swarmRunOf(config, decisions, guard);
  const ensemble = makeEnsemble(spec);
  const checker = makeChecker(ensemble);
  const faults: Tally = new Map();
  const syncs: Tally = new Map();
  const { world } = ensemble;
  let end = Infinity;
  world.observe = () => {
    observeEvent(checker, ensemble);
    if (count(ensemble, faults, syncs)) end = world.now + RECOVERY_US;
  };
  while (nextTime(world) <= end) if (!runNext(world)) break;
  const properties = reportOf(checker, ensemble);
  return {
    config,
    events: world.events,
    virtualUs: world.now,
    traceHash: hashText(world.hash),
    properties,
    violations: properties.filter(({ status }) => status === 'violated'),
    faults,
    syncs,
  };
}

/** Counts the event's notes; true when the faults ended with it. */
function count(ensemble: Ensemble, faults: Tally, syncs: Tally): boolean {
  let calm = false;
  for (const note of notesOf(ensemble.world.record)) {
    if (note.type === 'acted') {
      const { state } = peek(ensemble.world.parts, ensemble.world.driver);
      if (note.bit && isSwarmState(state) && state.last !== null) add(faults, state.last);
    } else if (note.type === 'sync-plan') {
      add(syncs, note.mode);
      if (note.withData) add(syncs, 'withData');
    } else if (note.type === 'calm') {
      calm = true;
    }
  }
  return calm;
}

function add(tally: Tally, name: string): void {
  tally.set(name, (tally.get(name) ?? 0) + 1);
}

/** Adds one tally to another. */
export function addTally(into: Tally, from: ReadonlyMap<string, number>): void {
  for (const [name, n] of from) into.set(name, (into.get(name) ?? 0) + n);
}

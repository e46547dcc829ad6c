import { expect } from 'vitest';
import { FIXED } from '../../src/ensemble/spec.ts';
import { addTally, runPlan, type Tally } from '../../src/hunt/hunt-run.ts';
import { SWARM_FAULTS, swarmConfigOf, swarmPlanOf } from '../../src/hunt/swarm.ts';

/** Random runs draw no recipes: a lock that nobody gives back waits for ever, and I-LIVE would ask for its answer. Scenarios exercise these. */
const OF_RECIPES: readonly string[] = ['I-MUTEX', 'I-RECIPE'];

/** Runs the seeds and prints how often each fault bit and each kind of synchronisation happened. */
export function expectSwarmHolds(first: number, last: number): void {
  const faults: Tally = new Map(SWARM_FAULTS.map((fault) => [fault, 0]));
  const syncs: Tally = new Map(['DIFF', 'TRUNC', 'SNAP', 'withData'].map((name) => [name, 0]));
  const exercised: Tally = new Map();
  const violations: string[] = [];
  let events = 0;
  for (let seed = first; seed <= last; seed++) {
    const result = runPlan(swarmPlanOf(swarmConfigOf(String(seed))), FIXED);
    events += result.events;
    addTally(faults, result.faults);
    addTally(syncs, result.syncs);
    for (const { id, status } of result.properties) addTally(exercised, new Map([[id, status === 'not-exercised' ? 0 : 1]]));
    for (const { id, violation } of result.violations) violations.push(`seed ${seed}: ${id} ${JSON.stringify(violation)}`);
  }
  const table = (tally: Tally): string => [...tally].map(([name, n]) => `${name} ${n}`).join(', ');
  console.log(
    `seeds ${first} to ${last}: ${events} events\nfaults that bit: ${table(faults)}\nsynchronisations: ${table(syncs)}\nruns that exercised: ${table(exercised)}`,
  );
  expect(violations).toEqual([]);
  for (const name of OF_RECIPES) exercised.delete(name);
  for (const tally of [faults, syncs, exercised]) expect([...tally].filter(([, n]) => n === 0)).toEqual([]);
}

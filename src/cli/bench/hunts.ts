/**
 * How soon bugs are found by random runs: for each bug several hunts from seeds far apart, each until its own property is violated or its
 * time is over. Times are of the processor, one core, so that what else the machine does does not count.
 */
import { huntSeeds } from '../../hunt/campaign.ts';
import { openShrinking, shrunkOf } from '../../hunt/shrink.ts';
import type { StrategyName } from '../../hunt/strategy.ts';
import { PROPERTY_IDS, type PropertyId } from '../../check/violation.ts';
import type { Mutation } from '../../mutations/mutation.ts';
import { MUTATIONS } from '../../mutations/catalogue.ts';
import type { HuntBenchJson } from './bench-json.ts';

/** The six bugs of the Remix paper (EuroSys'25), and the two of the earlier TLA+ work. */
const FAMOUS = [
  'ZOOKEEPER-3023',
  'ZOOKEEPER-4394',
  'ZOOKEEPER-4643',
  'ZOOKEEPER-4646',
  'ZOOKEEPER-4685',
  'ZOOKEEPER-4712',
  'ZOOKEEPER-2845',
  'ZOOKEEPER-3911',
] as const;

export function huntedMutations(isWhole: boolean): readonly Mutation[] {
  return isWhole ? MUTATIONS : MUTATIONS.filter(({ id }) => FAMOUS.some((famous) => famous === id));
}

export interface HuntSize {
  /** Hunts of each bug. */
  readonly ranges: number;
  readonly budgetMs: number;
  readonly strategy: StrategyName;
}

/** Seeds of one range. */
const RANGE = 1_000_000;

/** A yield after every run. */
export function* measureHunts(mutation: Mutation, size: HuntSize): Generator<void, HuntBenchJson> {
  const [property] = mutation.properties.filter(isProperty);
  const hunts: HuntBenchJson['hunts'] = [];
  let repro: string | null = null;
  for (let range = 0; range < size.ranges; range++) {
    if (property === undefined) break;
    const { hunt, found } = yield* measureHunt(mutation.id, property, size, range * RANGE + 1);
    hunts.push(hunt);
    repro ??= found;
  }
  const before = cpuMs();
  const deviations = repro === null ? null : yield* shrink(repro);
  return {
    mutation: mutation.id,
    property: property ?? '',
    difficulty: mutation.difficulty,
    hunts,
    deviations,
    shrinkMs: cpuMs() - before,
  };
}

function isProperty(id: string): id is PropertyId {
  return PROPERTY_IDS.some((known) => known === id);
}

type Hunt = HuntBenchJson['hunts'][number];

function* measureHunt(
  mutation: string,
  property: PropertyId,
  { budgetMs, strategy }: HuntSize,
  first: number,
): Generator<void, { readonly hunt: Hunt; readonly found: string | null }> {
  const settings = { preset: 'fixed', mutations: [mutation], without: [], strategy, properties: [property], given: null };
  const start = cpuMs();
  let [runs, events] = [0, 0];
  for (const { result, find } of huntSeeds(settings, first, first + RANGE - 1)) {
    runs += 1;
    events += result.events;
    const ms = cpuMs() - start;
    if (find !== null) return { hunt: { found: true, runs, events, ms }, found: find.repro };
    if (ms > budgetMs) break;
    yield;
  }
  return { hunt: { found: false, runs, events, ms: cpuMs() - start }, found: null };
}

function* shrink(repro: string): Generator<void, number | null> {
  const open = openShrinking(repro, 'found.yaml');
  if (open === null) return null;
  yield* open.passes;
  return shrunkOf(open).deviations;
}

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

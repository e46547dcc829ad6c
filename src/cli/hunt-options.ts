/** What the flags of `zablab hunt` say, checked. */
import { availableParallelism } from 'node:os';
import { PROPERTY_IDS } from '../check/violation.ts';
import type { HuntSettings } from '../hunt/campaign.ts';
import { STRATEGIES } from '../hunt/strategy.ts';
import { findMutation, MUTATIONS } from '../mutations/catalogue.ts';
import { PRESETS } from '../mutations/presets.ts';
import { DURATION_FORM, parseDuration } from '../scenario/duration.ts';
import { InputError, unknownName } from '../scenario/input-error.ts';
import { plainHeadOf, type Scenario } from '../scenario/parse-scenario.ts';
import { serversOf } from '../scenario/spec-of.ts';
import type { GivenEnsemble } from '../hunt/plan.ts';
import { oneOf } from './run-options.ts';

export interface HuntFlags {
  readonly preset?: string;
  readonly mutate?: readonly string[];
  readonly property?: readonly string[];
  readonly strategy?: string;
  readonly seeds?: string;
  readonly budget?: string;
  readonly jobs?: string;
  readonly shard?: string;
  readonly out?: string;
  readonly all?: boolean;
  readonly shrink?: boolean;
  readonly json?: boolean;
  readonly junit?: string;
  readonly merge?: readonly string[];
}

export interface HuntOptions {
  readonly settings: HuntSettings;
  readonly first: number;
  readonly last: number;
  readonly budgetMs: number;
  readonly jobs: number;
  /** This many machines share the seeds, and this is the one of that number, from 1. */
  readonly shard: { readonly index: number; readonly of: number };
  /** Goes on after the first find. */
  readonly goesOn: boolean;
  readonly shrinks: boolean;
  readonly out: string | null;
}

/** What a scenario file says about a hunt. */
export interface HuntBase {
  readonly preset: string;
  readonly mutations: readonly string[];
  readonly given: GivenEnsemble;
}

/** Its script and expectations play no part: the hunt draws its own. */
export function huntBaseOf(scenario: Scenario): HuntBase {
  const { document } = scenario;
  const servers = serversOf(document);
  const { ensemble, network, clients } = plainHeadOf(scenario);
  return {
    preset: document.preset ?? 'fixed',
    mutations: document.mutations ?? [],
    given: {
      voters: servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT').length,
      observers: servers.filter(({ learnerType }) => learnerType === 'OBSERVER').length,
      head: { ensemble, network, clients: clients.length === 0 ? [{ name: 'c1' }] : clients },
    },
  };
}

const BUDGET_MS = 60_000;

export function huntOptionsOf(flags: HuntFlags, base: HuntBase | null): HuntOptions {
  const preset = flags.preset === undefined ? (base?.preset ?? 'fixed') : oneOf(flags.preset, PRESETS, '--preset', 'preset');
  const mutations = (flags.mutate ?? base?.mutations ?? []).filter((name) => name !== 'none').map(mutationOf);
  const properties = (flags.property ?? []).map((name) => oneOf(name, PROPERTY_IDS, '--property', 'property'));
  const strategy = flags.strategy === undefined ? 'mixed' : oneOf(flags.strategy, STRATEGIES, '--strategy', 'strategy');
  const [first, last] = flags.seeds === undefined ? [1, SEEDS_MAX] : rangeOf(flags.seeds);
  return {
    settings: { preset, mutations, without: [], strategy, properties, given: base?.given ?? null },
    first,
    last,
    // Seeds that were named are all run, however long it takes.
    budgetMs: flags.budget === undefined ? (flags.seeds === undefined ? BUDGET_MS : Infinity) : budgetOf(flags.budget),
    jobs: flags.jobs === undefined ? availableParallelism() : wholeOf(flags.jobs, '--jobs', 256),
    shard: flags.shard === undefined ? { index: 1, of: 1 } : shardOf(flags.shard),
    goesOn: flags.all === true || (preset !== 'fixed' && mutations.length === 0),
    shrinks: flags.shrink !== false,
    out: flags.out ?? null,
  };
}

const SEEDS_MAX = 1_000_000_000;

function fault(file: string, found: string, expected: string): InputError {
  return new InputError({ file, line: 0, column: 0 }, `found "${found}", expected ${expected}`);
}

function mutationOf(name: string): string {
  const found = findMutation(name);
  if (found !== null) return found.id;
  const known = MUTATIONS.map(({ id }) => id);
  throw new InputError({ file: '--mutate', line: 0, column: 0 }, unknownName('mutation', name, known));
}

function rangeOf(text: string): [number, number] {
  const [, from = '', to = from] = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(text) ?? [];
  if (from === '' || Number(to) < Number(from)) throw fault('--seeds', text, 'seeds from the first to the last, such as 1..1000');
  return [Number(from), Number(to)];
}

function budgetOf(text: string): number {
  const us = parseDuration(text);
  if (us === null) throw fault('--budget', text, DURATION_FORM);
  return us / 1000;
}

function wholeOf(text: string, flag: string, most: number): number {
  const n = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (n < 1 || n > most) throw fault(flag, text, `a whole number from 1 to ${most}`);
  return n;
}

function shardOf(text: string): HuntOptions['shard'] {
  const [, index = '0', of = '0'] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index < 1 || shard.index > shard.of) throw fault('--shard', text, 'a part of so many, such as 2/4');
  return shard;
}

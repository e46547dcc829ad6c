/** The options that go over a scenario's head, checked: a wrong one is told with what was expected and the nearest right name. */
import { PROPERTY_IDS } from '../check/violation.ts';
import { FIXED } from '../ensemble/spec.ts';
import { findMutation, inCatalogueOrder, MUTATIONS } from '../mutations/catalogue.ts';
import { applyMutations, MutationConflict, type Mutation } from '../mutations/mutation.ts';
import { presetMutations, PRESETS } from '../mutations/presets.ts';
import { DURATION_FORM, formatDuration, parseDuration } from '../scenario/duration.ts';
import { InputError, unknownName } from '../scenario/input-error.ts';
import type { Run, RunOptions } from '../scenario/run-scenario.ts';
import type { LinkChoices } from './link.ts';

/** As they were typed. */
export interface RunFlags {
  readonly seed?: string;
  readonly preset?: string;
  readonly mutate?: readonly string[];
  readonly until?: string;
  readonly mode?: string;
  readonly check?: readonly string[];
}

const MODES = ['fine', 'coarse'] as const;

/** The command line goes before the link. */
export function runOptionsOf(flags: RunFlags, link: LinkChoices): RunOptions {
  const { seed, preset, mutate, until, mode, check } = { ...link, ...flags };
  const blame = (key: keyof RunFlags): string => (key in flags ? `--${key}` : `link, ${key}`);
  if (seed === '') throw mistake(blame('seed'), 'found nothing, expected a text or a number');
  if (preset !== undefined && !PRESETS.includes(preset)) throw mistake(blame('preset'), unknownName('preset', preset, PRESETS));
  return {
    ...(seed === undefined ? {} : { seed }),
    ...(preset === undefined ? {} : { preset }),
    ...(mutate === undefined ? {} : { mutations: mutationsOf(mutate, preset ?? 'fixed', blame('mutate')) }),
    ...(until === undefined ? {} : { untilUs: timeOf(until, blame('until')) }),
    ...(check === undefined ? {} : { check: checkedOf(check, blame('check')) }),
    ...(mode === undefined ? {} : { mode: oneOf(mode, MODES, blame('mode'), 'mode') }),
  };
}

/** What is given replaces what the file has; `none` is the empty list. Two that contradict one another are refused here, with the option's name. */
function mutationsOf(names: readonly string[], preset: string, blamed: string): string[] {
  const mutations = names.filter((name) => name !== 'none').map((name) => mutationNamed(name, blamed));
  try {
    applyMutations(FIXED, inCatalogueOrder([...(presetMutations(preset) ?? []), ...mutations]));
  } catch (error) {
    if (error instanceof MutationConflict) throw mistake(blamed, error.message);
    throw error;
  }
  return mutations.map(({ id }) => id);
}

function checkedOf(ids: readonly string[], blamed: string): string[] {
  return ids.filter((id) => id !== 'none').map((id) => oneOf(id, PROPERTY_IDS, blamed, 'property'));
}

function mutationNamed(name: string, blamed: string): Mutation {
  const mutation = findMutation(name);
  if (mutation !== null) return mutation;
  const known = MUTATIONS.flatMap(({ id, slug, letter }) => [id, slug, letter]);
  throw mistake(blamed, unknownName('mutation', name, ['none', ...known]));
}

function timeOf(text: string, blamed: string): number {
  const us = parseDuration(text);
  if (us === null) throw mistake(blamed, `found "${text}", expected ${DURATION_FORM}`);
  return us;
}

export function oneOf<T extends string>(found: string, known: readonly T[], blamed: string, what: string): T {
  const value = known.find((one) => one === found);
  if (value === undefined) throw mistake(blamed, unknownName(what, found, known));
  return value;
}

function mistake(blamed: string, message: string): InputError {
  return new InputError({ file: blamed, line: 0, column: 0 }, message);
}

/** The command that does this run again, whatever the file's head comes to say. */
export function againCommand(run: Run, named: string): string {
  const { seed, preset, mutations, mode, untilUs, check, scenario } = run;
  const ofFile = scenario.document.check ?? [];
  const ofPreset = presetMutations(preset) ?? [];
  const own = mutations.filter((mutation) => !ofPreset.includes(mutation));
  return [
    'zablab run',
    quoted(named),
    `--seed ${quoted(seed)}`,
    `--preset ${quoted(preset)}`,
    ...(own.length > 0 ? own.map(({ id }) => `--mutate ${id}`) : scenario.document.mutations === undefined ? [] : ['--mutate none']),
    ...(mode === 'fine' && scenario.document.mode === undefined ? [] : [`--mode ${mode}`]),
    ...(check.join() === ofFile.join() ? [] : check.length === 0 ? ['--check none'] : check.map((id) => `--check ${id}`)),
    ...(untilUs === null || untilUs === scenario.document.until ? [] : [`--until ${formatDuration(untilUs)}`]),
  ].join(' ');
}

function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

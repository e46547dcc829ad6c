/** `zablab list`: what there is to run, to put in and to hold. */
import { MUTATIONS } from '../mutations/catalogue.ts';
import type { Mutation } from '../mutations/mutation.ts';
import { presetMutations, PRESETS } from '../mutations/presets.ts';
import { PROPERTY_IDS } from '../check/violation.ts';
import { InputError } from '../scenario/input-error.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { PROPERTY_WORDS } from '../words/english-check.ts';
import { MUTATION_WORDS, NOT_MODELLED } from '../words/english-museum.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { ListJson } from './list-json.ts';
import { oneOf } from './run-options.ts';
import { shippedScenarios, shippedText } from './scenario-input.ts';
import { table, type Terminal } from './terminal.ts';

export interface ListFlags {
  readonly json?: boolean;
}

const KINDS = ['scenarios', 'presets', 'mutations', 'properties'] as const;
type Kind = (typeof KINDS)[number];

export function listCommand(kind: string | undefined, flags: ListFlags, terminal: Terminal): ExitCode {
  const kinds: readonly Kind[] = kind === undefined ? KINDS : [oneOf(kind, KINDS, 'list', 'kind')];
  const list = listOf(kinds);
  if (flags.json === true) terminal.out(`${JSON.stringify(list, null, 2)}\n`);
  else terminal.out(textOf(list, terminal));
  return EXIT.ok;
}

function listOf(kinds: readonly Kind[]): ListJson {
  const shipped = shippedScenarios();
  return {
    formatVersion: 1,
    ...(kinds.includes('scenarios') ? { scenarios: shipped.map(scenarioOf) } : {}),
    ...(kinds.includes('presets')
      ? { presets: PRESETS.map((id) => ({ id, mutations: (presetMutations(id) ?? []).map((mutation) => mutation.id) })) }
      : {}),
    ...(kinds.includes('mutations')
      ? {
          mutations: MUTATIONS.map((mutation) => mutationOf(mutation, shipped)),
          notModelled: NOT_MODELLED.map(({ letter, slug, issues, reason }) => ({ letter, slug, issues: [...issues], reason })),
        }
      : {}),
    ...(kinds.includes('properties') ? { properties: PROPERTY_IDS.map((id) => ({ id, demands: PROPERTY_WORDS[id] })) } : {}),
  };
}

/** What it is called and looks like, its own scenario tells; where there is none, the words do. */
function mutationOf(mutation: Mutation, scenarios: readonly string[]): NonNullable<ListJson['mutations']>[number] {
  const { id, slug, letter, issues, properties, versions, difficulty } = mutation;
  const scenario = `bugs/${id.toLowerCase()}`;
  const told = scenarios.includes(scenario) ? scenarioOf(scenario) : null;
  const { title, symptom } = MUTATION_WORDS[id] ?? { title: told?.name ?? slug, symptom: told?.about ?? '' };
  return { id, slug, letter, issues: [...issues], title, symptom, breaks: [...properties], versions, difficulty };
}

/** One that cannot be read is listed with what is wrong with it. */
function scenarioOf(id: string): NonNullable<ListJson['scenarios']>[number] {
  try {
    const { name, about } = parseScenario(shippedText(id), `scenarios/${id}.yaml`).document;
    return { id, name, about: (about ?? '').trim() };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { id, name: id, about: error.message };
  }
}

function textOf({ scenarios, presets, mutations, notModelled, properties }: ListJson, { colours }: Terminal): string {
  const sections: [string, readonly string[][]][] = [];
  if (scenarios !== undefined) sections.push(['Scenarios', scenarios.map(({ id, name }) => [id, name])]);
  if (presets !== undefined)
    sections.push(['Presets', presets.map(({ id, mutations }) => [id, mutations.length === 0 ? 'no mutations' : mutations.join(', ')])]);
  if (mutations !== undefined)
    sections.push([
      'Mutations',
      mutations.map(({ id, slug, letter, breaks }) => [id, letter, slug === id ? '' : slug, `breaks ${breaks.join(', ')}`]),
    ]);
  if (notModelled !== undefined) sections.push(['Not modelled', notModelled.map(({ letter, slug, reason }) => [letter, slug, reason])]);
  if (properties !== undefined) sections.push(['Properties', properties.map(({ id, demands }) => [id, demands])]);
  return sections.map(([title, rows]) => `${colours.bold(title)}\n${rows.length === 0 ? '  none yet\n' : table(rows)}`).join('\n');
}

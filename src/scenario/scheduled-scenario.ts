/** A scenario whose script is cut at a line and goes on by a schedule, as the text of a file: what an exploration has found, to be replayed. */
import { stringify } from 'yaml';
import { presetMutations } from '../mutations/presets.ts';
import type { Scenario } from './parse-scenario.ts';
import type { Run } from './run-scenario.ts';
import { readYaml } from './yaml-text.ts';

export interface Found {
  /** Lines of the script that are run by the clock. */
  readonly prefix: number;
  readonly schedule: readonly (string | Readonly<Record<string, unknown>>)[];
  /** The property that is violated then. */
  readonly violates: string;
}

/** What is said over the file's head is in the head: it must be the same run wherever it is replayed. */
export function scheduledScenario(scenario: Scenario, run: Pick<Run, 'seed' | 'preset' | 'mode' | 'mutations'>, found: Found): string {
  const { name, ensemble, network, clients, start, script } = fieldsOf(readYaml(scenario.source, scenario.file).plain);
  const { seed, preset, mode } = run;
  const ofPreset = presetMutations(preset) ?? [];
  const fields = {
    name,
    about: `Found by an exhaustive exploration. After the script the schedule is followed, and ${found.violates} is violated.`,
    seed,
    preset,
    mutations: run.mutations.filter((mutation) => !ofPreset.includes(mutation)).map(({ id }) => id),
    mode,
    ensemble,
    network,
    clients,
    start,
    script: Array.isArray(script) ? script.slice(0, found.prefix) : [],
    schedule: found.schedule,
    expect: [{ violates: found.violates }],
  };
  const said = Object.entries(fields).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  // As the reader does it: every scalar is its text, so that nothing that looks like a number need be quoted.
  return stringify(Object.fromEntries(said), { schema: 'failsafe', lineWidth: 0, aliasDuplicateObjects: false });
}

function fieldsOf(plain: unknown): Readonly<Record<string, unknown>> {
  return typeof plain === 'object' && plain !== null ? Object.fromEntries(Object.entries(plain)) : {};
}

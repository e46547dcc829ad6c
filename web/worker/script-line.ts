/** A click as a line of a script: read by the scenario's own parser, so that a click and a script can never mean different things. */
import type { Action } from '../../src/ensemble/action.ts';
import type { Ensemble } from '../../src/ensemble/ensemble.ts';
import { checkNames } from '../../src/scenario/check-names.ts';
import { InputError } from '../../src/scenario/input-error.ts';
import { parseScenario, type Scenario } from '../../src/scenario/parse-scenario.ts';
import { actionsOf } from '../../src/scenario/script.ts';

/** What the line does in this state. Throws InputError. `call` names the call of an operation. */
export function actionsOfLine(scenario: Scenario, ensemble: Ensemble, line: string, call: number): Action[] {
  const clients = ensemble.clients.map(({ name }) => name);
  const text = `name: click\nclients: ${JSON.stringify(clients)}\nscript:\n- ${line.replaceAll('\n', ' ')}\n`;
  const parsed = parseScenario(text, 'click');
  checkNames(
    parsed,
    { servers: ensemble.servers.map(({ name }) => name), clients, outside: [], presets: [], mutations: [], properties: [] },
    false,
  );
  const [first] = parsed.lines;
  if (first === undefined || parsed.lines.length !== 1)
    throw new InputError({ file: scenario.file, line: 0, column: 0 }, `not one line of a script: ${line}`);
  const actions = actionsOf(ensemble, first, [], call);
  if (actions.length === 0) throw new InputError({ file: 'click', line: 0, column: 0 }, `nobody to do that to now: ${line}`);
  return actions;
}

/** The mistake alone, without the place in the line that the page made. */
export function withoutPlace(error: InputError): string {
  return error.message.replace(/^\S*?(:\d+:\d+)?: /, '');
}

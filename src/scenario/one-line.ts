/** One line of a script, run from outside at a moment of a run: a click at the page. Read by the scenario's own parser, so that both mean the same. */
import type { Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { checkNames } from './check-names.ts';
import { InputError } from './input-error.ts';
import { parseScenario } from './parse-scenario.ts';
import { actionsOf } from './script.ts';

/** What the line, as YAML on one line, does in this state; `file` is where messages say it stands. Throws InputError, also when it names nobody. `call` names the call of an operation. */
export function actionsOfLine(ensemble: Ensemble, line: string, call: number, file = 'click'): Action[] {
  const clients = ensemble.clients.map(({ name }) => name);
  const parsed = parseScenario(`name: click\nclients: ${JSON.stringify(clients)}\nscript:\n- ${line.replaceAll('\n', ' ')}\n`, file);
  const outside = ensemble.outside === null ? [] : [ensemble.outside.name];
  const servers = ensemble.servers.map(({ name }) => name);
  checkNames(parsed, { servers, clients, outside, presets: [], mutations: [], properties: [] }, false);
  const [first] = parsed.lines;
  const place = { file, line: 0, column: 0 };
  if (first === undefined || parsed.lines.length !== 1) throw new InputError(place, `found "${line}", expected one line of a script`);
  const actions = actionsOf(ensemble, first, [], call);
  if (actions.length === 0) throw new InputError(place, `found ${line}, but there is nobody to do that to now`);
  return actions;
}

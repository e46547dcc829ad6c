/** A checked script line as actions on the world: the names in it become node indexes at the moment it runs. */
import { unreachable } from '../base/assert.ts';
import type { Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { machineActions } from './machine-lines.ts';
import { networkActions, pairOf } from './network-lines.ts';
import type { ScriptLine } from './parse-scenario.ts';
import { resolveNodes, type Bindings } from './server-ref.ts';

/** A reference in a line, and whether it may name a client too. */
export interface LineRef {
  readonly text: string;
  readonly orClient: boolean;
}

/** Everything in the line that names servers or clients by reference; a line does nothing while one of them means nobody. */
export function refsOfLine(line: ScriptLine): LineRef[] {
  const servers = (texts: readonly string[]): LineRef[] => texts.map((text) => ({ text, orClient: false }));
  const nodes = (texts: readonly (string | undefined)[]): LineRef[] =>
    texts.flatMap((text) => (text === undefined ? [] : [{ text, orClient: true }]));
  switch (line.verb) {
    case 'start':
    case 'kill':
    case 'pause':
    case 'resume':
      return nodes(line.value);
    case 'stop':
    case 'pick':
      return servers(line.value);
    case 'power-loss':
    case 'disk':
    case 'tear-tail':
      return servers([line.value.server]);
    case 'stall':
    case 'unstall':
      return nodes([line.value.server]);
    case 'partition':
      return nodes(line.value.flat());
    case 'cut':
    case 'mend':
      return nodes(line.value.flatMap((text) => pairOf(text)?.names ?? []));
    case 'break':
      return nodes(line.value.between);
    case 'link':
    case 'drop':
    case 'hold':
    case 'release':
    case 'duplicate':
    case 'delay':
      return nodes([line.value.from, line.value.to]);
    case 'move':
      return servers([line.value.to]);
    default:
      return [];
  }
}

/** The client that must be there for the line to be done. */
export function clientOfLine(line: ScriptLine): string | null {
  if (line.verb === 'operation') return line.client;
  if (line.verb === 'move') return line.value.client;
  return line.verb === 'disconnect' || line.verb === 'open' ? line.value : null;
}

/** Does a line whose action finds nothing to act on do less than it says? Starting what runs and healing what is whole does not. */
export function mustBite(line: ScriptLine): boolean {
  return !['start', 'heal', 'calm', 'power-loss'].includes(line.verb);
}

/** The servers or clients that a line's actions concern, for `as`. */
export function subjectsOf(actions: readonly Action[]): number[] {
  return actions.flatMap((action) => ('node' in action ? [action.node] : []));
}

/** What the line does, in order; empty for lines that only wait or look. `call` names the call of an operation. */
export function actionsOf(ensemble: Ensemble, line: ScriptLine, bindings: Bindings, call: number): Action[] {
  switch (line.verb) {
    case 'start':
    case 'stop':
    case 'kill':
    case 'pause':
    case 'resume':
    case 'stall':
    case 'unstall':
    case 'power-loss':
    case 'disk':
    case 'tear-tail':
      return machineActions(ensemble, line, bindings);
    case 'partition':
    case 'cut':
    case 'mend':
    case 'heal':
    case 'break':
    case 'link':
    case 'drop':
    case 'hold':
    case 'release':
    case 'duplicate':
    case 'delay':
      return networkActions(ensemble, line, bindings);
    case 'operation':
    case 'move':
    case 'disconnect':
    case 'open':
      return clientActions(ensemble, line, bindings, call);
    case 'calm':
      return [{ type: 'calm' }];
    case 'wait':
    case 'until':
    case 'check':
    case 'pick':
    case 'say':
      return [];
    default:
      return unreachable(line);
  }
}

type ClientLine = Extract<ScriptLine, { readonly verb: 'operation' | 'move' | 'disconnect' | 'open' }>;

function clientActions(ensemble: Ensemble, line: ClientLine, bindings: Bindings, call: number): Action[] {
  const [node] = resolveNodes(ensemble, clientOfLine(line) ?? '', bindings);
  if (node === undefined) return [];
  switch (line.verb) {
    case 'operation':
      return [{ type: 'invoke', node, call, operation: line.operation }];
    case 'move': {
      const [server] = resolveNodes(ensemble, line.value.to, bindings);
      return server === undefined ? [] : [{ type: 'move-client', node, server }];
    }
    case 'disconnect':
      return [{ type: 'disconnect-client', node }];
    case 'open':
      return [{ type: 'open-client', node }];
    default:
      return unreachable(line);
  }
}

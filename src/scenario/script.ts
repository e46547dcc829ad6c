/** A checked script line as actions on the world: the names in it become node indexes at the moment it runs. */
import { unreachable } from '../base/assert.ts';
import { parseZxid } from '../base/zxid.ts';
import type { Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { threadKindOf } from '../ensemble/thread-names.ts';
import type { MessageMatch } from '../kernel/network-state.ts';
import type { Selector } from './document.ts';
import type { ScriptLine } from './parse-scenario.ts';
import { resolveServers, type Bindings } from './server-ref.ts';

/** Nodes a reference names: servers by name, role or binding, else a client by name. */
export function resolveNodes(ensemble: Ensemble, ref: string, bindings: Bindings): number[] {
  const client = ensemble.clients.find(({ name }) => name === ref);
  return client === undefined ? resolveServers(ensemble, ref, bindings) : [client.node];
}

function eachOf(ensemble: Ensemble, refs: readonly string[], bindings: Bindings): number[] {
  return refs.flatMap((ref) => resolveNodes(ensemble, ref, bindings));
}

/** The servers or clients that a line's actions concern, for `as`. */
export function subjectsOf(actions: readonly Action[]): number[] {
  return actions.flatMap((action) => ('node' in action ? [action.node] : []));
}

/** What the line does, in order; empty for lines that only wait or look. */
export function actionsOf(ensemble: Ensemble, line: ScriptLine, bindings: Bindings, call: number): Action[] {
  switch (line.verb) {
    case 'start':
    case 'stop':
    case 'kill':
    case 'pause':
    case 'resume': {
      const type = line.verb;
      return eachOf(ensemble, line.value, bindings).map((node): Action => ({ type, node }));
    }
    case 'stall': {
      const { server, thread, for: forUs = null, onlyLiving = false } = line.value;
      return eachOf(ensemble, server.split(','), bindings).map((node): Action => ({ type: 'stall', node, kind: threadKindOf(thread), forUs, onlyLiving }));
    }
    case 'unstall': {
      const { server, thread } = line.value;
      return eachOf(ensemble, server.split(','), bindings).map((node): Action => ({ type: 'unstall', node, kind: threadKindOf(thread) }));
    }
    case 'power-loss': {
      const { server, keep = 'none', torn = false } = line.value;
      return eachOf(ensemble, server.split(','), bindings).map((node): Action => ({ type: 'power-loss', node, keep: typeof keep === 'string' ? keep : Object.entries(keep), torn }));
    }
    case 'partition':
      return [{ type: 'partition', groups: line.value.map((group) => eachOf(ensemble, group, bindings)) }];
    case 'cut':
    case 'mend': {
      const type = line.verb;
      return line.value.flatMap((pair) => directionsOf(ensemble, pair, bindings).map(([from, to]): Action => ({ type, from, to })));
    }
    case 'heal':
      return [{ type: 'heal' }];
    case 'break':
      return breaksOf(ensemble, line.value, bindings);
    case 'disk':
      return disksOf(ensemble, line.value, bindings);
    case 'tear-tail':
      return resolveNodes(ensemble, line.value.server, bindings).map((node): Action => ({ type: 'tear-tail', node, file: line.value.file }));
    case 'link': {
      const { from, to, latency, loss } = line.value;
      const { latencies, lossPerMillion } = ensemble.spec.network;
      return pairsOf(ensemble, from, to, bindings).map(([a, b]): Action => ({ type: 'link', from: a, to: b, latencies: latency ?? latencies, lossPerMillion: loss ?? lossPerMillion }));
    }
    case 'drop':
    case 'hold':
    case 'release':
    case 'duplicate':
    case 'delay':
      return messagesOf(ensemble, line.verb, line.value, bindings);
    case 'operation':
      return resolveNodes(ensemble, line.client, bindings).map((node): Action => ({ type: 'invoke', node, call, operation: line.operation }));
    case 'move': {
      const [server] = resolveServers(ensemble, line.value.to, bindings);
      if (server === undefined) return [];
      return resolveNodes(ensemble, line.value.client, bindings).map((node): Action => ({ type: 'move-client', node, server }));
    }
    case 'disconnect':
      return resolveNodes(ensemble, line.value, bindings).map((node): Action => ({ type: 'disconnect-client', node }));
    case 'open':
      return resolveNodes(ensemble, line.value, bindings).map((node): Action => ({ type: 'open-client', node }));
    case 'calm':
      return [{ type: 'calm' }];
    case 'wait':
    case 'until':
    case 'check':
    case 'say':
      return [];
    default:
      return unreachable(line);
  }
}

function pairsOf(ensemble: Ensemble, from: string, to: string, bindings: Bindings): [number, number][] {
  const pairs: [number, number][] = [];
  for (const a of resolveNodes(ensemble, from, bindings)) for (const b of resolveNodes(ensemble, to, bindings)) if (a !== b) pairs.push([a, b]);
  return pairs;
}

/** `s1 > s2`, or `s1 <> s2` for both directions. */
export const DIRECTION = /^(\S+)\s*(<>|>)\s*(\S+)$/;

function directionsOf(ensemble: Ensemble, text: string, bindings: Bindings): [number, number][] {
  const match = DIRECTION.exec(text);
  if (match === null) return [];
  const [, from = '', arrow, to = ''] = match;
  const pairs = pairsOf(ensemble, from, to, bindings);
  return arrow === '>' ? pairs : pairs.flatMap(([a, b]): [number, number][] => [[a, b], [b, a]]);
}

function breaksOf(ensemble: Ensemble, value: Extract<ScriptLine, { verb: 'break' }>['value'], bindings: Bindings): Action[] {
  const [a = '', b = ''] = value.between;
  const { keep, notice } = value;
  const how = keep === undefined ? null : { keep: pair(keep), noticeUs: pair(notice ?? [0, 0]) };
  return pairsOf(ensemble, a, b, bindings).map(([one, other]): Action => ({ type: 'break', a: one, b: other, port: value.port ?? null, how }));
}

function pair(values: readonly number[]): readonly [number, number] {
  return [values[0] ?? 0, values[1] ?? 0];
}

function disksOf(ensemble: Ensemble, value: Extract<ScriptLine, { verb: 'disk' }>['value'], bindings: Bindings): Action[] {
  const { server, full, slow, lying, fail, times } = value;
  const faults = {
    ...(full === undefined ? {} : { full }),
    ...(slow === undefined ? {} : { slow }),
    ...(lying === undefined ? {} : { lying }),
    ...(fail === undefined ? {} : { failing: fail === 'none' ? null : { op: fail, times: times ?? 1 } }),
  };
  return resolveNodes(ensemble, server, bindings).map((node): Action => ({ type: 'disk', node, faults }));
}

/** Selectors that name several servers make one rule for each pair. */
function messagesOf(ensemble: Ensemble, verb: 'drop' | 'hold' | 'release' | 'duplicate' | 'delay', selector: Selector, bindings: Bindings): Action[] {
  const { type, from, to, port, zxid, skip = 0, times = 1, inFlight = false, by = 0 } = selector;
  const ends = (ref: string | undefined): (number | null)[] => (ref === undefined ? [null] : resolveNodes(ensemble, ref, bindings));
  const parsed = zxid === undefined ? null : parseZxid(zxid);
  return ends(from).flatMap((a) =>
    ends(to).map((b): Action => {
      const match: MessageMatch = {
        ...(a === null ? {} : { from: a }),
        ...(b === null ? {} : { to: b }),
        ...(port === undefined ? {} : { port }),
        ...(type === undefined ? {} : { packet: type }),
        ...(parsed === null ? {} : { zxid: parsed }),
      };
      if (verb === 'release') return { type: 'packets', match, action: 'release', times };
      if (inFlight) return { type: 'packets', match, action: verb === 'delay' ? { delayUs: by } : verb, times };
      return { type: 'message-rule', match, action: verb, delayUs: by, skip, times };
    }),
  );
}

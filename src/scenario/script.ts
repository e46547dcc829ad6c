/** A checked script line as actions on the world: the names in it become node indexes at the moment it runs. */
import { unreachable } from '../base/assert.ts';
import { parseZxid } from '../base/zxid.ts';
import type { Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { threadKindOf } from '../ensemble/thread-names.ts';
import { serverContextOf } from '../ensemble/views.ts';
import type { MessageMatch } from '../kernel/network-state.ts';
import { numberedFiles } from '../zab/txn-log.ts';
import type { Selector } from './lines.ts';
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

function eachOf(ensemble: Ensemble, refs: readonly string[], bindings: Bindings): number[] {
  return [...new Set(refs.flatMap((ref) => resolveNodes(ensemble, ref, bindings)))];
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
      return resolveNodes(ensemble, server, bindings).map((node): Action => ({
        type: 'stall',
        node,
        kind: threadKindOf(thread),
        forUs,
        onlyLiving,
      }));
    }
    case 'unstall': {
      const { server, thread } = line.value;
      return resolveNodes(ensemble, server, bindings).map((node): Action => ({ type: 'unstall', node, kind: threadKindOf(thread) }));
    }
    case 'power-loss': {
      const { server, keep = 'none', torn = false } = line.value;
      return resolveNodes(ensemble, server, bindings).map((node): Action => ({
        type: 'power-loss',
        node,
        keep: typeof keep === 'string' ? keep : Object.entries(keep),
        torn,
      }));
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
      return resolveNodes(ensemble, line.value.server, bindings).map((node): Action => ({
        type: 'tear-tail',
        node,
        file: fileOf(ensemble, node, line.value.file),
      }));
    case 'link': {
      const { from, to, latency, loss } = line.value;
      const { latencies, lossPerMillion } = ensemble.spec.network;
      return pairsOf(ensemble, from, to, bindings).map(([a, b]): Action => ({
        type: 'link',
        from: a,
        to: b,
        latencies: latency ?? latencies,
        lossPerMillion: loss ?? lossPerMillion,
      }));
    }
    case 'drop':
    case 'hold':
    case 'release':
    case 'duplicate':
    case 'delay':
      return messagesOf(ensemble, line.verb, line.value, bindings);
    case 'operation':
      return resolveNodes(ensemble, line.client, bindings).map((node): Action => ({
        type: 'invoke',
        node,
        call,
        operation: line.operation,
      }));
    case 'move': {
      const [server] = resolveNodes(ensemble, line.value.to, bindings);
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
    case 'pick':
    case 'say':
      return [];
    default:
      return unreachable(line);
  }
}

function pairsOf(ensemble: Ensemble, from: string, to: string, bindings: Bindings): [number, number][] {
  const pairs: [number, number][] = [];
  for (const a of resolveNodes(ensemble, from, bindings))
    for (const b of resolveNodes(ensemble, to, bindings)) if (a !== b) pairs.push([a, b]);
  return pairs;
}

/** `s1 > s2`, or `s1 <> s2` for both directions. */
const DIRECTION = /^([^<>]+?)\s*(<>|>)\s*([^<>]+)$/;

/** The two references of a direction; null when the text is none. */
export function pairOf(text: string): { readonly names: readonly [string, string]; readonly both: boolean } | null {
  const [, from, arrow, to] = DIRECTION.exec(text.trim()) ?? [];
  return from === undefined || to === undefined ? null : { names: [from, to], both: arrow === '<>' };
}

function directionsOf(ensemble: Ensemble, text: string, bindings: Bindings): [number, number][] {
  const pair = pairOf(text);
  if (pair === null) return [];
  const pairs = pairsOf(ensemble, pair.names[0], pair.names[1], bindings);
  return pair.both
    ? pairs.flatMap(([a, b]): [number, number][] => [
        [a, b],
        [b, a],
      ])
    : pairs;
}

function breaksOf(ensemble: Ensemble, value: Extract<ScriptLine, { verb: 'break' }>['value'], bindings: Bindings): Action[] {
  const [a = '', b = ''] = value.between;
  const { keep, notice } = value;
  const how = keep === undefined ? null : { keep: pair(keep), noticeUs: pair(notice ?? [0, 0]) };
  return pairsOf(ensemble, a, b, bindings).map(([one, other]): Action => ({
    type: 'break',
    a: one,
    b: other,
    port: value.port ?? null,
    how,
  }));
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

/** `log` and `snapshot` are the newest ones. */
function fileOf(ensemble: Ensemble, node: number, file: string): string {
  if (file !== 'log' && file !== 'snapshot') return file;
  const files = numberedFiles(serverContextOf(ensemble, node), `${file}.`);
  return files[files.length - 1]?.file ?? file;
}

/** Selectors that name several servers make one rule for each pair. */
function messagesOf(
  ensemble: Ensemble,
  verb: 'drop' | 'hold' | 'release' | 'duplicate' | 'delay',
  selector: Selector,
  bindings: Bindings,
): Action[] {
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

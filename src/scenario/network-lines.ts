/** Script lines about the network and the packets on it, as actions. */
import { unreachable } from '../base/assert.ts';
import { parseZxid } from '../base/zxid.ts';
import type { Action } from '../ensemble/action.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import type { MessageMatch } from '../kernel/network-state.ts';
import type { Selector } from './lines.ts';
import type { ScriptLine } from './parse-scenario.ts';
import { eachOf, resolveNodes, type Bindings } from './server-ref.ts';

/** What these verbs name may be the outside too. */
export const NETWORK_VERBS: readonly string[] = [
  'partition',
  'cut',
  'mend',
  'break',
  'link',
  'drop',
  'hold',
  'release',
  'duplicate',
  'delay',
];

type PacketVerb = 'drop' | 'hold' | 'release' | 'duplicate' | 'delay';
type NetworkLine = Extract<ScriptLine, { readonly verb: 'partition' | 'cut' | 'mend' | 'heal' | 'break' | 'link' | PacketVerb }>;

export function networkActions(ensemble: Ensemble, line: NetworkLine, bindings: Bindings): Action[] {
  switch (line.verb) {
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
    case 'link': {
      const { latencies: usual, lossPerMillion: rate } = ensemble.spec.network;
      const { from, to, latency: latencies = usual, loss: lossPerMillion = rate } = line.value;
      return pairsOf(ensemble, from, to, bindings).map(([a, b]): Action => ({ type: 'link', from: a, to: b, latencies, lossPerMillion }));
    }
    case 'drop':
    case 'hold':
    case 'release':
    case 'duplicate':
    case 'delay':
      return messagesOf(ensemble, line.verb, line.value, bindings);
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

/** Selectors that name several servers make one rule for each pair. */
function messagesOf(ensemble: Ensemble, verb: PacketVerb, selector: Selector, bindings: Bindings): Action[] {
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

/**
 * What a script can wait for or expect of a state, as short sentences: `leader elected`, `s2 is LEADING`, `/a = hello on s1`.
 * Parsed once into data, evaluated on a world without changing it.
 */
import { zxidText, parseZxid, type Zxid } from '../base/zxid.ts';
import type { Item } from '../base/step.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { clientView, nodeDataAt, serverView } from '../ensemble/views.ts';
import { packetsInFlight } from '../kernel/network-faults.ts';
import { resolveServers, type Bindings } from './server-ref.ts';

export type Condition =
  | { readonly is: 'leader-elected' }
  | { readonly is: 'state'; readonly servers: string; readonly state: string; readonly not: boolean }
  | { readonly is: 'serving'; readonly servers: string; readonly not: boolean }
  | { readonly is: 'zxid'; readonly servers: string; readonly which: 'logged' | 'applied' | 'synced'; readonly zxid: Zxid }
  | { readonly is: 'epoch'; readonly servers: string; readonly which: 'acceptedEpoch' | 'currentEpoch'; readonly epoch: number }
  | { readonly is: 'node'; readonly servers: string; readonly path: string; readonly data: string | null; readonly exists: boolean }
  | { readonly is: 'client'; readonly client: string; readonly state: string }
  | { readonly is: 'in-flight'; readonly packet: string; readonly from: string; readonly to: string }
  | { readonly is: 'same-tree'; readonly servers: string }
  /** In the event just run. */
  | { readonly is: 'noted'; readonly nodes: string; readonly note: string; readonly operands: readonly (readonly [name: string, value: string])[] };

const STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING', 'down', 'off', 'paused', 'ELECTION', 'DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST'];
const CLIENT_STATES = ['connected', 'connecting', 'closed', 'idle'];

export const CONDITION_FORMS: readonly string[] = [
  'leader elected',
  'SERVER is [not] LEADING|FOLLOWING|LOOKING|OBSERVING|down|off|paused|DISCOVERY|SYNCHRONIZATION|BROADCAST',
  'SERVER [not] serving',
  'SERVER has logged|synced|applied ZXID',
  'SERVER has acceptedEpoch|currentEpoch N',
  'PATH exists|missing on SERVER',
  'PATH = DATA on SERVER',
  'CLIENT is connected|connecting|closed|idle',
  'TYPE from SERVER to SERVER in flight',
  'same tree on SERVER',
  'SERVER|CLIENT noted NOTE [OPERAND=VALUE ...]',
];

/** ` epoch=2 mode=DIFF` */
function operandsOf(text: string): [string, string][] {
  return text.split(' ').flatMap((part): [string, string][] => {
    const at = part.indexOf('=');
    return at === -1 ? [] : [[part.slice(0, at), part.slice(at + 1)]];
  });
}

type Maker = (match: RegExpExecArray) => Condition | null;

const FORMS: readonly (readonly [RegExp, Maker])[] = [
  [/^leader elected$/, () => ({ is: 'leader-elected' })],
  [/^(\S+) noted ([a-z0-9-]+)((?: \w+=\S+)*)$/, ([, nodes = '', note = '', operands = '']) => ({ is: 'noted', nodes, note, operands: operandsOf(operands) })],
  [/^same tree on (\S+)$/, ([, servers = '']) => ({ is: 'same-tree', servers })],
  [/^(\/\S*) (exists|missing) on (\S+)$/, ([, path = '', how, servers = '']) => ({ is: 'node', servers, path, data: null, exists: how === 'exists' })],
  [/^(\/\S*) = (.*) on (\S+)$/, ([, path = '', data = '', servers = '']) => ({ is: 'node', servers, path, data, exists: true })],
  [/^(\S+) from (\S+) to (\S+) in flight$/, ([, packet = '', from = '', to = '']) => ({ is: 'in-flight', packet, from, to })],
  [/^(\S+) has (logged|synced|applied) (\S+)$/, ([, servers = '', which, text = '']) => {
    const zxid = parseZxid(text);
    return zxid === null ? null : { is: 'zxid', servers, which: which === 'logged' ? 'logged' : which === 'synced' ? 'synced' : 'applied', zxid };
  }],
  [/^(\S+) has (acceptedEpoch|currentEpoch) (\d+)$/, ([, servers = '', which, epoch]) => ({
    is: 'epoch',
    servers,
    which: which === 'acceptedEpoch' ? 'acceptedEpoch' : 'currentEpoch',
    epoch: Number(epoch),
  })],
  [/^(\S+) (not )?serving$/, ([, servers = '', not]) => ({ is: 'serving', servers, not: not !== undefined })],
  [/^(\S+) is (not )?(\S+)$/, ([, name = '', not, state = '']) => {
    if (CLIENT_STATES.includes(state)) return { is: 'client', client: name, state };
    return STATES.includes(state) ? { is: 'state', servers: name, state, not: not !== undefined } : null;
  }],
];

/** The condition, or null when the text has none of the forms. Names are checked by `namesIn`. */
export function parseCondition(text: string): Condition | null {
  for (const [form, make] of FORMS) {
    const match = form.exec(text.trim());
    if (match === null) continue;
    const made = make(match);
    if (made !== null) return made;
  }
  return null;
}

/** Server references and client names a condition speaks of. */
export function namesIn(condition: Condition): { readonly servers: readonly string[]; readonly clients: readonly string[] } {
  if (condition.is === 'client') return { servers: [], clients: [condition.client] };
  if (condition.is === 'in-flight') return { servers: [condition.from, condition.to], clients: [] };
  if (condition.is === 'noted') return { servers: [condition.nodes], clients: [] };
  return { servers: 'servers' in condition ? [condition.servers] : [], clients: [] };
}

/** Does it hold now? Of several servers, all must agree. */
export function holds(ensemble: Ensemble, condition: Condition, bindings: Bindings): boolean {
  switch (condition.is) {
    case 'leader-elected':
      return ensemble.servers.some((server) => {
        const view = serverView(ensemble, server.node);
        return view.state === 'LEADING' && view.serving && view.power === 'up';
      });
    case 'client': {
      const handle = ensemble.clients.find(({ name }) => name === condition.client);
      if (handle === undefined) return false;
      const view = clientView(ensemble, handle.node);
      return condition.state === 'idle' ? view.pending === 0 : view.state.toLowerCase() === condition.state;
    }
    case 'in-flight': {
      const from = resolveServers(ensemble, condition.from, bindings);
      const to = resolveServers(ensemble, condition.to, bindings);
      return packetsInFlight(ensemble.world).some((p) => p.packet.type === condition.packet && from.includes(p.from) && to.includes(p.to));
    }
    case 'noted':
      return isNoted(ensemble, condition, bindings);
    case 'same-tree': {
      const nodes = resolveServers(ensemble, condition.servers, bindings);
      return new Set(nodes.map((node) => serverView(ensemble, node).digest)).size === 1;
    }
    default: {
      const nodes = resolveServers(ensemble, condition.servers, bindings);
      return nodes.length > 0 && nodes.every((node) => holdsAt(ensemble, condition, node));
    }
  }
}

/** Did one of these nodes note it in the event just run? */
function isNoted(ensemble: Ensemble, { nodes, note, operands }: Extract<Condition, { readonly is: 'noted' }>, bindings: Bindings): boolean {
  const { record } = ensemble.world;
  if (!record.notes.some((item) => item.type === note && operands.every(([name, value]) => operandText(item, name) === value))) return false;
  const client = ensemble.clients.find(({ name }) => name === nodes);
  return client === undefined ? resolveServers(ensemble, nodes, bindings).includes(record.node) : record.node === client.node;
}

/** An operand of a note as people write it: zxids as epoch.counter. */
export function operandText(note: Item, name: string): string {
  const found: unknown = Object.entries(note).find(([key]) => key === name)?.[1];
  return typeof found === 'number' && /zxid/i.test(name) ? zxidText(found) : String(found);
}

type ServerCondition = Extract<Condition, { readonly is: 'state' | 'serving' | 'zxid' | 'epoch' | 'node' }>;

function holdsAt(ensemble: Ensemble, condition: ServerCondition, node: number): boolean {
  const view = serverView(ensemble, node);
  switch (condition.is) {
    case 'state': {
      const now = view.power !== 'up' ? [view.power, 'down'] : view.paused ? ['paused', view.state, view.zabState] : [view.state, view.zabState];
      return now.includes(condition.state) !== condition.not;
    }
    case 'serving':
      return (view.power === 'up' && view.serving) !== condition.not;
    case 'zxid':
      return (condition.which === 'applied' ? view.lastProcessedZxid : condition.which === 'logged' ? view.lastLoggedZxid : view.lastSyncedZxid) >= condition.zxid;
    case 'epoch':
      return view[condition.which] === condition.epoch;
    case 'node': {
      const found = nodeDataAt(ensemble, node, condition.path);
      if (found === null) return !condition.exists;
      return condition.exists && (condition.data === null || found.text === condition.data);
    }
  }
}

/** The inverse of `parseCondition`. */
export function formatCondition(condition: Condition): string {
  switch (condition.is) {
    case 'leader-elected':
      return 'leader elected';
    case 'state':
      return `${condition.servers} is ${condition.not ? 'not ' : ''}${condition.state}`;
    case 'serving':
      return `${condition.servers} ${condition.not ? 'not ' : ''}serving`;
    case 'zxid':
      return `${condition.servers} has ${condition.which} ${zxidText(condition.zxid)}`;
    case 'epoch':
      return `${condition.servers} has ${condition.which} ${condition.epoch}`;
    case 'node':
      if (condition.data !== null) return `${condition.path} = ${condition.data} on ${condition.servers}`;
      return `${condition.path} ${condition.exists ? 'exists' : 'missing'} on ${condition.servers}`;
    case 'client':
      return `${condition.client} is ${condition.state}`;
    case 'in-flight':
      return `${condition.packet} from ${condition.from} to ${condition.to} in flight`;
    case 'noted':
      return [`${condition.nodes} noted ${condition.note}`, ...condition.operands.map(([name, value]) => `${name}=${value}`)].join(' ');
    case 'same-tree':
      return `same tree on ${condition.servers}`;
  }
}

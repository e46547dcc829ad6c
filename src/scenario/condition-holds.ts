/** Conditions against a world. A wait asks after every event, so each reads no more than it needs; only the words for a failure look wider. */
import { assert, unreachable } from '../base/assert.ts';
import { utf8OfBytes } from '../base/bytes.ts';
import { lengthOf } from '../base/deque.ts';
import { peek } from '../base/parts.ts';
import { kindOf } from '../base/step.ts';
import { zxidText } from '../base/zxid.ts';
import type { ClientHandle, Ensemble, ServerHandle } from '../ensemble/ensemble.ts';
import { notesOf } from '../ensemble/note.ts';
import { threadNameOf } from '../ensemble/thread-names.ts';
import { logView, serverAt, serverView } from '../ensemble/views.ts';
import { describe, effectLabel } from '../kernel/choose.ts';
import { packetsInFlight } from '../kernel/network-faults.ts';
import type { EventRecord } from '../kernel/world.ts';
import { nodeAt } from '../server/data-tree.ts';
import { hasSession } from '../server/session-table.ts';
import type { Condition } from './condition.ts';
import { matchesNote } from './note-match.ts';
import { establishedLeader, formatRefs, isUp, resolveRefs, type Bindings } from './server-ref.ts';

/** Does it hold now? Of several servers, all must agree; of none, none do. */
export function holds(ensemble: Ensemble, condition: Condition, bindings: Bindings): boolean {
  switch (condition.is) {
    case 'leader-elected':
      return (establishedLeader(ensemble) === null) === condition.not;
    case 'client':
      return clientIs(ensemble, condition.client, condition.state);
    case 'in-flight': {
      const from = resolveRefs(ensemble, condition.from, bindings);
      const to = resolveRefs(ensemble, condition.to, bindings);
      return packetsInFlight(ensemble.world).some((p) => p.packet.type === condition.packet && from.includes(p.from) && to.includes(p.to));
    }
    case 'did': {
      const { node, thread } = ensemble.world.record;
      if (thread === -1 || threadNameOf(kindOf(thread)) !== condition.thread || labelOf(ensemble.world.record) !== condition.label)
        return false;
      return resolveRefs(ensemble, condition.servers, bindings).includes(node);
    }
    case 'noted': {
      const { record } = ensemble.world;
      if (!notesOf(record).some((note) => matchesNote(condition.match, note, ensemble, bindings))) return false;
      return resolveRefs(ensemble, condition.nodes, bindings).includes(record.node);
    }
    case 'same': {
      const [nodes, others] = [resolveRefs(ensemble, condition.servers, bindings), resolveRefs(ensemble, condition.others, bindings)];
      if (nodes.length === 0 || others.length === 0) return false;
      return (nodes.length === others.length && nodes.every((node) => others.includes(node))) !== condition.not;
    }
    case 'connected-to': {
      const client = clientOf(ensemble, condition.client);
      const { state, server } = peek(ensemble.world.parts, client.client);
      return state === 'CONNECTED' && resolveRefs(ensemble, condition.servers, bindings).includes(server);
    }
    case 'same-tree': {
      const nodes = resolveRefs(ensemble, condition.servers, bindings);
      return nodes.every((node) => isUp(ensemble, node)) && new Set(nodes.map((node) => digestAt(ensemble, node))).size === 1;
    }
    default: {
      const nodes = resolveRefs(ensemble, condition.servers, bindings);
      return nodes.length > 0 && nodes.every((node) => holdsAt(ensemble, condition, serverAt(ensemble, node)));
    }
  }
}

/** Of a condition that did not hold before this event: can it hold now? Spares those that look far from looking after every event. */
export function mayHoldAfter({ actor, effect }: EventRecord, condition: Condition): boolean {
  if (actor === 'driver' || actor === 'input') return true;
  if (condition.is === 'in-flight') return effect?.type === 'send';
  return condition.is !== 'in-log' || (effect !== null && LOG_EFFECTS.includes(effect.type));
}

/** What changes the content of a log. */
const LOG_EFFECTS: readonly string[] = ['append', 'create', 'truncate', 'delete', 'rename'];

/** As the names of events have it. */
function labelOf({ effect, input }: EventRecord): string {
  if (effect !== null) return effectLabel(effect);
  return input === null ? '' : describe(input);
}

function clientOf(ensemble: Ensemble, name: string): ClientHandle {
  const client = ensemble.clients.find((each) => each.name === name);
  assert(client !== undefined, () => `client ${name} was checked`);
  return client;
}

function clientIs(ensemble: Ensemble, name: string, wanted: string): boolean {
  const { node, client } = clientOf(ensemble, name);
  const { state, outgoing, pending, sequences } = peek(ensemble.world.parts, client);
  if (!isUp(ensemble, node)) return wanted === 'closed';
  if (wanted === 'idle') return lengthOf(outgoing) + lengthOf(pending) + sequences.length === 0;
  return (state === 'AUTH_FAILED' ? 'closed' : state.toLowerCase()) === wanted;
}

function digestAt(ensemble: Ensemble, node: number): number {
  return peek(ensemble.world.parts, serverAt(ensemble, node).refs.tree).digest;
}

type ServerCondition = Extract<Condition, { readonly is: 'state' | 'serving' | 'zxid' | 'in-log' | 'epoch' | 'node' | 'session' }>;

/** What is in the memory of a process that is not there does not hold, whichever way it is asked. */
function holdsAt(ensemble: Ensemble, condition: ServerCondition, server: ServerHandle): boolean {
  const { parts } = ensemble.world;
  const up = isUp(ensemble, server.node);
  switch (condition.is) {
    case 'state':
      return statesOf(ensemble, server).includes(condition.state) !== condition.not;
    case 'serving':
      return (up && peek(parts, server.refs.peer).serving) !== condition.not;
    case 'zxid': {
      if (condition.which === 'applied') return up && peek(parts, server.refs.database).lastProcessedZxid >= condition.zxid;
      const view = serverView(ensemble, server.node);
      return (condition.which === 'logged' ? view.lastLoggedZxid : view.lastSyncedZxid) >= condition.zxid;
    }
    case 'in-log':
      return logView(ensemble, server.node).some(({ zxid }) => zxid === condition.zxid) !== condition.not;
    case 'epoch':
      return up && peek(parts, server.refs.peer)[condition.which] === condition.epoch;
    case 'node': {
      if (!up) return false;
      const found = nodeAt(parts, server.refs, condition.path);
      if (found === null || !condition.exists) return (found !== null) === condition.exists;
      return condition.data === null || condition.data === (found.data === null ? 'null' : utf8OfBytes(found.data));
    }
    case 'session': {
      const { session } = peek(parts, clientOf(ensemble, condition.client).client);
      return up && hasSession(parts, server.refs.sessions, session) === condition.known;
    }
    default:
      return unreachable(condition);
  }
}

function statesOf(ensemble: Ensemble, { node, refs }: ServerHandle): string[] {
  const { world } = ensemble;
  const handle = world.nodes[node];
  assert(handle !== undefined, 'a node for each server');
  const { power, paused } = peek(world.parts, handle.part);
  if (power !== 'up') return [power, 'down'];
  if (!isUp(ensemble, node)) return [];
  const { state, zabState } = peek(world.parts, refs.peer);
  return paused ? ['paused', state, zabState] : [state, zabState];
}

/** What is the case instead, for a condition that does not hold. */
export function foundInstead(ensemble: Ensemble, condition: Condition, bindings: Bindings): string {
  switch (condition.is) {
    case 'leader-elected':
      return condition.not ? `${establishedLeader(ensemble)?.name ?? 'nobody'} leads` : 'there is no established leader';
    case 'client':
    case 'connected-to':
      return clientText(ensemble, condition.client);
    case 'in-flight':
      return 'there is no such packet';
    case 'did':
    case 'noted':
      return 'the last event was another';
    case 'same-tree':
      return each(ensemble, condition.servers, bindings, (server) =>
        isUp(ensemble, server.node) ? `digest ${serverView(ensemble, server.node).digest}` : 'is down',
      );
    case 'same': {
      const names = (nodes: readonly number[]): string => nodes.map((node) => serverAt(ensemble, node).name).join(', ') || 'nobody';
      return `${formatRefs(condition.servers)} is ${names(resolveRefs(ensemble, condition.servers, bindings))}`;
    }
    default:
      return each(ensemble, condition.servers, bindings, (server) => serverText(ensemble, condition, server));
  }
}

function clientText(ensemble: Ensemble, name: string): string {
  const { node, client } = clientOf(ensemble, name);
  if (!isUp(ensemble, node)) return `${name} is down`;
  const { state, server, outgoing, pending } = peek(ensemble.world.parts, client);
  const where = state === 'CONNECTED' ? ` to ${serverAt(ensemble, server).name}` : '';
  return `${name} is ${state.toLowerCase()}${where}, calls not answered: ${lengthOf(outgoing) + lengthOf(pending)}`;
}

function each(
  ensemble: Ensemble,
  refs: Parameters<typeof resolveRefs>[1],
  bindings: Bindings,
  tell: (server: ServerHandle) => string,
): string {
  const nodes = resolveRefs(ensemble, refs, bindings);
  if (nodes.length === 0) return `there is no ${formatRefs(refs)}`;
  return nodes.map((node) => `${serverAt(ensemble, node).name}: ${tell(serverAt(ensemble, node))}`).join('; ');
}

function serverText(ensemble: Ensemble, condition: ServerCondition, server: ServerHandle): string {
  const view = serverView(ensemble, server.node);
  if (view.power !== 'up' && condition.is !== 'zxid' && condition.is !== 'in-log') return view.power;
  switch (condition.is) {
    case 'state':
    case 'serving':
      return `${view.paused ? 'paused, ' : ''}${view.state}, ${view.zabState}, ${view.serving ? 'serving' : 'not serving'}`;
    case 'zxid':
      return zxidText(
        condition.which === 'applied' ? view.lastProcessedZxid : condition.which === 'logged' ? view.lastLoggedZxid : view.lastSyncedZxid,
      );
    case 'in-log':
      return `its log holds ${logText(logView(ensemble, server.node).map(({ zxid }) => zxidText(zxid)))}`;
    case 'epoch':
      return String(view[condition.which]);
    case 'node': {
      const found = nodeAt(ensemble.world.parts, server.refs, condition.path);
      return found === null ? 'missing' : found.data === null ? 'null' : utf8OfBytes(found.data);
    }
    case 'session':
      return condition.known ? 'unknown' : 'known';
    default:
      return unreachable(condition);
  }
}

function logText(zxids: readonly string[]): string {
  return zxids.length === 0 ? 'nothing' : zxids.length > 20 ? `... ${zxids.slice(-20).join(' ')}` : zxids.join(' ');
}

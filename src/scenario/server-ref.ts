/** How a script names servers: by name, by role at that moment, or by a name it gave them earlier with `as`; `all except old`. */
import { peek } from '../base/parts.ts';
import { threadId } from '../base/step.ts';
import type { Ensemble, ServerHandle } from '../ensemble/ensemble.ts';
import { MAIN } from '../kernel/thread-state.ts';

/** Names bound by `as`, to node indexes. */
export type Bindings = readonly (readonly [name: string, nodes: readonly number[]])[];

/** One name or role, less those that `except` names. */
export interface ServerRef {
  readonly name: string;
  readonly except: readonly string[];
}

/**
 * `leader`: of the established leaders that of the highest epoch, or one that is not established yet. `rest`: all but it. `follower` and
 * `observer` are the first one of their kind.
 */
export const ROLE_REFS: readonly string[] = ['leader', 'follower', 'followers', 'observer', 'observers', 'all', 'voters', 'rest'];

const NAME = '[A-Za-z][A-Za-z0-9_-]*';
/** Of a regular expression: one or several references. */
export const REFS_PATTERN = `${NAME}(?:(?:\\s*,\\s*|\\s+except\\s+)${NAME})*`;
const WHOLE = new RegExp(`^${REFS_PATTERN}$`);

/** `s1`, `leader`, `s1, s2`, `followers except old except s1`; null when it cannot be read, as `all except a, b`, which has two meanings. */
export function parseRefs(text: string): ServerRef[] | null {
  const trimmed = text.trim();
  if (!WHOLE.test(trimmed) || /\sexcept\s[^,]*,/.test(trimmed)) return null;
  return trimmed.split(/\s*,\s*/).map((part) => {
    const [name = '', ...except] = part.split(/\s+except\s+/);
    return { name, except };
  });
}

export function formatRefs(refs: readonly ServerRef[]): string {
  return refs.map(({ name, except }) => [name, ...except].join(' except ')).join(', ');
}

/** Node indexes of servers and, by name, clients, each once; empty when no server has that role now. */
export function resolveRefs(ensemble: Ensemble, refs: readonly ServerRef[], bindings: Bindings): number[] {
  const nodes: number[] = [];
  for (const { name, except } of refs) {
    const without = except.flatMap((each) => resolveName(ensemble, each, bindings));
    for (const node of resolveName(ensemble, name, bindings)) if (!nodes.includes(node) && !without.includes(node)) nodes.push(node);
  }
  return nodes;
}

export function resolveNodes(ensemble: Ensemble, text: string, bindings: Bindings): number[] {
  return resolveRefs(ensemble, parseRefs(text) ?? [], bindings);
}

/** Nodes of several texts, each once. */
export function eachOf(ensemble: Ensemble, refs: readonly string[], bindings: Bindings): number[] {
  return [...new Set(refs.flatMap((ref) => resolveNodes(ensemble, ref, bindings)))];
}

function resolveName(ensemble: Ensemble, name: string, bindings: Bindings): readonly number[] {
  const bound = bindings.find(([each]) => each === name);
  if (bound !== undefined) return bound[1];
  const named =
    ensemble.servers.find((server) => server.name === name) ??
    ensemble.clients.find((client) => client.name === name) ??
    outsideNamed(ensemble, name);
  return named === undefined ? withRole(ensemble, name) : [named.node];
}

function outsideNamed({ outside }: Ensemble, name: string): { readonly node: number } | undefined {
  return outside?.name === name ? outside : undefined;
}

function withRole(ensemble: Ensemble, role: string): number[] {
  switch (role) {
    case 'all':
      return nodesOf(ensemble.servers);
    case 'voters':
      return nodesOf(ensemble.servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT'));
    case 'leader':
    case 'rest': {
      const leader = leaderOf(ensemble);
      return role === 'leader' ? nodesOf(leader === null ? [] : [leader]) : nodesOf(ensemble.servers.filter((server) => server !== leader));
    }
    case 'followers':
    case 'follower':
      return inState(ensemble, 'FOLLOWING', role === 'follower');
    case 'observers':
    case 'observer':
      return inState(ensemble, 'OBSERVING', role === 'observer');
    default:
      return [];
  }
}

function nodesOf(servers: readonly ServerHandle[]): number[] {
  return servers.map(({ node }) => node);
}

/** A process that is there: between its start and its first step its memory is still that of the one before. */
export function isUp({ world }: Ensemble, node: number): boolean {
  const handle = world.nodes[node];
  if (handle === undefined) return false;
  const { power, threads } = peek(world.parts, handle.part);
  return power === 'up' && !threads.has(threadId(MAIN, 0));
}

/** An established leader comes before one that is not, then the higher epoch counts. */
function leaderOf(ensemble: Ensemble): ServerHandle | null {
  let best: ServerHandle | null = null;
  let bestRank = -Infinity;
  for (const server of ensemble.servers) {
    const { state, serving, currentEpoch } = peek(ensemble.world.parts, server.refs.peer);
    if (state !== 'LEADING' || !isUp(ensemble, server.node)) continue;
    const rank = currentEpoch + (serving ? EPOCHS : 0);
    if (rank > bestRank) [best, bestRank] = [server, rank];
  }
  return best;
}

/** More than there are epochs. */
const EPOCHS = 0x4000_0000;

function inState(ensemble: Ensemble, state: string, firstOnly: boolean): number[] {
  const nodes = nodesOf(
    ensemble.servers.filter(({ node, refs }) => peek(ensemble.world.parts, refs.peer).state === state && isUp(ensemble, node)),
  );
  return firstOnly ? nodes.slice(0, 1) : nodes;
}

/** The server whom `leader elected` means: established, and of the highest epoch. */
export function establishedLeader(ensemble: Ensemble): ServerHandle | null {
  const leader = leaderOf(ensemble);
  return leader !== null && peek(ensemble.world.parts, leader.refs.peer).serving ? leader : null;
}

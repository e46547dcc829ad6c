/** How a script names servers: by name, by role at that moment, or by a name it gave them earlier with `as`. */
import type { Ensemble } from '../ensemble/ensemble.ts';
import { serverView } from '../ensemble/views.ts';

/** Names bound by `as`, to node indexes. */
export type Bindings = readonly (readonly [name: string, nodes: readonly number[]])[];

/** `leader`: the serving leader of the highest epoch. `followers`, `observers`, `follower` (the first one), `all`, `voters`. */
export const ROLE_REFS: readonly string[] = ['leader', 'follower', 'followers', 'observer', 'observers', 'all', 'voters', 'rest'];

/** Node indexes; empty when no server has that role now. Several references may be joined by commas. */
export function resolveServers(ensemble: Ensemble, ref: string, bindings: Bindings): number[] {
  if (ref.includes(',')) return ref.split(',').flatMap((part) => resolveServers(ensemble, part.trim(), bindings));
  const bound = bindings.find(([name]) => name === ref);
  if (bound !== undefined) return [...bound[1]];
  const named = ensemble.servers.find(({ name }) => name === ref);
  if (named !== undefined) return [named.node];
  switch (ref) {
    case 'all':
      return ensemble.servers.map(({ node }) => node);
    case 'voters':
      return ensemble.servers.filter(({ learnerType }) => learnerType === 'PARTICIPANT').map(({ node }) => node);
    case 'leader':
      return leaderOf(ensemble);
    case 'rest':
      return ensemble.servers.map(({ node }) => node).filter((node) => !leaderOf(ensemble).includes(node));
    case 'followers':
    case 'follower':
      return inState(ensemble, 'FOLLOWING', ref === 'follower');
    case 'observers':
    case 'observer':
      return inState(ensemble, 'OBSERVING', ref === 'observer');
    default:
      return [];
  }
}

function leaderOf(ensemble: Ensemble): number[] {
  let best = -1;
  let epoch = -1;
  for (const { node } of ensemble.servers) {
    const view = serverView(ensemble, node);
    if (view.power === 'up' && view.state === 'LEADING' && view.currentEpoch > epoch) {
      best = node;
      epoch = view.currentEpoch;
    }
  }
  return best === -1 ? [] : [best];
}

function inState(ensemble: Ensemble, state: string, firstOnly: boolean): number[] {
  const nodes = ensemble.servers.map(({ node }) => node).filter((node) => {
    const view = serverView(ensemble, node);
    return view.power === 'up' && view.state === state;
  });
  return firstOnly ? nodes.slice(0, 1) : nodes;
}

/** What the properties may see of an ensemble's servers beside their notes. */
import { peek } from '../base/parts.ts';
import { sortedKeys } from '../base/table.ts';
import type { Ensemble, ServerHandle } from '../ensemble/ensemble.ts';
import { serverAt, serverView } from '../ensemble/views.ts';
import { ephemeralsOf } from '../server/data-tree.ts';
import { digestText } from '../server/digest.ts';
import type { WorldReader } from './fact.ts';

export function makeReader(ensemble: Ensemble): WorldReader {
  const { parts } = ensemble.world;
  const refsAt = (node: number): ServerHandle['refs'] => serverAt(ensemble, node).refs;
  return {
    treeDigest: (node) => {
      const { digest, fuzzyUntilZxid, applyingZxid } = peek(parts, refsAt(node).tree);
      return fuzzyUntilZxid === 0 && applyingZxid === 0 ? digestText(digest) : null;
    },
    sessions: (node) => sortedKeys(peek(parts, refsAt(node).sessions)),
    ephemeralOwners: (node) => sortedKeys(peek(parts, refsAt(node).ephemerals)),
    ephemeralsOf: (node, session) => ephemeralsOf(parts, refsAt(node), session),
    lastLogged: (node) => serverView(ensemble, node).lastLoggedZxid,
  };
}

/** Which transaction comes right before another: within an epoch the zxid before it, for an epoch's first the last of its initial history. */
import { counterOf, epochOf, type Zxid } from '../base/zxid.ts';
import type { Ghost } from './ghost.ts';

/** -1 when it is not known: the first of an epoch that nobody established. */
export function predecessorOf(ghost: Ghost, zxid: Zxid): Zxid {
  if (counterOf(zxid) > 1) return zxid - 1;
  return ghost.epochs.get(epochOf(zxid))?.lastZxid ?? -1;
}

/**
 * Does `zxid` follow `last` in a log whose records up to `snapshot` are covered by a snapshot? 'hole': its predecessor is in neither. 'extra':
 * `last` lies between the two, and no snapshot hides it.
 */
export function follows(ghost: Ghost, zxid: Zxid, last: Zxid, snapshot: Zxid): 'ok' | 'hole' | 'extra' {
  const expected = predecessorOf(ghost, zxid);
  if (expected === -1 || expected === last) return 'ok';
  if (expected > last && expected > snapshot) return 'hole';
  return last > expected && last > snapshot ? 'extra' : 'ok';
}

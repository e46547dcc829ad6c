/** `stateKey`: what of a world decides its possible futures, times apart. Equal for two histories that differ only in timing. */
import { hashText, makeHash, roll, rollHash, type Lanes } from '../base/hash.ts';
import { hashParts, peek } from '../base/parts.ts';
import type { ThreadPart } from './thread-state.ts';
import type { World } from './world.ts';

/** Writes the key to `out`: every part but its times, counters and draws, and in coarse mode whose turn it is. */
export function stateLanes(world: World, out: Lanes): void {
  const start = makeHash();
  out.lo = 0;
  out.hi = 0;
  hashParts(world.parts, out);
  rollHash(out, start);
  for (let i = world.hotHead; i < world.hot.length; i++) {
    const slot = world.hot[i] ?? -1;
    if (slot === -1) continue;
    const { node, id } = peek<ThreadPart>(world.parts, slot);
    roll(out, node);
    roll(out, id);
  }
}

/** The key as 16 hex digits. */
export function stateKey(world: World): string {
  const out = makeHash();
  stateLanes(world, out);
  return hashText(out);
}

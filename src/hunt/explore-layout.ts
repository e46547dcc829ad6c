/**
 * Which slots there are, whose they are, and which connections have been: what the parts of a world do not say by themselves. What one history
 * did can be done again in another only where a slot means the same in both.
 */
import { DISK, FILE, type DiskPart, type FilePart } from '../kernel/disk-state.ts';
import { LINK, LINKS, NETWORK, type LinkPart } from '../kernel/network-state.ts';
import { NODE } from '../kernel/node-state.ts';
import { DRIVER } from '../kernel/driver.ts';
import { THREAD, type ThreadPart } from '../kernel/thread-state.ts';
import { peek, type Parts } from '../base/parts.ts';
import type { World } from '../kernel/world.ts';

/** Whose a part is that every node sees: machines, the network, the driver. */
export const COMMON = -1;
/** Connections have both their ends: numbers from here downwards. */
const ENDS = -2;

/** Interned: equal ones are one. */
export interface Layout {
  readonly kinds: Parts['kinds'];
  /** By slot: a node, COMMON, or the ends of a connection. */
  readonly owners: readonly number[];
}

export type Layouts = Map<string, Layout>;

/** Of the world as it is; `ownerOf` says whose a part is that does not say so itself. */
export function layoutOf(layouts: Layouts, world: World, ownerOf: (slot: number) => number): Layout {
  const { kinds } = world.parts;
  const owners = kinds.map((kind, slot) => (kind === null ? COMMON : (ownOwner(world, slot) ?? ownerOf(slot))));
  const { slots, dialled, ports } = peek(world.parts, world.links);
  const named = kinds.map((kind, slot) => `${kind?.name ?? ''} ${owners[slot]}`);
  const text = JSON.stringify([named, [...slots], [...dialled], ports]);
  const known = layouts.get(text);
  if (known !== undefined) return known;
  const made = { kinds, owners };
  layouts.set(text, made);
  return made;
}

/** Whose it is by what it says of itself; undefined where it says nothing. */
function ownOwner({ parts, nodes }: World, slot: number): number | undefined {
  const kind = parts.kinds[slot];
  if (kind === THREAD) return peek<ThreadPart>(parts, slot).node;
  if (kind === DISK) return peek<DiskPart>(parts, slot).node;
  if (kind === FILE) return peek<FilePart>(parts, slot).node;
  if (kind === NODE || kind === NETWORK || kind === LINKS || kind === DRIVER) return COMMON;
  if (kind !== LINK) return undefined;
  const { ends } = peek<LinkPart>(parts, slot);
  return ENDS - (ends[0].node * nodes.length + ends[1].node);
}

/** The nodes that see it, where not all do. */
export function seersOf(owner: number, nodes: number): readonly number[] {
  if (owner > ENDS) return [owner];
  const pair = ENDS - owner;
  return [Math.floor(pair / nodes), pair % nodes];
}

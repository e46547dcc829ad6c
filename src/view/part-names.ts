/** Whose each part of the world is: for pictures of what an event changed. */
import { peek, type Ref } from '../base/parts.ts';
import { threadName } from '../kernel/choose.ts';
import type { DiskPart } from '../kernel/disk-state.ts';
import { livingLinks } from '../kernel/network-faults.ts';
import { LINK, type LinkPart } from '../kernel/network-state.ts';
import { THREAD, type ThreadPart } from '../kernel/thread-state.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';

export interface PartName {
  /** Node index, -1 for the network and the script. */
  readonly node: number;
  readonly name: string;
}

/** Names of all parts of this world, by slot. */
export function partNames(ensemble: Ensemble): Map<number, PartName> {
  const { world } = ensemble;
  const names = new Map<number, PartName>();
  names.set(world.network, { node: -1, name: 'network' });
  names.set(world.driver, { node: -1, name: 'script' });
  names.set(world.links, { node: -1, name: 'list of connections' });
  for (const { index, part, disk, memory } of world.nodes) {
    names.set(part, { node: index, name: 'process' });
    names.set(disk, { node: index, name: 'disk' });
    nameMemory(names, index, memory);
    nameFiles(names, ensemble, index, disk);
  }
  for (let slot = 0; slot < world.parts.values.length; slot++) {
    if (world.parts.kinds[slot] !== THREAD) continue;
    const { node, id } = peek<ThreadPart>(world.parts, slot);
    names.set(slot, { node, name: `thread ${threadLabel(ensemble, node, id)}` });
  }
  for (let slot = 0; slot < world.parts.values.length; slot++) {
    if (world.parts.kinds[slot] === LINK) names.set(slot, { node: -1, name: linkLabel(ensemble, peek<LinkPart>(world.parts, slot)) });
  }
  return names;
}

function nameMemory(names: Map<number, PartName>, node: number, memory: unknown): void {
  for (const [name, ref] of Object.entries(memory ?? {})) {
    const slots: readonly unknown[] = Array.isArray(ref) ? ref : [ref];
    for (const slot of slots) if (typeof slot === 'number') names.set(slot, { node, name });
  }
}

function nameFiles(names: Map<number, PartName>, { world }: Ensemble, node: number, disk: Ref<DiskPart>): void {
  for (const [file, ref] of peek(world.parts, disk).files) names.set(ref, { node, name: `file ${file}` });
}

/** `QuorumPeer`, `LearnerHandler[2]#1`: the thread without its node. */
export function threadLabel({ world }: Ensemble, node: number, id: number): string {
  const name = threadName(world, node, id);
  return name.slice(name.indexOf('.') + 1);
}

function linkLabel({ world }: Ensemble, { port, ends }: Readonly<LinkPart>): string {
  const name = (node: number): string => world.nodes[node]?.name ?? String(node);
  return `${port} connection ${name(ends[0].node)} to ${name(ends[1].node)}`;
}

/** The node at the other end of a connection of this node; null when it is gone. */
export function peerOf({ world }: Ensemble, node: number, link: number): number | null {
  const found = livingLinks(world).find(({ id }) => id === link);
  if (found === undefined) return null;
  return found.ends[0].node === node ? found.ends[1].node : found.ends[0].node;
}

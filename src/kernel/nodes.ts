/** Nodes and their threads by number. */
import { assert } from '../base/assert.ts';
import { peek, type Ref } from '../base/parts.ts';
import type { ThreadId } from '../base/step.ts';
import type { ThreadPart } from './thread-state.ts';
import type { NodeHandle, World } from './world.ts';

export function nodeOf(world: World, index: number): NodeHandle {
  const handle = world.nodes[index];
  assert(handle !== undefined, 'a node of that number');
  return handle;
}

/** The slot of a living thread; null when there is none. */
export function threadRef(world: World, node: number, id: ThreadId): Ref<ThreadPart> | null {
  return peek(world.parts, nodeOf(world, node).part).threads.get(id) ?? null;
}

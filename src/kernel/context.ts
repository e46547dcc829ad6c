/** The context that steps of one node get in one world. */
import { assert } from '../base/assert.ts';
import { drawBelow, streamOf, subStream } from '../base/draw.ts';
import { own, peek, type Parts } from '../base/parts.ts';
import type { Context, Effect, FileReader, Item, ThreadControl } from '../base/step.ts';
import { DiskReader } from './disk-reader.ts';
import type { NodeHandle, World } from './world.ts';

/** Context with the fields that the kernel sets before each step. */
export interface KernelContext extends Context {
  now: number;
  thread: ThreadControl;
  traced: boolean;
}

const NOBODY: ThreadControl = { id: -1, kind: -1, incarnation: -1, key: -1, blockedOn: null, ending: false };

/** The node's context, made when its first step in this world runs: most forks run few. */
export function contextOf(world: World, node: NodeHandle): KernelContext {
  const known = world.contexts[node.index];
  if (known !== undefined && known !== null) return known;
  const made = makeContext(world, node);
  world.contexts[node.index] = made;
  return made;
}

function makeContext(world: World, node: NodeHandle): KernelContext {
  return node.program.context(new NodeContext(world, node), node.memory);
}

class NodeContext implements Context {
  readonly parts: Parts;
  readonly node: number;
  now: number;
  thread: ThreadControl = NOBODY;
  readonly effects: Effect[] = [];
  readonly disk: FileReader;
  traced: boolean;
  readonly world: World;
  readonly handle: NodeHandle;

  constructor(world: World, handle: NodeHandle) {
    this.world = world;
    this.handle = handle;
    this.parts = world.parts;
    this.node = handle.index;
    this.now = world.now;
    this.traced = world.traced;
    this.disk = new DiskReader(world.parts, handle.disk);
  }

  draw(stream: string, n: number): number {
    assert(n >= 1, 'a draw needs at least one outcome');
    const { world, handle } = this;
    const counter = peek(world.parts, handle.part).draws.get(stream) ?? 0;
    own(world.parts, handle.part).draws.set(stream, counter + 1);
    return drawBelow(world.key, subStream(handle.stream, streamOf(stream)), counter, n);
  }

  note(note: Item): void {
    this.world.record.notes.push(note);
  }
}

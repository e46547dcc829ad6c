/** Performs one effect of a thread. */
import { assert, unreachable } from '../base/assert.ts';
import { own, peek, type Ref } from '../base/parts.ts';
import type { Effect, HostInput } from '../base/step.ts';
import { performDisk, startSync } from './disk.ts';
import { send, waitForRoom } from './link.ts';
import { connect } from './link-dial.ts';
import { closeLink } from './link-end.ts';
import { kill } from './node.ts';
import { interruptThread, postItem, signal, startThread } from './thread.ts';
import type { ThreadPart } from './thread-state.ts';
import { wakeAcceptors } from './wake.ts';
import type { NodeHandle, World } from './world.ts';

export type Failure = Extract<HostInput, { type: 'failed' }>['error'];

/** The error when it failed; 'wait' when nothing was done because a receiver's window is full. */
export function perform(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, effect: Effect): Failure | 'wait' | null {
  const node = handle.index;
  switch (effect.type) {
    case 'enqueue':
      postItem(world, node, effect.to, effect.item);
      return null;
    case 'send':
      return sendOrWait(world, node, slot, effect);
    case 'atomic':
      return performAll(world, handle, slot, effect.effects);
    case 'append':
    case 'create':
    case 'rename':
    case 'truncate':
    case 'delete':
      return performDisk(world, handle, effect);
    case 'fsync':
      return startSync(world, handle, slot, effect.files);
    case 'signal':
      signal(world, node, effect.condition);
      return null;
    case 'start':
      startThread(world, node, effect.thread, effect.item);
      return null;
    case 'interrupt':
      interruptThread(world, node, effect.thread);
      return null;
    case 'connect':
      own(world.parts, slot).connecting = connect(world, slot, effect.to, effect.port, effect.address ?? null);
      return null;
    case 'listen':
      return listen(world, handle, effect.port);
    case 'unlisten':
      unlisten(world, handle, effect.port);
      return null;
    case 'close':
      closeLink(world, node, effect.link);
      return null;
    case 'exit':
      kill(world, node);
      return null;
    case 'continue':
      assert(false, 'a continue is not an effect on others');
      return null;
    default:
      return unreachable(effect);
  }
}

function sendOrWait(
  world: World,
  node: number,
  slot: Ref<ThreadPart>,
  effect: Extract<Effect, { type: 'send' }>,
): 'broken' | 'wait' | null {
  const how = send(world, node, effect.link, effect.packet);
  if (how === 'broken') return 'broken';
  if (how === 'sent') return null;
  waitForRoom(world, slot, effect.link);
  return 'wait';
}

function performAll(world: World, handle: NodeHandle, slot: Ref<ThreadPart>, effects: readonly Effect[]): null {
  for (const effect of effects) {
    assert(effect.type === 'enqueue' || effect.type === 'signal', () => `${effect.type} inside an atomic effect`);
    perform(world, handle, slot, effect);
  }
  return null;
}

/** A port that another thread of the process still listens on is in use. */
function listen(world: World, handle: NodeHandle, port: string): 'io' | null {
  if (peek(world.parts, handle.part).ports.has(port)) return 'io';
  own(world.parts, handle.part).ports.set(port, { backlog: [] });
  return null;
}

function unlisten(world: World, handle: NodeHandle, port: string): void {
  const bound = peek(world.parts, handle.part).ports.get(port);
  if (bound === undefined) return;
  own(world.parts, handle.part).ports.delete(port);
  wakeAcceptors(world, peek(world.parts, handle.part), port);
  for (const { link } of bound.backlog) closeLink(world, handle.index, link);
}

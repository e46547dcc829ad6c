/**
 * What a thread is sent is known to its senders and to it, not to the mailbox between. A guard made of the types it takes tells the
 * compiler at the thread's door; an unknown one is a Bug there.
 */
import { assert } from '../base/assert.ts';
import type { HostInput, Item } from '../base/step.ts';

/** Every type of T, so that none can be forgotten. */
type TypesOf<T extends Item> = Readonly<Record<T['type'], true>>;

/** For the inputs made by the host. */
export const HOST_INPUTS: TypesOf<HostInput> = {
  packet: true,
  closed: true,
  accepted: true,
  connected: true,
  refused: true,
  signalled: true,
  ended: true,
  interrupted: true,
  timeout: true,
  failed: true,
};

export type InputGuard<T extends Item> = (input: Item) => asserts input is T;

export function makeInputGuard<T extends Item>(thread: string, types: TypesOf<T>): InputGuard<T> {
  const known: ReadonlySet<string> = new Set(Object.keys(types));
  return (input) => assert(known.has(input.type), () => `${thread} got ${input.type}`);
}

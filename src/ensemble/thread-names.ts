/** The threads of servers and clients by name, for whoever points at one from outside. */
import { CLIENT_THREAD_NAMES, SEND_THREAD } from '../client/thread-kinds.ts';
import { SERVER_KIND_FIRST, SERVER_THREAD_NAMES } from '../server/thread-kinds.ts';
import { ZAB_THREAD_NAMES } from '../zab/thread-kinds.ts';
import { OUTSIDE_CONNECTION, OUTSIDE_THREAD_NAMES } from './tcp-action.ts';

const FIRST_KINDS: readonly (readonly [number, readonly string[]])[] = [
  [0, ZAB_THREAD_NAMES],
  [SERVER_KIND_FIRST, SERVER_THREAD_NAMES],
  [SEND_THREAD, CLIENT_THREAD_NAMES],
  [OUTSIDE_CONNECTION, OUTSIDE_THREAD_NAMES],
];

export const THREAD_NAMES: readonly string[] = FIRST_KINDS.flatMap(([, names]) => names);

/** Its kind; -1 when there is no such thread. */
export function threadKindOf(name: string): number {
  for (const [first, names] of FIRST_KINDS) {
    const at = names.indexOf(name);
    if (at !== -1) return first + at;
  }
  return -1;
}

export function threadNameOf(kind: number): string {
  for (const [first, names] of FIRST_KINDS) {
    const name = names[kind - first];
    if (name !== undefined) return name;
  }
  return `thread${kind}`;
}

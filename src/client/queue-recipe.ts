/** A queue: items are sequential nodes, and the one with the lowest number is next. */
import type { Bytes } from '../base/bytes.ts';
import type { ClientDecisions } from './decisions.ts';
import { createOf, line, pathOf, patiently, withPath } from './recipe.ts';
import type { Program } from './sequence.ts';
import { failed } from './tree-commands.ts';

/** Once only: an item whose answer was lost may have been taken already, so that nobody can tell whether it was ever there. */
export function* offer(path: string, data: Bytes | null, tag: string): Program {
  const answer = yield createOf(`${path}/${tag}-`, data, 'PERSISTENT_SEQUENTIAL');
  const item = pathOf(answer);
  return item === null ? failed(answer.error) : withPath(item);
}

/** NONODE when the queue is empty. Others take at the same time: of several deletes of one item only one succeeds. */
export function* take(path: string, decide: ClientDecisions): Program {
  const items = yield* line(path, false);
  if (typeof items === 'string') return failed(items);
  for (const name of items) {
    const item = `${path}/${name}`;
    const read = yield* patiently({ op: 'getData', path: item, watch: false });
    if (read.error === 'NONODE') continue;
    if (read.error !== 'OK') return failed(read.error);
    const { error } = yield { op: 'delete', path: item, version: -1 };
    if (error === 'OK' || (error === 'NONODE' && !decide.takesByDelete)) return withPath(item);
    if (error !== 'NONODE') return failed(error);
  }
  return failed('NONODE');
}

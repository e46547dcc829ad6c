/** The double barrier: nobody starts before `size` have entered, and nobody is gone before all are done. */
import { compareText } from '../base/text.ts';
import type { ErrorCode } from '../server/protocol.ts';
import type { ClientDecisions } from './decisions.ts';
import { createOf, patiently, removeOwn, withPath } from './recipe.ts';
import { errorOf, type Program } from './sequence.ts';
import { childrenOf, failed } from './tree-commands.ts';

const READY = 'ready';

export function* enterBarrier(path: string, size: number, tag: string): Program {
  const own = `${path}/${tag}`;
  const ready = `${path}/${READY}`;
  const created = yield* patiently(createOf(own, null, 'EPHEMERAL'));
  if (created.error !== 'OK' && created.error !== 'NODEEXISTS') return failed(created.error);
  const open = yield* patiently({ op: 'exists', path: ready, watch: true });
  if (open.error === 'OK') return withPath(own);
  if (open.error !== 'NONODE') return failed(open.error);
  const names = yield* participants(path);
  if (typeof names === 'string') return failed(names);
  if (names.length >= size) {
    const { error } = yield* patiently(createOf(ready, null, 'PERSISTENT'));
    return error === 'OK' || error === 'NODEEXISTS' ? withPath(own) : failed(error);
  }
  const woken = yield { op: 'await', path: ready, before: ready };
  return woken.error === 'OK' ? withPath(own) : failed(woken.error);
}

function* participants(path: string): Program<readonly string[] | ErrorCode> {
  for (;;) {
    const names = yield* childrenOf(path, 'getChildren');
    if (names === 'CONNECTIONLOSS') continue;
    return typeof names === 'string' ? names : names.filter((name) => name !== READY).toSorted(compareText);
  }
}

/** All but the lowest delete their nodes and wait for it; the lowest waits for the highest, and is the last. */
export function* leaveBarrier(path: string, held: string | null, decide: ClientDecisions): Program {
  if (held === null) return failed('NONODE');
  if (!decide.leavesWithOthers) return yield* removeOwn(held);
  const own = held.slice(path.length + 1);
  for (;;) {
    const names = yield* participants(path);
    if (typeof names === 'string') return failed(names);
    const [lowest] = names;
    if (lowest === undefined) return { error: 'OK', told: [] };
    if (names.length === 1 && lowest === own) return yield* closeBarrier(path, held);
    if (lowest !== own && names.includes(own)) {
      const { error, told } = yield* removeOwn(held);
      if (error !== 'OK') return { error, told };
    }
    const before = `${path}/${lowest === own ? names[names.length - 1] : lowest}`;
    const there = yield* patiently({ op: 'getData', path: before, watch: true });
    if (there.error === 'NONODE') continue;
    if (there.error !== 'OK') return failed(there.error);
    const woken = yield { op: 'await', path: before, before };
    if (woken.error !== 'OK') return failed(woken.error);
  }
}

/** The last one also makes the barrier fit for another round. */
function* closeBarrier(path: string, own: string): Program {
  const answer = yield* patiently({
    op: 'multi',
    ops: [
      { op: 'delete', path: own, version: -1 },
      { op: 'delete', path: `${path}/${READY}`, version: -1 },
    ],
  });
  const error = errorOf(answer);
  return error === 'NONODE' ? yield* removeOwn(own) : { error, told: [] };
}

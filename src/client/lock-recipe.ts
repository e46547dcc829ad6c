/** Locks and leader election: who comes first in a line of ephemeral sequential nodes holds the lock, or leads. */
import type { Bytes } from '../base/bytes.ts';
import type { ClientDecisions } from './decisions.ts';
import type { ClientOperation } from './items.ts';
import { createOf, line, pathOf, patiently, removeOwn, withPath } from './recipe.ts';
import { errorOf, type Program, type SequenceOutcome } from './sequence.ts';
import { failed } from './tree-commands.ts';

export function* standInLine(path: string, tag: string, decide: ClientDecisions): Program {
  const own = yield* joinLine(path, tag, decide);
  if (typeof own !== 'string') return own;
  const isWatchingAll = decide.watchesInLine === 'parent';
  for (;;) {
    const waiting = yield* line(path, isWatchingAll);
    if (typeof waiting === 'string') return failed(waiting);
    const place = waiting.indexOf(own.slice(path.length + 1));
    if (place === -1) return failed('NONODE');
    const before = waiting[place - 1];
    if (before === undefined) return withPath(own);
    const predecessor = `${path}/${before}`;
    if (!isWatchingAll) {
      // getData leaves no watch where there is no node; exists would, and nobody would ever need it.
      const { error } = yield* patiently({ op: 'getData', path: predecessor, watch: true });
      if (error === 'NONODE') continue;
      if (error !== 'OK') return failed(error);
    }
    const woken = yield { op: 'await', path: isWatchingAll ? path : predecessor, before: predecessor };
    if (woken.error !== 'OK') return failed(woken.error);
    if (!decide.looksAgainWhenWoken) return withPath(own);
  }
}

/**
 * Makes the node. When the answer is lost it may be there all the same: its name tells. The sync comes first, since the server that the client
 * is at now may not have heard of it yet.
 */
function* joinLine(path: string, tag: string, decide: ClientDecisions): Program<string | SequenceOutcome> {
  for (;;) {
    const answer = yield createOf(`${path}/${tag}-`, null, 'EPHEMERAL_SEQUENTIAL');
    const own = pathOf(answer);
    if (own !== null) return own;
    if (answer.error !== 'CONNECTIONLOSS') return failed(answer.error);
    if (!decide.looksForOwnNode) continue;
    const synced = yield* patiently({ op: 'sync', path });
    if (synced.error !== 'OK') return failed(synced.error);
    const waiting = yield* line(path, false);
    if (typeof waiting === 'string') return failed(waiting);
    const mine = waiting.find((name) => name.startsWith(`${tag}-`));
    if (mine !== undefined) return `${path}/${mine}`;
  }
}

export function* leaveLine(held: string | null): Program {
  return held === null ? failed('NONODE') : yield* removeOwn(held);
}

/**
 * The holder's node is its fencing token: checked in one transaction with the write. That the holder believes to have the lock is not enough,
 * since its session may be over, and it may come back with another.
 */
export function* guardedSet(target: string, data: Bytes, held: string | null, decide: ClientDecisions): Program {
  if (held === null) return failed('NONODE');
  const write = { op: 'setData', path: target, data, version: -1 } as const;
  const guarded: ClientOperation = { op: 'multi', ops: [{ op: 'check', path: held, version: -1 }, write] };
  const answer = yield decide.fencesWrites ? guarded : write;
  const error = errorOf(answer);
  const { result } = answer;
  const written = result !== null && 'results' in result ? (result.results[1]?.result ?? null) : result;
  if (error !== 'OK' || written?.op !== 'setData') return failed(error);
  return { error, told: [{ key: 'written', path: target, zxid: written.stat.mzxid, lock: held }] };
}

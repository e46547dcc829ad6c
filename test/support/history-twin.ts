// The slow twin of I-LIN, by exhaustive search in the manner of Wing and Gong: is there any choice of the zxids of calls with unknown outcomes, or
// of their never having happened, with which a tree played from the beginning gives every answer that was given?

import type { HistoryEntry, Invoked, Returned } from '../../src/check/history.ts';
import { applyTo, type Tree } from './random-history.ts';

interface Write {
  readonly operation: Invoked['operation'];
  readonly after: number;
}

export function isExplainable(entries: readonly HistoryEntry[], limit: number): boolean {
  const answers = entries.filter((entry): entry is Returned => entry.type === 'returned' && entry.outcome === 'answered');
  const writes = answers.filter(({ operation }) => operation.op !== 'getData');
  if (new Set(writes.map(({ zxid }) => zxid)).size < writes.length) return false;
  if (writes.some((each) => each.zxid <= toldBefore(entries, each) || each.zxid <= seenBefore(entries, each))) return false;
  const unknown = entries.flatMap((entry): Write[] => {
    if (entry.type !== 'invoked' || entry.operation.op === 'getData') return [];
    const isAnswered = answers.some((each) => each.call === entry.call);
    return isAnswered ? [] : [{ operation: entry.operation, after: toldBefore(entries, entry) }];
  });
  const played = new Map(writes.map(({ zxid, operation }) => [zxid, { operation, after: -1 }]));
  const first = Math.min(...answers.map(({ zxid }) => zxid), limit);
  return search(unknown, played, { first, limit }, (all) => givesAnswers(all, answers, limit));
}

/** The newest zxid that anybody had been told of when the call was made. */
function toldBefore(entries: readonly HistoryEntry[], { call }: { readonly call: number }): number {
  const at = entries.findIndex((entry) => entry.type === 'invoked' && entry.call === call);
  return Math.max(-1, ...entries.slice(0, at).map((entry) => (entry.type === 'returned' ? entry.zxid : -1)));
}

function seenBefore(entries: readonly HistoryEntry[], { call, session }: Returned): number {
  const at = entries.findIndex((entry) => entry.type === 'returned' && entry.call === call);
  return Math.max(-1, ...entries.slice(0, at).map((entry) => (entry.type === 'returned' && entry.session === session ? entry.zxid : -1)));
}

type Played = ReadonlyMap<number, Write>;

function search(
  unknown: readonly Write[],
  played: Played,
  range: { readonly first: number; readonly limit: number },
  judge: (all: Played) => boolean,
): boolean {
  const [next, ...rest] = unknown;
  if (next === undefined) return judge(played);
  if (search(rest, played, range, judge)) return true;
  for (let zxid = Math.max(range.first, next.after + 1); zxid <= range.limit; zxid++) {
    if (!played.has(zxid) && search(rest, new Map(played).set(zxid, next), range, judge)) return true;
  }
  return false;
}

function givesAnswers(played: Played, answers: readonly Returned[], limit: number): boolean {
  const zxids = [...played.keys()].filter((zxid) => zxid <= limit).sort((a, b) => a - b);
  const trees = new Map<number, Tree>();
  let tree: Tree = {};
  for (const zxid of zxids) {
    const write = played.get(zxid)!;
    const applied = applyTo(tree, write.operation, zxid);
    const answer = answers.find((each) => each.zxid === zxid && each.operation === write.operation);
    if (answer !== undefined && !isSame(answer, applied)) return false;
    tree = applied.tree;
    trees.set(zxid, tree);
  }
  return answers.every((answer) => {
    if (answer.operation.op !== 'getData') return true;
    const at = zxids.filter((zxid) => zxid <= answer.zxid).at(-1);
    return isSame(answer, applyTo(at === undefined ? {} : trees.get(at)!, answer.operation, answer.zxid));
  });
}

function isSame(answer: Returned, { error, result }: Pick<Returned, 'error' | 'result'>): boolean {
  return answer.error === error && JSON.stringify(answer.result) === JSON.stringify(result);
}

/** How an answer's word on one node meets what earlier answers said of it. */
import type { Zxid } from '../base/zxid.ts';
import type { CallName } from './history.ts';
import { measureGaps, mayVanish, unexplained } from './node-gaps.ts';
import {
  candidatesOf,
  forgetOld,
  indexUpTo,
  isOfServers,
  ownLine,
  parentOf,
  type NodeFact,
  type NodeHistory,
  type NodeLine,
  type NodeState,
} from './node-history.ts';
import type { FindingOf } from './violation.ts';

type Found = FindingOf<'I-LIN'> | null;

/** `by` was told at `zxid` of this state, or that there is no such node (null). `isMade`: it made it so itself. */
export function tellNode(
  nodes: NodeHistory,
  path: string,
  state: NodeState | null,
  how: { readonly by: CallName; readonly zxid: Zxid; readonly isMade: boolean; readonly isAtOnce?: boolean },
): Found {
  if (isOfServers(path)) return null;
  const line = ownLine(nodes, path);
  const from = state?.mzxid ?? how.zxid;
  if (from > how.zxid) return { property: 'I-LIN', kind: 'ahead', operands: { call: how.by, path, changed: from } };
  if (how.zxid < line.cutAt) {
    nodes.gaveUp = true;
    return null;
  }
  const index = indexUpTo(line.facts, from);
  const fact: NodeFact = {
    from,
    to: how.zxid,
    state,
    by: how.by,
    last: how.by,
    isMade: how.isMade,
    isAtOnce: how.isAtOnce === true,
    gaps: [],
  };
  const other = conflict(line, index, fact);
  if (other !== null) return { property: 'I-LIN', kind: 'contradiction', operands: { call: how.by, path, other } };
  placeFact(nodes, line, index, fact);
  noteChild(nodes, path, line);
  forgetOld(nodes, line);
  return judgeGaps(nodes, path, line);
}

function placeFact(nodes: NodeHistory, line: NodeLine, index: number, fact: NodeFact): void {
  const known = line.facts[index];
  if (known?.from !== fact.from) {
    line.facts.splice(index + 1, 0, fact);
    measureGaps(nodes, line, index + 1);
    return;
  }
  line.facts[index] = merged(known, fact);
  if (known.gaps.length > 0 || fact.isMade) measureGaps(nodes, line, index);
}

function merged(known: NodeFact, told: NodeFact): NodeFact {
  const isLater = told.to > known.to;
  const data = known.state?.data === undefined ? told.state?.data : known.state.data;
  return {
    from: known.from,
    to: isLater ? told.to : known.to,
    state: known.state === null ? null : { ...known.state, data },
    by: told.isMade ? told.by : known.by,
    last: isLater ? told.last : known.last,
    isMade: known.isMade || told.isMade,
    isAtOnce: known.isAtOnce || told.isAtOnce,
    gaps: known.gaps,
  };
}

/** The call that was told what cannot be true beside the new fact. */
function conflict({ facts }: NodeLine, index: number, fact: NodeFact): CallName | null {
  const before = facts[index];
  const after = facts[index + 1];
  if (before !== undefined && before.from === fact.from) {
    if (!sameState(before.state, fact.state) || (before.isMade && fact.isMade && before.by !== fact.by)) return before.by;
  } else if (before !== undefined && !canFollow(before, fact)) return before.last;
  return after !== undefined && !canFollow(fact, after) ? after.by : null;
}

function sameState(a: NodeState | null, b: NodeState | null): boolean {
  if (a === null || b === null) return a === b;
  return a.czxid === b.czxid && a.version === b.version && (a.data === undefined || b.data === undefined || a.data === b.data);
}

function canFollow(before: NodeFact, after: NodeFact): boolean {
  if (before.to >= after.from) return false;
  if (after.state === null) return true;
  const { czxid, version } = after.state;
  return before.state?.czxid === czxid ? before.state.version < version : before.to < czxid;
}

/** After a call's outcome has become known it explains nothing else. */
export function judgeGaps(nodes: NodeHistory, path: string, line: NodeLine | undefined): Found {
  if (line === undefined || line.open === 0) return null;
  const fact = unexplained(nodes, line, path);
  if (fact === null) return null;
  const missing = fact.gaps[0]?.change ?? 'set';
  return { property: 'I-LIN', kind: 'unexplained', operands: { call: fact.by, path, changed: fact.from, missing } };
}

/** What the node was at that zxid, null for not there; undefined where nobody can tell. */
export function stateAt(nodes: NodeHistory, path: string, zxid: Zxid): NodeFact | null | undefined {
  if (!nodes.isWhole || isOfServers(path) || path === '/') return undefined;
  const line = nodes.lines.get(path);
  if (line === undefined) return candidatesOf(nodes, path).length > 0 ? undefined : null;
  const index = indexUpTo(line.facts, zxid);
  const fact = line.facts[index];
  const next = line.facts[index + 1];
  if (fact !== undefined && fact.to >= zxid) return fact.state === null ? null : fact;
  if (zxid < line.cutAt || (next?.gaps.length ?? 0) > 0 || candidatesOf(nodes, path).length > 0) return undefined;
  // A create that is known to have come later had nothing before it.
  if ((next?.state?.czxid ?? Infinity) <= zxid) return undefined;
  if (fact === undefined || fact.state === null) return null;
  return mayVanish(nodes, fact.state, zxid) ? undefined : fact;
}

function noteChild({ children }: NodeHistory, path: string, { facts }: NodeLine): void {
  const parent = parentOf(path);
  const known = children.get(parent);
  const isThere = (facts.at(-1)?.state ?? null) !== null;
  if ((known?.has(path) ?? false) === isThere) return;
  const next = new Set(known);
  if (isThere) next.add(path);
  else next.delete(path);
  children.set(parent, next);
}

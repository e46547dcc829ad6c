/**
 * What lies between two facts of a node without anybody having been told, and whether calls with unknown outcomes can have done it: each of
 * them at most one of these changes, after it was made. A matching, not an enumeration of orders, because versions say what comes after what.
 */
import type { Zxid } from '../base/zxid.ts';
import { candidatesOf, type Candidate, type Gap, type NodeFact, type NodeHistory, type NodeLine, type NodeState } from './node-history.ts';

/** Recomputes the gaps before the facts at `index` and after it. */
export function measureGaps(nodes: NodeHistory, line: NodeLine, index: number): void {
  if (!nodes.isWhole) return;
  for (const i of [index, index + 1]) {
    const fact = line.facts[i];
    if (fact === undefined || (i === 0 && line.cutAt > 0)) continue;
    const gaps = gapsBetween(nodes, line.facts[i - 1] ?? null, fact);
    if (gaps.length === 0 && fact.gaps.length === 0) continue;
    line.open += (gaps.length > 0 ? 1 : 0) - (fact.gaps.length > 0 ? 1 : 0);
    line.facts[i] = { ...fact, gaps };
  }
}

const NO_GAPS: readonly Gap[] = [];

function gapsBetween(nodes: NodeHistory, before: NodeFact | null, after: NodeFact): readonly Gap[] {
  if (after.isAtOnce) return NO_GAPS;
  const old = before?.state ?? null;
  if (after.state === null) {
    if (old === null) return after.isMade ? [{ change: 'create', until: after.from, version: 0, data: undefined }] : NO_GAPS;
    return after.isMade ? NO_GAPS : goneBy(nodes, old, after.from);
  }
  const { state } = after;
  if (old !== null && old.czxid === state.czxid) {
    if (after.isMade && state.version === old.version + 1) return NO_GAPS;
    return setsUpTo(after, state, old.version + 1);
  }
  if (after.isMade && state.mzxid === state.czxid) return old === null ? NO_GAPS : goneBy(nodes, old, state.czxid);
  return [...(old === null ? NO_GAPS : goneBy(nodes, old, state.czxid)), ...born(state), ...setsUpTo(after, state, 1)];
}

/** Nodes of zxid 0 have always been there. */
function born({ czxid, version, data }: NodeState): readonly Gap[] {
  return czxid === 0 ? NO_GAPS : [{ change: 'create', until: czxid, version: 0, data: version === 0 ? data : undefined }];
}

/** Beyond so many unknown writes to one node it does not matter how many they are. */
const SETS_MAX = 100;

function setsUpTo({ isMade, from }: NodeFact, { version, data }: NodeState, first: number): readonly Gap[] {
  const gaps: Gap[] = [];
  const last = isMade ? version - 1 : version;
  for (let each = Math.max(first, last - SETS_MAX); each <= last; each++)
    gaps.push({ change: 'set', until: from, version: each, data: each === version ? data : undefined });
  return gaps;
}

/** A session that ended, and the servers themselves, delete nodes without being told to. */
function goneBy(nodes: NodeHistory, old: NodeState, until: Zxid): readonly Gap[] {
  return mayVanish(nodes, old, until) ? NO_GAPS : [{ change: 'delete', until, version: old.version, data: undefined }];
}

/** A session that wrote later had not ended. */
export function mayVanish({ aliveAt }: NodeHistory, { owner }: NodeState, until: Zxid): boolean {
  return owner !== null && (aliveAt.get(owner) ?? 0) < until;
}

/** A fact that no unknown call explains, or null. */
export function unexplained(nodes: NodeHistory, line: NodeLine, path: string): NodeFact | null {
  if (line.open === 0) return null;
  const candidates = candidatesOf(nodes, path);
  /** By candidate, the gap it fills. */
  const filled: Filling[] = candidates.map(() => null);
  // The newest first: those with gaps are among the last.
  for (let i = line.facts.length - 1, left = line.open; i >= 0 && left > 0; i--) {
    const fact = line.facts[i];
    if (fact === undefined || fact.gaps.length === 0) continue;
    left -= 1;
    for (const gap of fact.gaps) if (!fill(gap, candidates, filled, new Set())) return fact;
  }
  return null;
}

type Filling = Gap | null;

/** An augmenting path of the matching. */
function fill(gap: Gap, candidates: readonly Candidate[], filled: Filling[], tried: Set<number>): boolean {
  for (const [i, candidate] of candidates.entries()) {
    if (tried.has(i) || !fits(gap, candidate)) continue;
    tried.add(i);
    const other = filled[i] ?? null;
    if (other !== null && !fill(other, candidates, filled, tried)) continue;
    filled[i] = gap;
    return true;
  }
  return false;
}

function fits(gap: Gap, { call, change, version, data }: Candidate): boolean {
  if (change !== gap.change || (call.after?.zxid ?? -1) >= gap.until) return false;
  if (change === 'delete') return version === -1 || version >= gap.version;
  if (gap.data !== undefined && gap.data !== data) return false;
  return change === 'create' || version === -1 || version === gap.version - 1;
}

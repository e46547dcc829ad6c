/**
 * What answers tell of each node, by zxid. A Stat names the transactions that made a node and that changed it last, so two answers that tell
 * of one state of a node agree, and two that do not have something between them: a write that a client was told of, or one whose outcome
 * nobody knows. Whatever order the answers come in, each is compared with its neighbours only.
 */
import type { Bytes } from '../base/bytes.ts';
import type { Zxid } from '../base/zxid.ts';
import type { CallName } from './history.ts';
import type { OpenCall } from './history-ghost.ts';

export interface NodeState {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly version: number;
  /** Undefined where the answer does not tell. */
  readonly data: Bytes | null | undefined;
  /** Of an ephemeral node the session; '' for a node that the servers may delete on their own; null for one that stays. */
  readonly owner: string | null;
}

/** From `from` to `to` the node had this state, or, null, was not there. */
export interface NodeFact {
  readonly from: Zxid;
  readonly to: Zxid;
  readonly state: NodeState | null;
  /** Who told it first, and who told of `to`. */
  readonly by: CallName;
  readonly last: CallName;
  /** `by` made it so, at `from`. */
  readonly isMade: boolean;
  /** Its transaction changed the node more than once: what came before cannot be told from it. */
  readonly isAtOnce: boolean;
  /** Changes between the fact before and this one that nobody was told of. */
  readonly gaps: readonly Gap[];
}

/** A change that must have happened, at a zxid up to `until`. */
export interface Gap {
  readonly change: 'create' | 'set' | 'delete';
  readonly until: Zxid;
  /** After the change; of a delete before it, or -1. */
  readonly version: number;
  readonly data: Bytes | null | undefined;
}

/** What a call without a known outcome may do to a node. */
export interface Candidate {
  readonly call: OpenCall;
  readonly change: Gap['change'];
  /** The version it asks for; -1 for any. */
  readonly version: number;
  readonly data: Bytes | null;
}

export interface NodeLine {
  readonly facts: NodeFact[];
  /** Facts with gaps. */
  open: number;
  /** Facts before this zxid have been forgotten. */
  cutAt: Zxid;
  /** The history that may change it; others copy it first. */
  readonly owner: object;
}

export interface NodeHistory {
  readonly isWhole: boolean;
  readonly lines: Map<string, NodeLine>;
  /** By path, or by what the path of a sequential node begins with. */
  readonly candidates: Map<string, readonly Candidate[]>;
  /** By parent, the nodes that were there when they were last told of. */
  readonly children: Map<string, ReadonlySet<string>>;
  /** By session: its ephemeral nodes, and its last write. */
  readonly ephemerals: Map<string, readonly string[]>;
  readonly aliveAt: Map<string, Zxid>;
  /** An answer came that could not be judged: too old, or too much is unknown. */
  gaveUp: boolean;
  owner: object;
}

/** More than a reader lags behind; half of them go at once. */
const FACTS_MAX = 512;
/** Gaps of one node that are kept open: each may be what any of the unknown calls did. */
const OPEN_MAX = 32;

export function makeNodeHistory(isWhole: boolean): NodeHistory {
  return {
    isWhole,
    lines: new Map(),
    candidates: new Map(),
    children: new Map(),
    ephemerals: new Map(),
    aliveAt: new Map(),
    gaveUp: false,
    owner: {},
  };
}

/** Neither writes to a line of the other from now on. */
export function copyNodeHistory(nodes: NodeHistory): NodeHistory {
  nodes.owner = {};
  return {
    ...nodes,
    lines: new Map(nodes.lines),
    candidates: new Map(nodes.candidates),
    children: new Map(nodes.children),
    ephemerals: new Map(nodes.ephemerals),
    aliveAt: new Map(nodes.aliveAt),
    owner: {},
  };
}

export function ownLine(nodes: NodeHistory, path: string): NodeLine {
  const known = nodes.lines.get(path);
  if (known?.owner === nodes.owner) return known;
  const line: NodeLine = { facts: known?.facts.slice() ?? [], open: known?.open ?? 0, cutAt: known?.cutAt ?? 0, owner: nodes.owner };
  nodes.lines.set(path, line);
  return line;
}

/** The last fact that begins at or before the zxid; -1 for none. Most are asked for at the end. */
export function indexUpTo(facts: readonly NodeFact[], zxid: Zxid): number {
  let low = 0;
  let high = facts.length;
  if ((facts[high - 1]?.from ?? Infinity) <= zxid) return high - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((facts[middle]?.from ?? Infinity) <= zxid) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Old facts go, and what only they could refute is judged no more. */
export function forgetOld(nodes: NodeHistory, line: NodeLine): void {
  const { facts } = line;
  if (facts.length <= FACTS_MAX && line.open <= OPEN_MAX) return;
  if (line.open > OPEN_MAX) nodes.gaveUp = true;
  facts.splice(0, Math.max(1, Math.floor(facts.length / 2)));
  const [first] = facts;
  if (first === undefined) return;
  facts[0] = { ...first, gaps: [] };
  line.cutAt = first.from;
  line.open = facts.filter(({ gaps }) => gaps.length > 0).length;
}

const SEQUENCE = /^(.*)-?\d{10}$/;

/** Of a node made by a sequential create, what its path begins with. */
export function prefixOf(path: string): string | null {
  return SEQUENCE.test(path) ? path.slice(0, -10) : null;
}

const NONE: readonly Candidate[] = [];

export function candidatesOf({ candidates }: NodeHistory, path: string): readonly Candidate[] {
  if (candidates.size === 0) return NONE;
  const own = candidates.get(path) ?? NONE;
  const prefix = prefixOf(path);
  const sequential = prefix === null ? NONE : (candidates.get(`${prefix}#`) ?? NONE);
  if (sequential.length === 0) return own;
  return own.length === 0 ? sequential : [...own, ...sequential];
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The servers' own: quotas, the configuration. */
export function isOfServers(path: string): boolean {
  return path === '/zookeeper' || path.startsWith('/zookeeper/');
}

/** What the judges of client histories remember: plain data that forks with the run. */
import type { Zxid } from '../base/zxid.ts';
import type { Operation } from '../server/protocol.ts';
import type { CallName } from './history.ts';
import { copyNodeHistory, makeNodeHistory, type NodeHistory } from './node-history.ts';

/** The newest that was told, and to which call. */
export interface Newest {
  readonly zxid: Zxid;
  readonly by: CallName;
}

/** A call under way, or one whose outcome nobody will know. */
export interface OpenCall {
  readonly client: string;
  readonly call: number;
  readonly operation: Operation;
  /** What anybody had been told when it was made: it takes effect after that. */
  readonly after: Newest | null;
  /** Of a sync: the newest write, or read after a sync, that had returned when it was made. */
  readonly covers: Newest | null;
}

export interface SessionHistory {
  /** Of its last answer. */
  readonly seen: Newest | null;
  /** A read after its last sync must not lie before this. */
  readonly synced: { readonly covers: Newest; readonly sync: CallName } | null;
}

export interface HistoryGhost {
  /** By client and call. */
  readonly open: Map<string, Map<number, OpenCall>>;
  readonly sessions: Map<string, SessionHistory>;
  newest: Newest | null;
  /** The newest write that returned, or read after a sync: what a sync promises to show. */
  newestDone: Newest | null;
  /** By zxid, the writes that were answered lately, and those before. */
  taken: Map<Zxid, CallName>;
  takenBefore: ReadonlyMap<Zxid, CallName>;
  readonly nodes: NodeHistory;
}

/** `isWhole`: nobody but the clients of the history writes. */
export function makeHistory(isWhole: boolean): HistoryGhost {
  return {
    open: new Map(),
    sessions: new Map(),
    newest: null,
    newestDone: null,
    taken: new Map(),
    takenBefore: new Map(),
    nodes: makeNodeHistory(isWhole),
  };
}

export function copyHistory(history: HistoryGhost): HistoryGhost {
  const open = new Map<string, Map<number, OpenCall>>();
  for (const [client, calls] of history.open) open.set(client, new Map(calls));
  return { ...history, open, sessions: new Map(history.sessions), taken: new Map(history.taken), nodes: copyNodeHistory(history.nodes) };
}

export function newerOf(a: Newest | null, b: Newest | null): Newest | null {
  if (a === null || b === null) return a ?? b;
  return b.zxid > a.zxid ? b : a;
}

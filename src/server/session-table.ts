/** ZKDatabase.sessionsWithTimeouts: the sessions of the replicated state, on every server alike (SESS-08), in snapshots. */
import type { Parts, Ref } from '../base/parts.ts';
import { makePartKind, own, peek } from '../base/parts.ts';
import { copyTable, makeTable, sortedKeys, type Table } from '../base/table.ts';

/** Session to timeout in milliseconds. */
export type SessionTable = Table<number>;

export const sessionTableKind = makePartKind<SessionTable>('sessions', { copy: copyTable });

export function makeSessionTable(): SessionTable {
  return makeTable();
}

export interface SessionEntry {
  readonly session: string;
  readonly timeoutMs: number;
}

export function putSession(parts: Parts, ref: Ref<SessionTable>, session: string, timeoutMs: number): void {
  own(parts, ref).set(session, timeoutMs);
}

export function removeSession(parts: Parts, ref: Ref<SessionTable>, session: string): void {
  if (peek(parts, ref).has(session)) own(parts, ref).delete(session);
}

export function hasSession(parts: Parts, ref: Ref<SessionTable>, session: string): boolean {
  return peek(parts, ref).has(session);
}

/** The negotiated timeout; null for a session that is not in the table. */
export function sessionTimeout(parts: Parts, ref: Ref<SessionTable>, session: string): number | null {
  return peek(parts, ref).get(session) ?? null;
}

/** All entries by session id: what a tracker starts from (SESS-32) and a snapshot holds. */
export function sessionEntries(parts: Parts, ref: Ref<SessionTable>): SessionEntry[] {
  const table = peek(parts, ref);
  return sortedKeys(table).map((session) => ({ session, timeoutMs: table.get(session) ?? 0 }));
}

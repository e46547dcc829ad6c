/**
 * What the properties learn: the notes of servers, clients and the ensemble, one at a time, each with its event; and, read-only, a few things
 * about the world that no note says.
 */
import type { Zxid } from '../base/zxid.ts';
import type { Note } from '../ensemble/note.ts';

export type NoteType = Note['type'];
export type NoteOf<T extends NoteType> = Extract<Note, { readonly type: T }>;
export type Txn = NoteOf<'broadcast'>['txn'];

/** Where a note comes from. The caller may reuse one object. */
export interface Where {
  readonly event: number;
  /** Virtual microseconds. */
  readonly at: number;
  readonly node: number;
}

/** A server as the properties know it. `node` is its index in the world. */
export interface CheckedServer {
  readonly sid: number;
  readonly node: number;
  readonly isVoter: boolean;
}

export interface CheckedClient {
  readonly name: string;
  readonly node: number;
}

/** The world after the event whose notes are being told. Nodes are servers. */
export interface WorldReader {
  /** Digest of the whole tree; null while a replay has not made it whole (DIG-05), or where digests are off. */
  readonly treeDigest: (node: number) => string | null;
  /** The session table. */
  readonly sessions: (node: number) => readonly string[];
  /** Sessions that own nodes. */
  readonly ephemeralOwners: (node: number) => readonly string[];
  readonly ephemeralsOf: (node: number, session: string) => readonly string[];
  /** Newest record of the log, page cache included; -1 for none. */
  readonly lastLogged: (node: number) => Zxid;
}

/**
 * One and the same transaction: replication shares the object. After a replay of the world it is another object of equal content; two
 * leaders that give out one zxid make two that differ.
 */
export function sameTxn(a: Txn, b: Txn): boolean {
  if (a === b) return true;
  return a.zxid === b.zxid && a.session === b.session && a.cxid === b.cxid && a.timeMs === b.timeMs && a.digest === b.digest;
}

/**
 * PrepRequestProcessor's view of the future: what the proposals that are not yet applied will make of each node they touch, newest per path
 * (PIPE-14), with the tree's digest after each (DIG-04). Exists on the leader only.
 */
import type { Bytes } from '../base/bytes.ts';
import type { Deque } from '../base/deque.ts';
import { at, copyDeque, lengthOf, makeDeque, push, shift } from '../base/deque.ts';
import type { Parts, Ref } from '../base/parts.ts';
import { makePartKind, own, peek, replace } from '../base/parts.ts';
import { copyTable, makeTable, type Table } from '../base/table.ts';
import type { Zxid } from '../base/zxid.ts';
import type { Acl } from './protocol.ts';
import type { StatPersisted } from './znode.ts';

/** A node as it will be. */
export interface PendingNode extends StatPersisted {
  readonly data: Bytes | null;
  readonly acl: Acl;
  readonly childCount: number;
  readonly digest: number;
}

export interface ChangeRecord {
  readonly zxid: Zxid;
  readonly key: string;
  /** null: it will be deleted. */
  readonly node: PendingNode | null;
  /** Of the whole tree after this change. */
  readonly treeDigest: number;
}

export interface OutstandingChanges {
  records: Deque<ChangeRecord>;
  /** The newest record of each path. */
  forPath: Table<ChangeRecord>;
}

export const outstandingChangesKind = makePartKind<OutstandingChanges>('outstanding-changes', {
  copy: (changes) => ({ records: copyDeque(changes.records), forPath: copyTable(changes.forPath) }),
  skip: ['ctime', 'mtime', 'digest', 'treeDigest'],
});

export function makeOutstandingChanges(): OutstandingChanges {
  return { records: makeDeque(), forPath: makeTable() };
}

export function outstandingFor(parts: Parts, ref: Ref<OutstandingChanges>, key: string): ChangeRecord | null {
  return peek(parts, ref).forPath.get(key) ?? null;
}

/** The newest record of all. */
export function lastOutstanding(parts: Parts, ref: Ref<OutstandingChanges>): ChangeRecord | null {
  const { records } = peek(parts, ref);
  const length = lengthOf(records);
  return length === 0 ? null : at(records, length - 1);
}

export function addOutstanding(parts: Parts, ref: Ref<OutstandingChanges>, record: ChangeRecord): void {
  const changes = own(parts, ref);
  push(changes.records, record);
  changes.forPath.set(record.key, record);
}

/** The records of transactions up to `zxid`, which the tree holds now. */
export function forgetUpTo(parts: Parts, ref: Ref<OutstandingChanges>, zxid: Zxid): void {
  const { records } = peek(parts, ref);
  if (lengthOf(records) === 0 || at(records, 0).zxid > zxid) return;
  const changes = own(parts, ref);
  while (lengthOf(changes.records) > 0 && at(changes.records, 0).zxid <= zxid) {
    const record = shift(changes.records);
    if (changes.forPath.get(record.key) === record) changes.forPath.delete(record.key);
  }
}

/**
 * Takes back the records of a multi that failed, the newest transaction. What the paths had before comes back, whatever they are: Java
 * restores only the paths that the operations name and their parents (TREE-11), not one that a sequence suffix made.
 */
export function rollBack(parts: Parts, ref: Ref<OutstandingChanges>, zxid: Zxid): void {
  if (lastOutstanding(parts, ref)?.zxid !== zxid) return;
  const changes = own(parts, ref);
  const kept = makeDeque<ChangeRecord>();
  changes.forPath.clear();
  for (let i = 0; i < lengthOf(changes.records); i++) {
    const record = at(changes.records, i);
    if (record.zxid === zxid) break;
    push(kept, record);
    changes.forPath.set(record.key, record);
  }
  changes.records = kept;
}

export function clearOutstandingChanges(parts: Parts, ref: Ref<OutstandingChanges>): void {
  replace(parts, ref, makeOutstandingChanges());
}

/**
 * The history of clients: what each called, when, and what it was told. Nothing in it comes from a server's memory, so that what real clients
 * wrote down can be judged in the same way. Entries come in the order in which they happened.
 */
import type { Zxid } from '../base/zxid.ts';
import type { Note } from '../ensemble/note.ts';
import { isWrite, type ErrorCode, type Operation, type Result } from '../server/protocol.ts';

export interface Invoked {
  readonly type: 'invoked';
  readonly client: string;
  readonly call: number;
  readonly operation: Operation;
}

/**
 * `zxid` is that of the answer's header. 'unknown': the call was sent and no answer came, so that it may take effect at any later time, or never.
 * 'unsent': it never left the client.
 */
export interface Returned {
  readonly type: 'returned';
  readonly client: string;
  readonly call: number;
  readonly session: string;
  readonly operation: Operation;
  readonly outcome: 'answered' | 'unknown' | 'unsent';
  readonly error: ErrorCode;
  readonly result: Result | null;
  readonly zxid: Zxid;
}

/** The client is gone: none of its calls will return. */
interface Ended {
  readonly type: 'ended';
  readonly client: string;
}

export type HistoryEntry = Invoked | Returned | Ended;

/** The call as violations name it. `zxid` is -1 where no answer told one. */
export interface CallName {
  readonly client: string;
  readonly call: number;
  readonly session: string;
  readonly op: Operation['op'];
  readonly path: string;
  readonly zxid: Zxid;
}

/** What a note of a simulated client adds to the history; null for one that adds nothing. */
export function historyEntry(note: Note, client: string): HistoryEntry | null {
  switch (note.type) {
    case 'client-invoked':
      return { type: 'invoked', client, call: note.call, operation: note.operation };
    case 'client-returned': {
      const { call, session, operation, error, result, zxid } = note;
      const outcome = zxid !== -1 ? 'answered' : note.xid > 0 ? 'unknown' : 'unsent';
      return { type: 'returned', client, call, session, operation, outcome, error, result, zxid };
    }
    case 'node-down':
      return { type: 'ended', client };
    default:
      return null;
  }
}

export function callName({ client, call, session, operation, zxid }: Returned): CallName {
  return { client, call, session, op: operation.op, path: pathOf(operation), zxid };
}

function pathOf(operation: Operation): string {
  if (operation.op === 'multi' && operation.ops.length > 0) return operation.ops.map(pathOf).join(', ');
  return 'path' in operation && operation.path !== null ? operation.path : '';
}

/** A multi of which one operation failed has no effect (MULTI-04). */
export function tookEffect({ operation, outcome, error, result }: Returned): boolean {
  if (outcome !== 'answered' || error !== 'OK' || !isWrite(operation)) return false;
  return result === null || result.op !== 'multi' || result.results.every((each) => each.error === 'OK');
}

/** Refused when it was prepared: it has a zxid of its own, and what it was compared with is the tree at that zxid (ID-03). */
const REFUSALS: readonly ErrorCode[] = ['NONODE', 'NODEEXISTS', 'BADVERSION', 'NOTEMPTY', 'NOCHILDRENFOREPHEMERALS'];

export function isRefused({ operation, outcome, error }: Returned): boolean {
  return outcome === 'answered' && isWrite(operation) && REFUSALS.includes(error);
}

/** Shows the tree at the zxid of its answer. */
export function isTreeRead({ op }: Operation): boolean {
  return READS.includes(op);
}

const READS: readonly Operation['op'][] = [
  'exists',
  'getData',
  'getACL',
  'getChildren',
  'getChildren2',
  'getAllChildrenNumber',
  'multiRead',
];

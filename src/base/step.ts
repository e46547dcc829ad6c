/**
 * The contract between a thread's code and whatever runs it (simulator, explorer, gateway). A step is a function of its context and one
 * input: it reads and writes the memory of its own process at once, and pushes effects, data that name what it asks of the outside:
 * packets, disk operations, items for other threads.
 *
 * One event performs one effect. A step may push several: the host performs the first in the step's own event and keeps the others as
 * the thread's `todo`, one later event each, in order. So a crash, or any other thread, can come between any two of them, and nobody
 * has to split a handler by hand to make that true. What must not be divided, because the original holds a monitor, is one `atomic`
 * effect. A `continue` in the list is where the thread's own code goes on: memory written there is written at that moment, not before.
 */
import type { Parts } from './parts.ts';

/** What lies in a mailbox or on a connection: any plain immutable data with a type; `zxid` where it is about one transaction. */
export interface Item {
  readonly type: string;
  readonly zxid?: number;
}

/** Address of a thread inside its process: kind, role incarnation, key (see `threadId`). */
export type ThreadId = number;

/** A connection, as its two ends and their threads name it. */
export type LinkId = number;

/** Kinds 0..127, incarnations below 2^22, keys 0..2^20-1, packed into one safe integer. Zab has kinds 0.., server 32.., client 64... */
export function threadId(kind: number, incarnation: number, key = 0): ThreadId {
  return (kind * 0x400000 + incarnation) * 0x100000 + key;
}
export function kindOf(id: ThreadId): number {
  return Math.floor(id / 0x40000000000);
}
export function incarnationOf(id: ThreadId): number {
  return Math.floor(id / 0x100000) % 0x400000;
}
export function keyOf(id: ThreadId): number {
  return id % 0x100000;
}

/** What a step may ask of its host. */
export type Effect =
  // connections
  /** Then block on 'connect'. `address` is how the other side sees this one, where it matters. */
  | { readonly type: 'connect'; readonly to: number; readonly port: string; readonly address?: string }
  | { readonly type: 'listen'; readonly port: string } // fails while the process listens on the port already
  | { readonly type: 'unlisten'; readonly port: string } // what waits in its backlog is reset
  | { readonly type: 'send'; readonly link: LinkId; readonly packet: Item } // waits while the receiver has no room
  | { readonly type: 'close'; readonly link: LinkId } // bytes already sent still arrive, then end of stream
  // disk: all but fsync are done at once, in the page cache
  | { readonly type: 'create'; readonly file: string } // empties an existing file
  | { readonly type: 'append'; readonly file: string; readonly record: Item; readonly bytes: number }
  | { readonly type: 'fsync'; readonly files: readonly string[] } // the thread is blocked until the disk is done
  | { readonly type: 'rename'; readonly from: string; readonly to: string }
  | { readonly type: 'truncate'; readonly file: string; readonly records: number } // keeps the first `records`
  | { readonly type: 'delete'; readonly file: string }
  // threads of the same process
  | { readonly type: 'enqueue'; readonly to: ThreadId; readonly item: Item } // dropped when there is no such thread
  | { readonly type: 'signal'; readonly condition: string } // wakes every thread that waits for it
  | { readonly type: 'start'; readonly thread: ThreadId; readonly item: Item } // its first input
  | { readonly type: 'interrupt'; readonly thread: ThreadId } // a waiting thread gets 'interrupted' at once, a busy one when it waits again
  | { readonly type: 'exit'; readonly reason: string } // the process ends as by `kill`
  | { readonly type: 'continue'; readonly item: Item } // this thread's own next step
  | { readonly type: 'atomic'; readonly effects: readonly Effect[] }; // enqueue and signal only: a section under one lock

/** What a thread waits for when its todo is done. `null`: the next item of its mailbox. Deadlines in virtual microseconds. */
export type Block =
  | { readonly on: 'queue'; readonly deadline: number } // the mailbox, or a timeout
  | { readonly on: 'read'; readonly link: LinkId; readonly deadline: number | null }
  | { readonly on: 'accept'; readonly port: string }
  | { readonly on: 'connect'; readonly deadline: number | null } // the connection asked for last
  | { readonly on: 'condition'; readonly condition: string; readonly deadline: number | null }
  | { readonly on: 'end'; readonly thread: ThreadId; readonly deadline: number | null } // join
  | { readonly on: 'sleep'; readonly until: number };

/** Inputs made by the host; every other input is an item from the thread's mailbox or from a `continue`. */
export type HostInput =
  | { readonly type: 'packet'; readonly link: LinkId; readonly packet: Item; readonly zxid: number }
  | { readonly type: 'closed'; readonly link: LinkId; readonly how: 'eof' | 'reset' | 'local' }
  | { readonly type: 'accepted'; readonly port: string; readonly link: LinkId; readonly from: number; readonly address: string | null }
  | { readonly type: 'connected'; readonly link: LinkId }
  | { readonly type: 'refused' }
  | { readonly type: 'signalled'; readonly condition: string }
  | { readonly type: 'ended'; readonly thread: ThreadId }
  | { readonly type: 'interrupted' }
  | { readonly type: 'timeout' }
  /** An effect failed (I/O error, full disk, write to a broken connection): the rest of the todo is dropped, as by an exception. */
  | { readonly type: 'failed'; readonly effect: Effect; readonly error: 'io' | 'full' | 'broken' };

/** The part of a thread that its own step may touch. */
export interface ThreadControl {
  readonly id: ThreadId;
  readonly kind: number;
  readonly incarnation: number;
  readonly key: number;
  blockedOn: Block | null;
  /** Set to end the thread after its todo. */
  ending: boolean;
}

/** Files as a process reads them: through the page cache. */
export interface FileReader {
  /** Names in order of UTF-16 units. */
  names(): readonly string[];
  exists(file: string): boolean;
  /** Number of records; 0 when absent. */
  records(file: string): number;
  /** Record `index`, or null where the stored bytes are torn or corrupt. */
  record(file: string, index: number): Item | null;
  /** Sum of the records' bytes. */
  bytes(file: string): number;
}

/** What every step gets; each layer extends it with its own refs and decisions. The same object serves every step of a world. */
export interface Context {
  readonly parts: Parts;
  /** Virtual time, integer microseconds. */
  readonly now: number;
  /** Index of the node this process runs on. */
  readonly node: number;
  readonly thread: ThreadControl;
  readonly effects: Effect[];
  readonly disk: FileReader;
  /** True when full notes are wanted; a note that only explains is then worth building. */
  readonly traced: boolean;
  /** A uniform draw in 0..n-1 from this node's stream of that name. */
  draw(stream: string, n: number): number;
  /** Says what happened and why, to the trace and to the properties. Never changes behaviour. */
  note(note: Item): void;
}

/** A thread: a mailbox, what it waits for, and the effects it has still to perform. */
import { copyDeque, makeDeque, type Deque } from '../base/deque.ts';
import { makePartKind } from '../base/parts.ts';
import { incarnationOf, keyOf, kindOf, type Block, type Effect, type HostInput, type Item, type ThreadControl, type ThreadId } from '../base/step.ts';

/** An item with the moment it became available and the event that put it there. */
export interface Entry {
  readonly item: Item;
  readonly at: number;
  readonly cause: number;
}

export interface ThreadPart extends ThreadControl {
  readonly node: number;
  readonly mailbox: Deque<Entry>;
  /** Effects to perform, the next one last. */
  todo: Effect[];
  blockedOn: Block | null;
  ending: boolean;
  /** Waits for the disk to finish an fsync. */
  syncing: boolean;
  /** An answer from the host that the next step gets: connected, refused, accepted, signalled, ended, interrupted, failed. */
  answer: { readonly input: HostInput; readonly at: number; readonly cause: number } | null;
  /** The connection asked for last, while it is not answered; -1 for none. */
  connecting: number;
  /** Interrupted while not blocked: told at the next block. */
  interrupted: boolean;
  /** Events of this thread so far. */
  steps: number;
  /** The last event of this thread: number and time. */
  lastEvent: number;
  readyAt: number;
  /** Stream of its service times. */
  readonly stream: number;
}

function copyThread(part: ThreadPart): ThreadPart {
  return { ...part, mailbox: copyDeque(part.mailbox), todo: part.todo.slice() };
}

export const THREAD = makePartKind<ThreadPart>('thread', {
  copy: copyThread,
  skip: ['at', 'cause', 'steps', 'lastEvent', 'readyAt', 'stream', 'deadline', 'until', 'head'],
});

export function makeThread(node: number, id: ThreadId, stream: number, now: number, cause: number): ThreadPart {
  return {
    node,
    id,
    kind: kindOf(id),
    incarnation: incarnationOf(id),
    key: keyOf(id),
    mailbox: makeDeque(),
    todo: [],
    blockedOn: null,
    ending: false,
    syncing: false,
    answer: null,
    connecting: -1,
    interrupted: false,
    steps: 0,
    lastEvent: cause,
    readyAt: now,
    stream,
  };
}

/** The thread that a process starts with. */
export const MAIN = 127;

/** A thread: a mailbox, what it waits for, and the effects it has still to perform. */
import { unreachable } from '../base/assert.ts';
import { copyDeque, makeDeque, type Deque } from '../base/deque.ts';
import { makePartKind } from '../base/parts.ts';
import {
  incarnationOf,
  keyOf,
  kindOf,
  type Block,
  type Effect,
  type HostInput,
  type Item,
  type LinkId,
  type ThreadControl,
  type ThreadId,
} from '../base/step.ts';

/** An item with the moment it became available and the event that put it there. */
export interface Entry {
  readonly item: Item;
  readonly at: number;
  readonly cause: number;
}

/** What ends a wait from outside, other than what lies in a mailbox, a link or a backlog. */
export type Answer = Extract<HostInput, { type: 'signalled' | 'ended' | 'interrupted' }>;

export interface ThreadPart extends ThreadControl {
  readonly node: number;
  readonly mailbox: Deque<Entry>;
  /** Effects to perform, the next one last. */
  todo: Effect[];
  blockedOn: Block | null;
  ending: boolean;
  /** Waits for the disk to finish an fsync. */
  syncing: boolean;
  /** The connection whose window has no room for the next effect, a send; -1 for none. */
  writing: LinkId;
  /** What the next step gets. */
  answer: { readonly input: Answer; readonly at: number; readonly cause: number } | null;
  /** The connection asked for last, while it is not answered; -1 for none. */
  connecting: LinkId;
  /** Interrupted while not blocked: told at the next wait. */
  interrupted: boolean;
  /** The last event of this thread: number and time. */
  lastEvent: number;
  readyAt: number;
  /** Stream of its service times. */
  readonly stream: number;
}

function copyThread(part: ThreadPart): ThreadPart {
  return { ...part, mailbox: copyDeque(part.mailbox), todo: part.todo.slice() };
}

/** Without times; items, effects and what it waits for count in full. */
function essenceOf(part: ThreadPart): unknown {
  const { node, id, ending, syncing, writing, connecting, interrupted, todo, mailbox, answer, blockedOn } = part;
  const items = mailbox.items.slice(mailbox.head).map((entry) => entry.item);
  return {
    node,
    id,
    ending,
    syncing,
    writing,
    connecting,
    interrupted,
    todo,
    items,
    answer: answer?.input ?? null,
    wait: waitOf(blockedOn),
  };
}

function waitOf(block: Block | null): unknown {
  if (block === null) return null;
  if (block.on === 'sleep') return ['sleep'];
  if (block.on === 'queue') return ['queue'];
  const timed = block.on !== 'accept' && block.deadline !== null;
  switch (block.on) {
    case 'read':
      return ['read', block.link, timed];
    case 'accept':
      return ['accept', block.port];
    case 'connect':
      return ['connect', timed];
    case 'condition':
      return ['condition', block.condition, timed];
    case 'end':
      return ['end', block.thread, timed];
    default:
      return unreachable(block);
  }
}

export const THREAD = makePartKind<ThreadPart>('thread', { copy: copyThread, essence: essenceOf, named: true });

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
    writing: -1,
    answer: null,
    connecting: -1,
    interrupted: false,
    lastEvent: cause,
    readyAt: now,
    stream,
  };
}

/** The thread that a process starts with. */
export const MAIN = 127;

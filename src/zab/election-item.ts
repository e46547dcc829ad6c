/** What the threads of the connection manager and the election give each other and themselves. */
import { assert } from '../base/assert.ts';
import type { Effect, HostInput, LinkId } from '../base/step.ts';
import type { HeardNotification } from './election-state.ts';
import type { Notification } from './packet.ts';
import type { Vote } from './vote.ts';

export type ElectionItem =
  /** First input of each thread. */
  | { readonly type: 'run' }
  /** To WorkerSender: ToSend. */
  | { readonly type: 'to-send'; readonly to: number; readonly notification: Notification }
  /** Connector: this side has shown itself and keeps the connection. */
  | { readonly type: 'keep'; readonly sid: number; readonly link: LinkId }
  /** Listener, Connector: the old workers are finished, the new pair takes their place. */
  | { readonly type: 'install'; readonly sid: number; readonly link: LinkId }
  /** Listener: dials back to the smaller id (CNX-02). */
  | { readonly type: 'call-back'; readonly sid: number }
  /** Connector: the attempt is over. */
  | { readonly type: 'dialled' }
  /** Last act of SendWorker.finish, on whichever thread called it. */
  | { readonly type: 'remove-sender'; readonly sid: number; readonly generation: number }
  /** WorkerReceiver: polls again. */
  | { readonly type: 'receive' }
  /** WorkerReceiver found this server LOOKING. */
  | { readonly type: 'offer'; readonly heard: HeardNotification }
  /** WorkerReceiver will reply with this vote; `round` null stands for the logicalclock at that moment (ELEC-09). */
  | { readonly type: 'answer'; readonly to: number; readonly vote: Vote; readonly round: number | null }
  /** lookForLeader: polls again. */
  | { readonly type: 'poll-recvqueue' }
  /** lookForLeader: goes on with the queue after this sid. */
  | { readonly type: 'connect-all'; readonly after: number }
  /** lookForLeader has set the state and returns. */
  | { readonly type: 'leave-election'; readonly vote: Vote };

export type ElectionInput = ElectionItem | HostInput;

const TYPES: readonly ElectionInput['type'][] = [
  'run',
  'to-send',
  'keep',
  'install',
  'call-back',
  'dialled',
  'remove-sender',
  'receive',
  'offer',
  'answer',
  'poll-recvqueue',
  'connect-all',
  'leave-election',
  'packet',
  'closed',
  'accepted',
  'connected',
  'refused',
  'signalled',
  'ended',
  'interrupted',
  'timeout',
  'failed',
];
const TYPE_SET: ReadonlySet<string> = new Set(TYPES);

/** The thread's own next step. */
export function continueWith(item: ElectionItem): Effect {
  return { type: 'continue', item };
}

/** A thread gets inputs of the host and what this layer's threads put in its mailbox, nothing else: the type says which. */
export function electionInputOf(item: { readonly type: string }): ElectionInput {
  assert(isElectionInput(item), () => `an election thread got ${item.type}`);
  return item;
}

function isElectionInput(item: { readonly type: string }): item is ElectionInput {
  return TYPE_SET.has(item.type);
}

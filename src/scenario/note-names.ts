/** Which notes are reasons and not facts: a scenario that asks for one has to be traced. The compiler keeps the list complete. */
import type { ClientReason } from '../client/note.ts';
import type { ServerReason } from '../server/note.ts';
import type { ZabReason } from '../zab/note.ts';

type Reason = ZabReason | ServerReason | ClientReason;

/** Not noted unless a run is traced. */
const REASONS: Readonly<Record<Reason['type'], true>> = {
  'election-started': true,
  'vote-adopted': true,
  'vote-kept': true,
  'vote-ignored': true,
  'round-adopted': true,
  'quorum-agrees': true,
  'better-vote-during-finalize': true,
  elected: true,
  'leader-not-confirmed': true,
  'notification-timeout': true,
  'election-connection': true,
  'last-message-resent': true,
  'send-queue-overwritten': true,
  'epoch-proposed': true,
  'epoch-awaited': true,
  'epoch-accepted-by-learner': true,
  'epoch-refused': true,
  'epoch-acked': true,
  'follower-ahead': true,
  'newleader-acked': true,
  'ack-counted': true,
  'ack-ignored': true,
  'commit-waits': true,
  'left-role': true,
  'connect-refused': true,
  'handler-closed': true,
  'packet-not-logged': true,
  'in-sync-applied': true,
  'discontinuous-proposal': true,
  ping: true,
  'connect-refused-newer-zxid': true,
  'connection-closed': true,
  'session-invalid': true,
  'session-moved': true,
  'request-prepared': true,
  'request-forwarded': true,
  'read-waits-for-write': true,
  'request-dropped': true,
  'session-touched': true,
  'client-dials': true,
  'client-attempt-failed': true,
  'client-pings': true,
  'quota-exceeded': true,
};

export function isReason(note: string): boolean {
  return Object.hasOwn(REASONS, note);
}

/** What a simulated client observes: its history is what the client properties judge. */
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode, Operation, Result, WatchEventType } from '../server/protocol.ts';
import type { SequenceOperation } from './items.ts';
import type { Told } from './sequence.ts';

/** ZooKeeper.States, as far as a client without SASL and read-only mode takes them. */
export type ClientStateName = 'CONNECTING' | 'CONNECTED' | 'CLOSED' | 'AUTH_FAILED';

/** ZKWatchManager's tables. `exist` holds the watches on nodes that were missing (CLI-14); the last two are of addWatch, and stay. */
export type WatchTable = 'data' | 'exist' | 'child' | 'persistent' | 'recursive';

/** What a watcher is told beside what servers say: it has been removed (WATCH-24, WATCH-27). */
export type WatchRemovedType = 'DataWatchRemoved' | 'ChildWatchRemoved' | 'PersistentWatchRemoved';

/** Why a client lost its connection, or an attempt at one. */
export type LossReason =
  | 'refused'
  | 'eof'
  | 'reset'
  | 'connect-timeout' // CLI-01
  | 'read-timeout' // CLI-03
  | 'unexpected-reply' // nothing was asked (CLI-10)
  | 'xid-out-of-order' // CLI-10
  | 'moved' // told to use another server
  | 'disconnected'; // told to drop the connection

/** Why its state changed. */
export type ClientWhy = LossReason | 'opened' | 'established' | 'session-expired' | 'session-timeout' | 'auth-failed' | 'closed';

export type ClientFact =
  /** `server` is the node connected to (CONNECTED) or just lost, null where there was none. */
  | {
      readonly type: 'client-state';
      readonly state: ClientStateName;
      readonly session: string;
      readonly server: number | null;
      readonly why: ClientWhy;
    }
  | { readonly type: 'client-session'; readonly session: string; readonly timeoutMs: number; readonly how: 'created' | 'reattached' }
  /** By 'server': a ConnectResponse said so (CLI-04). By 'client': it gave up by its own clock, and the session may be alive (CLI-03). */
  | { readonly type: 'client-expired'; readonly session: string; readonly by: 'server' | 'client' }
  /** A command of several requests begins; each request is invoked and returns under the same call number. */
  | { readonly type: 'client-sequence'; readonly call: number; readonly command: SequenceOperation }
  | {
      readonly type: 'client-sequence-done';
      readonly call: number;
      readonly command: SequenceOperation;
      readonly error: ErrorCode;
      readonly told: readonly Told[];
    }
  /** A recipe waits: for an event on `path`, since the node `before` stands before its own. */
  | { readonly type: 'client-waits'; readonly call: number; readonly path: string; readonly before: string }
  | { readonly type: 'client-invoked'; readonly call: number; readonly operation: Operation }
  /**
   * CONNECTIONLOSS, and SESSIONEXPIRED of a call that was sent, mean that the outcome is unknown. `xid` is 0 when the call was never sent:
   * then it has no effect; and -4 of an auth packet, which returns as soon as it is queued (CLI-13). With `session` it names the request at the servers. `zxid` of the reply header, -1 when there was no reply.
   */
  | {
      readonly type: 'client-returned';
      readonly call: number;
      readonly xid: number;
      readonly operation: Operation;
      readonly error: ErrorCode;
      readonly result: Result | null;
      readonly zxid: Zxid;
      readonly session: string;
      readonly server: number | null;
    }
  /** `consumed`: the tables whose watch on the path this event used up; none when the client knew of no watch (its read was never answered). */
  | {
      readonly type: 'client-event';
      readonly event: WatchEventType | WatchRemovedType;
      readonly path: string;
      readonly zxid: Zxid;
      readonly session: string;
      readonly consumed: readonly WatchTable[];
    }
  /** setWatches goes out on a new connection, before any call (CLI-06). The server's `replied` of it says at which zxid they were set. */
  | { readonly type: 'client-resets-watches'; readonly session: string; readonly relativeZxid: Zxid; readonly count: number }
  /** The reply to a setWatches2: from this zxid on these paths are watched again. */
  | {
      readonly type: 'client-watches-on';
      readonly session: string;
      readonly zxid: Zxid;
      readonly persistent: readonly string[];
      readonly recursive: readonly string[];
    };

export type ClientReason =
  | { readonly type: 'client-dials'; readonly server: number; readonly attempt: number }
  /** An attempt failed before there was a session on it; a lost established connection is a client-state. */
  | { readonly type: 'client-attempt-failed'; readonly server: number; readonly why: LossReason }
  | { readonly type: 'client-pings' };

export type ClientNote = ClientFact | ClientReason;

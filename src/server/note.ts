/** What the server layer says about itself: facts for the properties (always noted) and reasons (when traced). */
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode, Operation, Result, WatchEventType } from './protocol.ts';

export type ServerFact =
  /** A connection (link) of this server now belongs to the session: created or reattached. */
  | { readonly type: 'session-attached'; readonly session: string; readonly link: number; readonly how: 'created' | 'reattached' }
  /** The leader's tracker expired it and submitted the close. */
  | { readonly type: 'session-expired'; readonly session: string }
  /** createSession / closeSession applied on this server. */
  | { readonly type: 'session-opened'; readonly session: string; readonly timeoutMs: number; readonly zxid: Zxid }
  | { readonly type: 'session-closed'; readonly session: string; readonly zxid: Zxid; readonly deleted: readonly string[] }
  /** A reply was queued for the client; `zxid` as in its header; txnZxid the transaction's own zxid or -1 for reads. */
  | {
      readonly type: 'replied';
      readonly session: string;
      readonly xid: number;
      readonly zxid: Zxid;
      readonly txnZxid: Zxid;
      readonly operation: Operation;
      readonly error: ErrorCode;
      readonly result: Result | null;
    }
  /** A watch was registered by a read or addWatch, or set again by setWatches. Persistent and recursive ones are named by their mode. */
  | {
      readonly type: 'watch-set';
      readonly session: string;
      readonly table: 'data' | 'child' | 'persistent' | 'recursive';
      readonly path: string;
      readonly zxid: Zxid;
    }
  /** A watch event was queued for the client; `zxid` as in its header. */
  | { readonly type: 'watch-fired'; readonly session: string; readonly event: WatchEventType; readonly path: string; readonly zxid: Zxid }
  /** A watch fired, but its connection may not read the node (WATCH-23): no event. */
  | {
      readonly type: 'watch-withheld';
      readonly session: string;
      readonly event: WatchEventType;
      readonly path: string;
      readonly zxid: Zxid;
    }
  /** Tree digest after applying zxid (16 hex digits); noted where digests are on. */
  | { readonly type: 'digest'; readonly zxid: Zxid; readonly digest: string; readonly expected: string };

export type ServerReason =
  | { readonly type: 'connect-refused-newer-zxid'; readonly session: string; readonly lastZxidSeen: Zxid; readonly lastProcessedZxid: Zxid }
  | { readonly type: 'connection-closed'; readonly session: string; readonly why: string }
  | { readonly type: 'session-invalid'; readonly session: string; readonly why: 'unknown' | 'closing' | 'bad-password' }
  | { readonly type: 'session-moved'; readonly session: string; readonly owner: number; readonly by: number }
  | {
      readonly type: 'request-prepared';
      readonly session: string;
      readonly zxid: Zxid;
      readonly operation: string;
      readonly error: ErrorCode;
    }
  | { readonly type: 'request-forwarded'; readonly session: string; readonly operation: string }
  | { readonly type: 'read-waits-for-write'; readonly session: string }
  /** Submitted for a session that this server does not know, or to processors that have stopped (PIPE-07). */
  | { readonly type: 'request-dropped'; readonly session: string; readonly operation: string }
  | { readonly type: 'session-touched'; readonly session: string }
  /** QUOTA-05: a write that goes beyond a soft limit, or is refused for a hard one. */
  | {
      readonly type: 'quota-exceeded';
      readonly path: string;
      readonly of: 'count' | 'bytes';
      readonly value: number;
      readonly limit: number;
      readonly isHard: boolean;
    };

export type ServerNote = ServerFact | ServerReason;

/** The items in a client's mailboxes. */
import type { Bytes } from '../base/bytes.ts';
import type { HostInput } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import type { Acl, ErrorCode, Operation, Result, WatchEventType } from '../server/protocol.ts';
import type { ClientWhy, WatchRemovedType } from './note.ts';

/** The library's own, or what no library sends. */
type NotForPrograms = 'ping' | 'setWatches' | 'setWatches2' | 'sasl' | 'createSession' | 'undecodable' | 'unknown';

/** What a program may ask of the library in one request. */
export type ClientOperation = Exclude<Operation, { readonly op: NotForPrograms | 'sync' }> | { readonly op: 'sync'; readonly path: string };

/** StatsTrack's names for what a quota limits. */
export type QuotaLimit = 'count' | 'bytes' | 'countHardLimit' | 'byteHardLimit';

/** What an application does by a recipe, among the nodes below `path`. */
export type RecipeOperation =
  | { readonly op: 'lock' | 'unlock' | 'elect' | 'resign' | 'take' | 'leave'; readonly path: string }
  /** A write to `target` that only the holder of the lock may make. */
  | { readonly op: 'guarded-set'; readonly path: string; readonly target: string; readonly data: Bytes }
  | { readonly op: 'offer'; readonly path: string; readonly data: Bytes | null }
  | { readonly op: 'enter'; readonly path: string; readonly size: number };

/** What zkCli or a recipe does in several requests, each of which waits for the answer to the one before. */
export type SequenceOperation =
  | RecipeOperation
  | { readonly op: 'deleteall'; readonly path: string; readonly batchSize: number }
  | { readonly op: 'ls-recursive'; readonly path: string; readonly watch: boolean }
  | { readonly op: 'setAcl-recursive'; readonly path: string; readonly acl: Acl; readonly version: number }
  | { readonly op: 'setquota'; readonly path: string; readonly limit: QuotaLimit; readonly value: number }
  | { readonly op: 'listquota'; readonly path: string }
  /** All of them for null. */
  | { readonly op: 'delquota'; readonly path: string; readonly limit: QuotaLimit | null };

/** What may be submitted as one call. */
export type Submission = ClientOperation | SequenceOperation;

/** To the SendThread, from whoever drives the client. `call` names the call in all notes about it: unique in the run, not negative. */
export type ClientItem =
  | { readonly type: 'submit'; readonly operation: Submission; readonly call: number }
  /** Drops the connection and dials this node next, without the usual sleeps. */
  | { readonly type: 'move'; readonly server: number }
  /** Drops the connection; the client reconnects as after any loss. */
  | { readonly type: 'disconnect' }
  /** After CLOSED or AUTH_FAILED: a new handle, hence a new session, on the same node. */
  | { readonly type: 'open' };

/**
 * Between the library's own threads: the SendThread looks at everything again; a ReadThread dials; the program that runs a sequence has its
 * answer and asks for what comes next.
 */
export type OwnItem =
  | { readonly type: 'wake' }
  | { readonly type: 'dial'; readonly server: number }
  | { readonly type: 'go-on'; readonly call: number };

/** To the EventThread, in the order in which the library learned it. */
export type EventThreadItem =
  | { readonly type: 'run' }
  | { readonly type: 'watched'; readonly event: WatchEventType | WatchRemovedType; readonly path: string; readonly zxid: Zxid }
  | {
      readonly type: 'finished';
      readonly call: number;
      readonly operation: Operation;
      readonly error: ErrorCode;
      readonly result: Result | null;
    }
  | {
      readonly type: 'state';
      readonly state: 'SyncConnected' | 'Disconnected' | 'AuthFailed' | 'Expired' | 'Closed';
      readonly why: ClientWhy;
    };

/** Whatever a thread of a client may get. */
export type ClientInput = ClientItem | OwnItem | EventThreadItem | HostInput;

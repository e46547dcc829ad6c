/** The items in a client's mailboxes. */
import type { HostInput } from '../base/step.ts';
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode, Operation, Result, WatchEventType } from '../server/protocol.ts';
import type { ClientWhy } from './note.ts';

/** What a program may ask of the library; pings and setWatches are the library's own. */
export type ClientOperation =
  | Extract<
      Operation,
      { readonly op: 'create' | 'delete' | 'exists' | 'getData' | 'setData' | 'getChildren' | 'multi' | 'check' | 'closeSession' }
    >
  | { readonly op: 'sync'; readonly path: string };

/** To the SendThread, from whoever drives the client. `call` names the call in all notes about it: unique in the run, not negative. */
export type ClientItem =
  | { readonly type: 'submit'; readonly operation: ClientOperation; readonly call: number }
  /** Drops the connection and dials this node next, without the usual sleeps. */
  | { readonly type: 'move'; readonly server: number }
  /** Drops the connection; the client reconnects as after any loss. */
  | { readonly type: 'disconnect' }
  /** After CLOSED: a new handle, hence a new session, on the same node. */
  | { readonly type: 'open' };

/** Between the library's own threads: the SendThread looks at everything again; a ReadThread dials. */
export type OwnItem = { readonly type: 'wake' } | { readonly type: 'dial'; readonly server: number };

/** To the EventThread, in the order in which the library learned it. */
export type EventThreadItem =
  | { readonly type: 'run' }
  | { readonly type: 'watched'; readonly event: WatchEventType; readonly path: string; readonly zxid: Zxid }
  | {
      readonly type: 'finished';
      readonly call: number;
      readonly operation: Operation;
      readonly error: ErrorCode;
      readonly result: Result | null;
    }
  | { readonly type: 'state'; readonly state: 'SyncConnected' | 'Disconnected' | 'Expired' | 'Closed'; readonly why: ClientWhy };

/** Whatever a thread of a client may get. */
export type ClientInput = ClientItem | OwnItem | EventThreadItem | HostInput;

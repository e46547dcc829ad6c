/** What a simulated client observes: its history is what the client properties judge. */
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode, Operation, Result, WatchEventType } from '../server/protocol.ts';

export type ClientState = 'CONNECTING' | 'CONNECTED' | 'CLOSED';

export type ClientFact =
  | {
      readonly type: 'client-state';
      readonly state: ClientState;
      readonly session: string;
      readonly server: number | null;
      readonly why: string;
    }
  | { readonly type: 'client-session'; readonly session: string; readonly timeoutMs: number; readonly how: 'created' | 'reattached' }
  | { readonly type: 'client-expired'; readonly session: string }
  | { readonly type: 'client-invoked'; readonly call: number; readonly operation: Operation }
  /** CONNECTIONLOSS means the outcome is unknown. `zxid` of the reply header, -1 when there was none. */
  | {
      readonly type: 'client-returned';
      readonly call: number;
      readonly operation: Operation;
      readonly error: ErrorCode;
      readonly result: Result | null;
      readonly zxid: Zxid;
      readonly session: string;
      readonly server: number | null;
    }
  | { readonly type: 'client-event'; readonly event: WatchEventType; readonly path: string; readonly zxid: Zxid; readonly session: string };

export type ClientReason =
  | { readonly type: 'client-dials'; readonly server: number; readonly attempt: number }
  | { readonly type: 'client-pings' }
  | { readonly type: 'client-resets-watches'; readonly relativeZxid: Zxid; readonly count: number };

export type ClientNote = ClientFact | ClientReason;

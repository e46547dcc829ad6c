/** What a property found wrong, as data: words are another layer's. Servers by sid, zxids as numbers. */
import type { Zxid } from '../base/zxid.ts';
import type { ErrorCode } from '../server/protocol.ts';
import type { CallName } from './history.ts';

export const PROPERTY_IDS = [
  'I-LEAD',
  'I-INT',
  'I-AGR',
  'I-LOSS',
  'I-UNC',
  'I-PO',
  'I-LOG',
  'I-DIG',
  'I-REC',
  'I-CODE',
  'I-FIFO',
  'I-MONO',
  'I-WORD',
  'I-WLOST',
  'I-EPH',
  'I-SESS',
  'I-BOOT',
  'I-LIVE',
  'I-MUTEX',
  'I-RECIPE',
  'I-LIN',
  'I-SYNC',
] as const;

export type PropertyId = (typeof PROPERTY_IDS)[number];

/** Not promised by ZooKeeper: judged only where a scenario or the command line asks for them. */
export const OPTIONAL_PROPERTIES: readonly PropertyId[] = ['I-SYNC'];

export const USUAL_PROPERTIES: readonly PropertyId[] = PROPERTY_IDS.filter((id) => !OPTIONAL_PROPERTIES.includes(id));

export type Finding =
  /** Two servers, or one server twice, had a quorum of NEWLEADER acks for the epoch. */
  | {
      readonly property: 'I-LEAD';
      readonly kind: 'two-leaders';
      readonly operands: { readonly epoch: number; readonly first: number; readonly second: number };
    }
  | { readonly property: 'I-LEAD'; readonly kind: 'led-twice'; readonly operands: { readonly epoch: number; readonly sid: number } }
  /** Delivered, but no primary broadcast it; or what a primary broadcast under this zxid was something else. */
  | {
      readonly property: 'I-INT';
      readonly kind: 'never-broadcast' | 'other-content';
      readonly operands: { readonly sid: number; readonly zxid: Zxid };
    }
  /** order: where `expected` is committed the server delivered `zxid`. diverged: what it delivered earlier, `zxid`, stands in the place of `expected`. */
  | {
      readonly property: 'I-AGR';
      readonly kind: 'order' | 'diverged';
      readonly operands: { readonly sid: number; readonly zxid: Zxid; readonly expected: Zxid };
    }
  /** lost: the new leader's history lacks `zxid`. seen-lost: the same of one that was never committed but was shown to a client. */
  | {
      readonly property: 'I-LOSS';
      readonly kind: 'lost' | 'seen-lost';
      readonly operands: { readonly epoch: number; readonly leader: number; readonly zxid: Zxid };
    }
  /** not-prefix: the leader of `epoch`, established late, has `zxid`, which the history of the later epoch has not. committed-too-late: it committed it. */
  | {
      readonly property: 'I-LOSS';
      readonly kind: 'not-prefix' | 'committed-too-late';
      readonly operands: { readonly epoch: number; readonly leader: number; readonly zxid: Zxid; readonly laterEpoch: number };
    }
  /** A reply, or a watch event, of a server whose tree holds `uncommitted`. */
  | {
      readonly property: 'I-UNC';
      readonly kind: 'replied' | 'fired';
      readonly operands: { readonly sid: number; readonly session: string; readonly uncommitted: Zxid };
    }
  /** broadcast-order: a primary's zxids do not follow one another. commit-order: nor do its commits. */
  | {
      readonly property: 'I-PO';
      readonly kind: 'broadcast-order' | 'commit-order';
      readonly operands: { readonly leader: number; readonly zxid: Zxid; readonly last: Zxid };
    }
  | {
      readonly property: 'I-PO';
      readonly kind: 'foreign-epoch';
      readonly operands: { readonly leader: number; readonly zxid: Zxid; readonly epoch: number };
    }
  /** A primary begins to broadcast without having delivered `zxid` of an earlier primary. */
  | {
      readonly property: 'I-PO';
      readonly kind: 'primary-integrity';
      readonly operands: { readonly leader: number; readonly epoch: number; readonly zxid: Zxid };
    }
  /** skipped: delivered with something of the same epoch before it left out. went-back: at or before what it had delivered. late: of an old primary, after a new one had begun. */
  | {
      readonly property: 'I-PO';
      readonly kind: 'skipped' | 'went-back' | 'late';
      readonly operands: { readonly sid: number; readonly zxid: Zxid; readonly last: Zxid };
    }
  /** hole: `expected` should be in the log before `zxid`, or in a snapshot. extra: `last` is in it and should not be between `expected` and `zxid`. */
  | {
      readonly property: 'I-LOG';
      readonly kind: 'not-increasing' | 'hole' | 'extra';
      readonly operands: { readonly sid: number; readonly zxid: Zxid; readonly last: Zxid; readonly expected: Zxid };
    }
  | {
      readonly property: 'I-DIG';
      readonly kind: 'digest';
      readonly operands: { readonly sid: number; readonly other: number; readonly zxid: Zxid };
    }
  /** hole, extra: as for I-LOG, of the history rebuilt. resurfaced: it holds `zxid`, discarded when the server joined an epoch without it. */
  | {
      readonly property: 'I-REC';
      readonly kind: 'hole' | 'extra';
      readonly operands: {
        readonly sid: number;
        readonly snapshot: Zxid;
        readonly zxid: Zxid;
        readonly last: Zxid;
        readonly expected: Zxid;
      };
    }
  | {
      readonly property: 'I-REC';
      readonly kind: 'resurfaced';
      readonly operands: { readonly sid: number; readonly zxid: Zxid; readonly epoch: number };
    }
  | {
      readonly property: 'I-REC';
      readonly kind: 'digest';
      readonly operands: { readonly sid: number; readonly other: number; readonly zxid: Zxid };
    }
  | {
      readonly property: 'I-CODE';
      readonly kind: 'bad-state' | 'bad-ack' | 'bad-proposal' | 'bad-commit';
      readonly operands: { readonly sid: number; readonly zxid: Zxid; readonly expected: Zxid; readonly why: string };
    }
  /** A follower opens its door before it has delivered `missing` of the leader's initial history. */
  | {
      readonly property: 'I-CODE';
      readonly kind: 'served-before-history';
      readonly operands: { readonly sid: number; readonly epoch: number; readonly missing: Zxid };
    }
  | {
      readonly property: 'I-FIFO';
      readonly kind: 'replies';
      readonly operands: { readonly sid: number; readonly session: string; readonly xid: number; readonly last: number };
    }
  | {
      readonly property: 'I-FIFO';
      readonly kind: 'effects';
      readonly operands: { readonly session: string; readonly zxid: Zxid; readonly xid: number; readonly last: number };
    }
  | {
      readonly property: 'I-FIFO';
      readonly kind: 'returns';
      readonly operands: { readonly client: string; readonly session: string; readonly xid: number; readonly last: number };
    }
  | {
      readonly property: 'I-MONO';
      readonly kind: 'went-back';
      readonly operands: { readonly client: string; readonly session: string; readonly zxid: Zxid; readonly last: Zxid };
    }
  /** A reply told the client of `seen`, while the event for the change at `changed` was still to come (I-WORD), or never came (I-WLOST). */
  | {
      readonly property: 'I-WORD' | 'I-WLOST';
      readonly kind: 'watch';
      readonly operands: {
        readonly client: string;
        readonly path: string;
        readonly table: string;
        readonly changed: Zxid;
        readonly seen: Zxid;
      };
    }
  | {
      readonly property: 'I-EPH';
      readonly kind: 'survives';
      readonly operands: { readonly sid: number; readonly session: string; readonly path: string };
    }
  | {
      readonly property: 'I-EPH';
      readonly kind: 'created-after-close';
      readonly operands: { readonly session: string; readonly path: string; readonly zxid: Zxid; readonly closed: Zxid };
    }
  /** In the history but not in this server's table, or the other way round. */
  | {
      readonly property: 'I-SESS';
      readonly kind: 'missing' | 'unknown';
      readonly operands: { readonly sid: number; readonly session: string };
    }
  | {
      readonly property: 'I-SESS';
      readonly kind: 'reused';
      readonly operands: { readonly session: string; readonly zxid: Zxid; readonly opened: Zxid };
    }
  /** A server that does not lead expired it. */
  | {
      readonly property: 'I-SESS';
      readonly kind: 'expired-elsewhere';
      readonly operands: { readonly sid: number; readonly session: string };
    }
  /** A write made through `sid` after the session had moved to `owner`. */
  | {
      readonly property: 'I-SESS';
      readonly kind: 'stale-owner';
      readonly operands: { readonly sid: number; readonly session: string; readonly owner: number; readonly zxid: Zxid };
    }
  | {
      readonly property: 'I-BOOT';
      readonly kind: 'refused';
      readonly operands: { readonly sid: number; readonly why: string; readonly numbers: readonly number[] };
    }
  /** At the deadline: among the live servers `sids` none leads, or all of them do; one has not joined; or nobody has answered a call. */
  | {
      readonly property: 'I-LIVE';
      readonly kind: 'no-leader' | 'several-leaders';
      readonly operands: { readonly calmAt: number; readonly sids: readonly number[] };
    }
  | {
      readonly property: 'I-LIVE';
      readonly kind: 'not-joined';
      readonly operands: { readonly calmAt: number; readonly sid: number; readonly zabState: string };
    }
  | {
      readonly property: 'I-LIVE';
      readonly kind: 'unanswered';
      readonly operands: { readonly calmAt: number; readonly client: string; readonly call: number };
    }
  | {
      readonly property: 'I-LIVE';
      readonly kind: 'silent';
      readonly operands: { readonly calmAt: number; readonly client: string; readonly sid: number };
    }
  /** Clients by name. Both hold the lock, or lead, or `first` has left while `second` is in, or both took the item. */
  | {
      readonly property: 'I-MUTEX';
      readonly kind: 'two-holders';
      readonly operands: { readonly path: string; readonly first: string; readonly second: string };
    }
  | {
      readonly property: 'I-RECIPE';
      readonly kind: 'two-leaders' | 'taken-twice' | 'left-early';
      readonly operands: { readonly path: string; readonly first: string; readonly second: string };
    }
  /** A guarded write took effect though `lock`, the node by which the writer held the lock, had gone at `lost`. */
  | {
      readonly property: 'I-MUTEX';
      readonly kind: 'written-after-loss';
      readonly operands: {
        readonly client: string;
        readonly path: string;
        readonly lock: string;
        readonly zxid: Zxid;
        readonly lost: Zxid;
      };
    }
  /** One call made two nodes. */
  | {
      readonly property: 'I-RECIPE';
      readonly kind: 'two-nodes';
      readonly operands: { readonly client: string; readonly path: string; readonly first: string };
    }
  /** Woken by an event on `path`, and `before` still stands before its node. */
  | {
      readonly property: 'I-RECIPE';
      readonly kind: 'woken-in-vain';
      readonly operands: { readonly client: string; readonly path: string; readonly before: string };
    }
  /** same-zxid: two writes were told one zxid. too-early: `call` took effect no later than something that `other` had been told of before it was made, or before in its session. */
  | {
      readonly property: 'I-LIN';
      readonly kind: 'too-early' | 'same-zxid';
      readonly operands: { readonly call: CallName; readonly path: string; readonly other: CallName };
    }
  /** What `call` was told of the node cannot be true beside what `other` was told. */
  | {
      readonly property: 'I-LIN';
      readonly kind: 'contradiction';
      readonly operands: { readonly call: CallName; readonly path: string; readonly other: CallName };
    }
  /** The node was changed at a zxid after the one that the answer comes from. */
  | {
      readonly property: 'I-LIN';
      readonly kind: 'ahead';
      readonly operands: { readonly call: CallName; readonly path: string; readonly changed: Zxid };
    }
  /** `call` shows the node as no call, not even one with an unknown outcome, can have left it by `changed`. */
  | {
      readonly property: 'I-LIN';
      readonly kind: 'unexplained';
      readonly operands: {
        readonly call: CallName;
        readonly path: string;
        readonly changed: Zxid;
        readonly missing: 'create' | 'set' | 'delete';
      };
    }
  | {
      readonly property: 'I-LIN';
      readonly kind: 'wrong-version';
      readonly operands: { readonly call: CallName; readonly path: string; readonly version: number; readonly asked: number };
    }
  /** Refused, though the node was as the call asked: `other` was told so last, null where nobody ever made it. */
  | {
      readonly property: 'I-LIN';
      readonly kind: 'refused';
      readonly operands: { readonly call: CallName; readonly path: string; readonly other: CallName | null; readonly error: ErrorCode };
    }
  | {
      readonly property: 'I-LIN';
      readonly kind: 'listed' | 'not-listed';
      readonly operands: { readonly call: CallName; readonly path: string; readonly other: CallName | null };
    }
  /** A read after `sync` lies before `other`, which had returned when the sync was called. */
  | {
      readonly property: 'I-SYNC';
      readonly kind: 'stale';
      readonly operands: { readonly call: CallName; readonly path: string; readonly sync: CallName; readonly other: CallName };
    };

export type FindingOf<P extends PropertyId> = Extract<Finding, { readonly property: P }>;

/** With the event whose notes showed it, and its virtual time in microseconds. */
export type Violation = Finding & { readonly event: number; readonly at: number };

/** Links and the network between nodes, as data. */
import { copyDeque, makeDeque, type Deque } from '../base/deque.ts';
import { makePartKind } from '../base/parts.ts';
import type { Item } from '../base/step.ts';

/** Times in virtual microseconds. */
export interface NetworkConfig {
  /** One-way delays; one is drawn for each packet. */
  readonly latencies: readonly number[];
  /** Packets lost in a million: each loss costs a retransmission timeout. */
  readonly lossPerMillion: number;
  /** First retransmission timeout; doubles each time. */
  readonly retransmitUs: number;
  /** Retransmissions before the connection is reset (tcp_retries2). */
  readonly retransmissionsMax: number;
  /** Idle time after which an unreachable peer is found out; 0 turns keepalive off. */
  readonly keepaliveUs: number;
}

/** A packet in flight or in the receiver's buffer. `at` is its arrival, Infinity while it is held. */
export interface InFlight {
  readonly packet: Item;
  readonly at: number;
  readonly sentAt: number;
  readonly cause: number;
  /** Number of the packet in its direction of its connection, from 1. */
  readonly n: number;
  /** Held by a partition (ends with it) or by a rule (ends when released). */
  readonly held: 'partition' | 'rule' | null;
}

/** One direction. */
export interface Flow {
  readonly queue: Deque<InFlight>;
  /** Nothing arrives before what was sent earlier. */
  lastAt: number;
  sent: number;
  /** The end of the stream behind the queue, as the receiver will see it. */
  end: { readonly how: 'eof' | 'reset'; readonly at: number; readonly cause: number; readonly held: boolean } | null;
}

/** open: the process has the socket. closed: it closed it, or saw its end. gone: the process or machine ended without telling. */
export interface LinkEnd {
  readonly node: number;
  readonly process: number;
  state: 'open' | 'closed' | 'gone';
  /** Slot of the thread that reads here; -1 for none. */
  reader: number;
}

export interface LinkPart {
  readonly id: number;
  readonly port: string;
  /** Stream of its latencies, from names only. */
  readonly stream: number;
  /** SYN sent, not answered; the slot of the dialling thread is in `dialler`. */
  state: 'connecting' | 'open';
  dialler: number;
  attempts: number;
  /** ends[0] dialled. flows[i] goes out from ends[i]. */
  readonly ends: readonly [LinkEnd, LinkEnd];
  readonly flows: readonly [Flow, Flow];
  /** When the link itself acts next: SYN arrives, retransmissions exhausted, keepalive; Infinity for never. */
  dueAt: number;
  dueFor: 'syn' | 'give-up' | 'none';
  cause: number;
}

function copyFlow(flow: Flow): Flow {
  return { ...flow, queue: copyDeque(flow.queue) };
}

export const LINK = makePartKind<LinkPart>('link', {
  copy: (part) => ({
    ...part,
    ends: [{ ...part.ends[0] }, { ...part.ends[1] }],
    flows: [copyFlow(part.flows[0]), copyFlow(part.flows[1])],
  }),
  skip: ['at', 'sentAt', 'cause', 'n', 'sent', 'lastAt', 'stream', 'dueAt', 'attempts', 'head'],
});

export function makeFlow(): Flow {
  return { queue: makeDeque(), lastAt: 0, sent: 0, end: null };
}

/** What a message fault looks for; an absent field matches everything. Node indexes. */
export interface MessageMatch {
  readonly from?: number;
  readonly to?: number;
  readonly port?: string;
  readonly packet?: string;
  readonly zxid?: number;
}

export interface MessageRule {
  readonly id: number;
  readonly match: MessageMatch;
  readonly action: 'drop' | 'hold' | 'duplicate' | 'delay';
  readonly delayUs: number;
  /** Matches to let pass first, then matches to act on. */
  readonly skip: number;
  readonly times: number;
}

export interface NetworkPart {
  /** blocked[from * n + to]: nothing gets through in that direction. */
  blocked: boolean[];
  rules: MessageRule[];
  nextRule: number;
  /** Overrides of the configuration for one direction, keyed 'from>to'. */
  overrides: Map<string, { readonly latencies: readonly number[]; readonly lossPerMillion: number }>;
}

export const NETWORK = makePartKind<NetworkPart>('network', {
  copy: (part) => ({ ...part, blocked: part.blocked.slice(), rules: part.rules.slice(), overrides: new Map(part.overrides) }),
});

export function makeNetwork(nodes: number): NetworkPart {
  return { blocked: Array.from({ length: nodes * nodes }, () => false), rules: [], nextRule: 1, overrides: new Map() };
}

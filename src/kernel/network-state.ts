/** Links and the network between nodes, as data. */
import { copyDeque, makeDeque, type Deque } from '../base/deque.ts';
import { makePartKind, type Ref } from '../base/parts.ts';
import type { Item, LinkId } from '../base/step.ts';

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
  /** Time after which a peer that does not answer is found out although nothing is sent to it; 0 turns keepalive off. */
  readonly keepaliveUs: number;
  /** Packets sent and not read from which on a sender blocks; WINDOW_PACKETS when absent. */
  readonly windowPackets?: number;
  /** Every packet travels alone: it may overtake others, and a lost one stays lost. Shows why Zab needs first in, first out. */
  readonly datagrams?: boolean;
}

export const WINDOW_PACKETS = 10_000;

/** A packet in flight or in the receiver's buffer. `at` is its arrival, Infinity while it is held. */
export interface InFlight {
  readonly packet: Item;
  readonly at: number;
  readonly sentAt: number;
  readonly cause: number;
  /** Number of the packet in its direction of its connection, from 1. */
  readonly n: number;
  /** Held by a partition or a silent machine (ends with it) or by a rule (ends when released). */
  readonly held: 'partition' | 'rule' | null;
}

/** What a reader finds behind the last packet; held while a partition keeps it back. */
export interface StreamEnd {
  readonly how: 'eof' | 'reset';
  readonly at: number;
  readonly cause: number;
  readonly held: boolean;
}

/** One direction. */
export interface Flow {
  readonly queue: Deque<InFlight>;
  /** Nothing arrives before what was sent earlier. */
  lastAt: number;
  sent: number;
  /** The end of the stream behind the queue, as the receiver will see it. */
  end: StreamEnd | null;
}

/** open: a process has the socket. closed: it has closed it. gone: the process or machine ended. */
export interface LinkEnd {
  readonly node: number;
  state: 'open' | 'closed' | 'gone';
  /** From `at` on this side knows that the connection is broken: sends fail. `travels`: a packet says so, which a cut can stop. */
  reset: { readonly at: number; readonly cause: number; readonly travels: boolean } | null;
  /** When this side gives up for want of an answer; Infinity while there is none missing. */
  giveUpAt: number;
  /** Slot of the thread that reads here, -1 for none: a hint, true only while that thread is blocked on this link. */
  reader: number;
  /** Slots of threads that wait for room: hints as well. */
  writers: readonly number[];
}

export type Side = 0 | 1;

export interface LinkPart {
  readonly id: LinkId;
  readonly port: string;
  /** How the dialler wants to be seen, where it said so. */
  readonly address: string | null;
  /** How many connections between the two nodes on the port came before, plus one. */
  readonly incarnation: number;
  /** Stream of its latencies, from names only: one more for the way back. */
  readonly stream: number;
  /** connecting: the SYN is not answered yet. */
  state: 'connecting' | 'open';
  /** What the dialling thread will learn, and when. */
  answer: { readonly how: 'connected' | 'refused'; readonly at: number; readonly cause: number; readonly held: boolean } | null;
  /** Slot of the dialling thread: a hint, true only while it waits for this link. */
  dialler: number;
  /** SYNs sent without an answer. */
  attempts: number;
  /** ends[0] dialled. flows[i] goes out from ends[i]. */
  readonly ends: readonly [LinkEnd, LinkEnd];
  readonly flows: readonly [Flow, Flow];
  /** When the link itself acts next: a SYN arrives, or a side gives up; Infinity for never. */
  dueAt: number;
  dueFor: 'syn' | 'give-up' | 'none';
  cause: number;
}

function copyFlow(flow: Flow): Flow {
  return { ...flow, queue: copyDeque(flow.queue) };
}

/** Without times and hints; packets count in full, in their order. */
function essenceOf(part: LinkPart): unknown {
  const { id, state, answer, ends, flows, dueFor } = part;
  return [id, state, answer?.how ?? null, dueFor === 'syn', ...ends.map(essenceOfEnd), ...flows.map(essenceOfFlow)];
}

function essenceOfEnd({ state, reset, giveUpAt }: LinkEnd): unknown {
  return [state, reset !== null, giveUpAt !== Infinity];
}

function essenceOfFlow({ queue, end }: Flow): unknown {
  const packets: unknown[] = [];
  for (let i = queue.head; i < queue.items.length; i++) packets.push(queue.items[i]?.packet ?? null, queue.items[i]?.held ?? null);
  return [packets, end === null ? null : [end.how, end.held]];
}

/** Its content names it, so that it hashes alike wherever it lies. */
export const LINK = makePartKind<LinkPart>('link', {
  copy: (part) => ({
    ...part,
    ends: [{ ...part.ends[0] }, { ...part.ends[1] }],
    flows: [copyFlow(part.flows[0]), copyFlow(part.flows[1])],
  }),
  essence: essenceOf,
  named: true,
});

/** Where links lie. Names and counts make their ids; nothing here says more than the links themselves. */
export interface LinksPart {
  slots: Map<LinkId, Ref<LinkPart>>;
  /** Connections dialled so far, by the id of the first less one incarnation. */
  dialled: Map<number, number>;
  ports: string[];
}

export const LINKS = makePartKind<LinksPart>('links', {
  copy: (part) => ({ slots: new Map(part.slots), dialled: new Map(part.dialled), ports: part.ports.slice() }),
  essence: () => null,
});

export function makeLinks(): LinksPart {
  return { slots: new Map(), dialled: new Map(), ports: [] };
}

export function makeLink(names: Pick<LinkPart, 'id' | 'port' | 'address' | 'incarnation' | 'stream'>, from: number, to: number): LinkPart {
  return {
    ...names,
    state: 'connecting',
    answer: null,
    dialler: -1,
    attempts: 0,
    ends: [makeEnd(from, 'open'), makeEnd(to, 'gone')],
    flows: [makeFlow(), makeFlow()],
    dueAt: Infinity,
    dueFor: 'none',
    cause: 0,
  };
}

function makeEnd(node: number, state: LinkEnd['state']): LinkEnd {
  return { node, state, reset: null, giveUpAt: Infinity, reader: -1, writers: [] };
}

function makeFlow(): Flow {
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

/** Delays and loss of one direction instead of the configured ones. */
export interface LinkQuality {
  readonly latencies: readonly number[];
  readonly lossPerMillion: number;
}

export interface NetworkPart {
  /** blocked[from * n + to]: nothing gets through in that direction. */
  blocked: boolean[];
  /** How many directions are blocked. */
  cuts: number;
  rules: MessageRule[];
  nextRule: number;
  /** Instead of the configuration for one direction, keyed like `blocked`. */
  overrides: Map<number, LinkQuality>;
}

export const NETWORK = makePartKind<NetworkPart>('network', {
  copy: (part) => ({ ...part, blocked: part.blocked.slice(), rules: part.rules.slice(), overrides: new Map(part.overrides) }),
  essence: ({ blocked, rules, overrides }) => [blocked, rules, [...overrides].sort((a, b) => a[0] - b[0])],
});

export function makeNetwork(nodes: number): NetworkPart {
  return { blocked: Array.from({ length: nodes * nodes }, () => false), cuts: 0, rules: [], nextRule: 1, overrides: new Map() };
}

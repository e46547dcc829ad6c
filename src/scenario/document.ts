/**
 * A scenario as a document: ensemble, network, clients, a script of operations and faults, expectations, and prose. This schema checks it
 * and, with that of the script's lines, is published as JSON Schema.
 */
import * as z from 'zod/mini';
import { described, duration, flag, latency, list, mapped, name, optional, share, someText, text, whole } from './scalars.ts';

const server = z.strictObject({ name, sid: optional(whole(1, 254)), observer: optional(flag), fsync: optional(latency) });

const ensemble = z.strictObject({
  servers: optional(
    z.union([whole(1, 99), z.array(server).check(z.minLength(1))]),
    'How many voters, named s1, s2, ...; or each with its name. 3 when absent.',
  ),
  observers: optional(whole(0, 99), 'How many observers, named after the voters.'),
  tickTime: optional(duration),
  initLimit: optional(whole(1, 10_000)),
  syncLimit: optional(whole(1, 10_000)),
  cnxTimeout: optional(duration),
  maxNotificationInterval: optional(duration, 'How long a server that looks for a leader waits before it asks again, at the most.'),
  commitLogCount: optional(whole(1, 1_000_000), 'Committed transactions that a server remembers for quick synchronisation.'),
  snapshotSizePermille: optional(whole(-1, 1000), 'snapshotSizeFactor in thousandths; -1 turns synchronisation from the log off.'),
  forceSnapshotSync: optional(flag),
  snapCount: optional(whole(2, 100_000_000)),
  preAllocSize: optional(whole(0, 1_000_000_000), 'In kilobytes, as in zoo.cfg.'),
  maxCounter: optional(whole(3, 4_294_967_295), 'Last counter of an epoch, after which the leader steps down.'),
  standaloneEnabled: optional(flag, 'false: a single server is an ensemble of one, with elections and epochs.'),
  fsync: optional(latency, 'How long an fsync takes.'),
  minSessionTimeout: optional(duration),
  maxSessionTimeout: optional(duration),
  extendedTypesEnabled: optional(flag, 'true: nodes may have a time to live.'),
  enforceQuota: optional(flag, 'true: hard limits of quotas are held to.'),
  skipACL: optional(flag, 'true: no ACL is looked at.'),
  maxClientCnxns: optional(whole(0, 1_000_000), 'Connections from one address; 0 for as many as they like.'),
  globalOutstandingLimit: optional(whole(1, 1_000_000), 'Requests under way, beyond which connections are not read for a while.'),
  fourLetterWhitelist: optional(text, 'Four-letter words that are answered, with commas between them; * for all.'),
  superDigest: optional(text, 'user:hash of who may do everything, as in a digest ACL.'),
  containerCheckInterval: optional(
    duration,
    'How often the leader looks for empty containers and nodes whose time is over; a minute when absent.',
  ),
  containerMaxPerMinute: optional(whole(1, 1_000_000), 'How many containers are deleted in a minute.'),
  containerMaxNeverUsedInterval: optional(duration, 'After that a container that never had a child goes too.'),
});

const network = z.strictObject({
  latency: optional(latency),
  loss: optional(share),
  keepalive: optional(duration),
  retransmit: optional(duration),
});

const client = z.strictObject({
  name,
  servers: optional(list),
  timeout: optional(duration),
  shuffle: optional(flag),
  connectDelay: optional(duration),
});

const namedClient = mapped(name, (one): z.output<typeof client> => ({ name: one }));

/** Of a note: its type under `note`, where under `at`, and any of its operands. */
const noteMatch = described(z.record(text, text), {
  description: 'A note of the trace: its type under note, the server or client under at, and operands by name.',
});

const seed = described(z.string().check(z.regex(/^\S.*$/, 'a text or a number')), {
  type: ['string', 'integer'],
  pattern: undefined,
});

const budget = (what: string) => optional(whole(0, 1000), what);

const exploration = z.strictObject({
  from: optional(text, 'The words of the say line from which on every order is tried; without it from the first line that does something.'),
  order: optional(z.enum(['bfs', 'dfs']), 'bfs finds a shortest violation; dfs takes less memory.'),
  depth: optional(whole(1, 1_000_000), 'Events of a run at most.'),
  states: optional(whole(1, 100_000_000), 'States at most; a million when absent.'),
  on: optional(list, 'Servers that faults may hit; all when absent.'),
  crashes: budget('Processes that end; the page cache stays.'),
  powerLosses: budget('Machines that lose their power, and what was not synced.'),
  restarts: budget('Processes that start again.'),
  breaks: budget('Connections between two servers that break, with all that is under way on them or with nothing of it.'),
  partitions: budget('Times that one server is cut off from all others; it may be healed at any time.'),
  timeouts: budget('Timeouts that come although something else could happen before.'),
  waits: budget('Times that nothing but a timeout can happen, and the next one comes.'),
  transactions: budget('Operations of clients; all that the script has when absent.'),
  elections: budget('Leaders that may be established; as many as come when absent.'),
});

const properties = described(list, { description: 'Ids of properties, such as I-LOSS.' });

const expectation = z.union([
  mapped(text, (state) => ({ state })),
  z.strictObject({ violates: properties }),
  z.strictObject({ holds: properties }),
  z.strictObject({
    trace: noteMatch,
    times: optional(text, 'How often: 2, 2+ or 2..4; 1+ when absent.'),
    after: optional(duration),
    before: optional(duration),
  }),
  z.strictObject({ order: z.array(noteMatch).check(z.minLength(2)) }),
  z.strictObject({ state: text, before: duration }),
]);

export const documentSchema = z.strictObject({
  name: someText,
  about: optional(text, 'What it shows, for the reader.'),
  seed: optional(seed),
  preset: optional(text, 'What a release still had wrong; fixed when absent.'),
  mutations: optional(list),
  check: optional(list, 'Properties to judge beside the usual ones: those that ZooKeeper does not promise, such as I-SYNC.'),
  mode: optional(z.enum(['fine', 'coarse'])),
  liveWithin: optional(
    duration,
    'I-LIVE: from the end of the faults to a stable ensemble, and from there to the answer of a call. Twice every wait of the configuration when absent.',
  ),
  until: optional(duration, 'The run ends then; two seconds after the script when absent.'),
  traceHash: optional(
    z.string().check(z.regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits')),
    'Of a counterexample: the hash that its trace had.',
  ),
  ensemble: optional(ensemble),
  network: optional(network),
  clients: optional(z.array(z.union([namedClient, client]))),
  start: optional(z.enum(['all', 'none']), 'none leaves everything down until the script starts it.'),
  script: optional(z.array(z.record(text, z.unknown()))),
  schedule: optional(
    z.array(z.union([text, z.record(text, z.unknown())])),
    'After the script: events by name, and lines as in a script, one after the other in no time. What cannot happen is left out.',
  ),
  explore: optional(exploration, 'For zablab explore: what may happen, and how often, in every order.'),
  expect: optional(z.array(expectation), 'What must be true when the run is over.'),
});

export type Exploration = z.output<typeof exploration>;
export type Document = z.output<typeof documentSchema>;
export type Expectation = NonNullable<Document['expect']>[number];
export type NoteMatch = z.output<typeof noteMatch>;

const texts = z.record(z.string(), z.string());

/** What a hunt takes from a file: an ensemble, a network and clients, each scalar as it is written. */
export const plainHead = z.object({
  ensemble: z._default(z.record(z.string(), z.unknown()), {}),
  network: z._default(texts, {}),
  clients: z._default(z.array(z.union([mapped(z.string(), (one) => ({ name: one })), texts])), []),
});

export type PlainHead = z.output<typeof plainHead>;

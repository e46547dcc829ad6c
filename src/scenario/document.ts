/**
 * A scenario as a document: ensemble, network, clients, a script of operations and faults, expectations, and prose. This schema checks it
 * and, with that of the script's lines, is published as JSON Schema.
 */
import { z } from 'zod';
import { duration, flag, latency, list, name, share, someText, text, whole } from './scalars.ts';

const server = z.strictObject({ name, sid: whole(1, 254).optional(), observer: flag.optional(), fsync: latency.optional() });

const ensemble = z.strictObject({
  servers: z
    .union([whole(1, 99), z.array(server).min(1)])
    .optional()
    .meta({ description: 'How many voters, named s1, s2, ...; or each with its name. 3 when absent.' }),
  observers: whole(0, 99).optional().meta({ description: 'How many observers, named after the voters.' }),
  tickTime: duration.optional(),
  initLimit: whole(1, 10_000).optional(),
  syncLimit: whole(1, 10_000).optional(),
  cnxTimeout: duration.optional(),
  commitLogCount: whole(1, 1_000_000)
    .optional()
    .meta({ description: 'Committed transactions that a server remembers for quick synchronisation.' }),
  snapshotSizePermille: whole(-1, 1000)
    .optional()
    .meta({ description: 'snapshotSizeFactor in thousandths; -1 turns synchronisation from the log off.' }),
  forceSnapshotSync: flag.optional(),
  snapCount: whole(2, 100_000_000).optional(),
  preAllocSize: whole(0, 1_000_000_000).optional().meta({ description: 'In kilobytes, as in zoo.cfg.' }),
  maxCounter: whole(3, 4_294_967_295).optional().meta({ description: 'Last counter of an epoch, after which the leader steps down.' }),
  standaloneEnabled: flag.optional().meta({ description: 'false: a single server is an ensemble of one, with elections and epochs.' }),
  fsync: latency.optional().meta({ description: 'How long an fsync takes.' }),
  minSessionTimeout: duration.optional(),
  maxSessionTimeout: duration.optional(),
  extendedTypesEnabled: flag.optional().meta({ description: 'true: nodes may have a time to live.' }),
  enforceQuota: flag.optional().meta({ description: 'true: hard limits of quotas are held to.' }),
  skipACL: flag.optional().meta({ description: 'true: no ACL is looked at.' }),
  maxClientCnxns: whole(0, 1_000_000).optional().meta({ description: 'Connections from one address; 0 for as many as they like.' }),
  globalOutstandingLimit: whole(1, 1_000_000)
    .optional()
    .meta({ description: 'Requests under way, beyond which connections are not read for a while.' }),
  fourLetterWhitelist: text.optional().meta({ description: 'Four-letter words that are answered, with commas between them; * for all.' }),
  superDigest: text.optional().meta({ description: 'user:hash of who may do everything, as in a digest ACL.' }),
  containerCheckInterval: duration
    .optional()
    .meta({ description: 'How often the leader looks for empty containers and nodes whose time is over; a minute when absent.' }),
  containerMaxPerMinute: whole(1, 1_000_000).optional().meta({ description: 'How many containers are deleted in a minute.' }),
  containerMaxNeverUsedInterval: duration.optional().meta({ description: 'After that a container that never had a child goes too.' }),
});

const network = z.strictObject({
  latency: latency.optional(),
  loss: share.optional(),
  keepalive: duration.optional(),
  retransmit: duration.optional(),
});

const client = z.strictObject({
  name,
  servers: list.optional(),
  timeout: duration.optional(),
  shuffle: flag.optional(),
  connectDelay: duration.optional(),
});

const namedClient = name.transform((one): z.output<typeof client> => ({ name: one }));

/** Of a note: its type under `note`, where under `at`, and any of its operands. */
const noteMatch = z
  .record(text, text)
  .meta({ description: 'A note of the trace: its type under note, the server or client under at, and operands by name.' });

const seed = z
  .string()
  .regex(/^\S.*$/, 'a text or a number')
  .meta({ type: ['string', 'integer'], pattern: undefined });

const properties = list.meta({ description: 'Ids of properties, such as I-LOSS.' });

const expectation = z.union([
  text.transform((state) => ({ state })),
  z.strictObject({ violates: properties }),
  z.strictObject({ holds: properties }),
  z.strictObject({
    trace: noteMatch,
    times: text.optional().meta({ description: 'How often: 2, 2+ or 2..4; 1+ when absent.' }),
    after: duration.optional(),
    before: duration.optional(),
  }),
  z.strictObject({ order: z.array(noteMatch).min(2) }),
  z.strictObject({ state: text, before: duration }),
]);

export const documentSchema = z.strictObject({
  name: someText,
  about: text.optional().meta({ description: 'What it shows, for the reader.' }),
  seed: seed.optional(),
  preset: text.optional().meta({ description: 'What a release still had wrong; fixed when absent.' }),
  mutations: list.optional(),
  mode: z.enum(['fine', 'coarse']).optional(),
  until: duration.optional().meta({ description: 'The run ends then; two seconds after the script when absent.' }),
  traceHash: z
    .string()
    .regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits')
    .optional()
    .meta({ description: 'Of a counterexample: the hash that its trace had.' }),
  ensemble: ensemble.optional(),
  network: network.optional(),
  clients: z.array(z.union([namedClient, client])).optional(),
  start: z.enum(['all', 'none']).optional().meta({ description: 'none leaves everything down until the script starts it.' }),
  script: z.array(z.record(text, z.unknown())).optional(),
  expect: z.array(expectation).optional().meta({ description: 'What must be true when the run is over.' }),
});

export type Document = z.output<typeof documentSchema>;
export type Expectation = NonNullable<Document['expect']>[number];
export type NoteMatch = z.output<typeof noteMatch>;

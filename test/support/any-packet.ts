/* Arbitrary packets of the protocol, for the properties of its wire form. */
import fc, { type Arbitrary } from 'fast-check';
import { bytesOfArray, hexOfBytes, type Bytes } from '../../src/base/bytes.ts';
import {
  CREATE_MODES,
  type AclEntry,
  type ClientPacket,
  type Operation,
  type Result,
  type ServerPacket,
  type Stat,
} from '../../src/server/protocol.ts';
import { OP_CODES, type OperationName } from '../../src/wire/numbers.ts';

const int = fc.oneof(fc.integer(), fc.constantFrom(0, 1, -1, 0x7fffffff, -0x80000000));
const long = fc.oneof(fc.maxSafeInteger(), fc.constantFrom(0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0x1_0000_0000));
const id64 = fc.bigInt({ min: 0n, max: 0xffff_ffff_ffff_ffffn }).map((n) => n.toString(16).padStart(16, '0'));
export const bytes: Arbitrary<Bytes> = fc.uint8Array({ maxLength: 40 }).map((array) => bytesOfArray(array));
const buffer = fc.option(bytes);
/** Without surrogates: a server's Java does not bring them back, and no UTF-8 has lone ones. */
export const text = fc.string({ unit: 'binary', maxLength: 12 }).map((s) => s.replace(/[\ud800-\udfff]/g, 'é'));
const string = fc.option(text);
const readOnly: Arbitrary<boolean | null> = fc.option(fc.boolean());
const texts = fc.array(text, { maxLength: 3 });
const mode = fc.constantFrom(...CREATE_MODES, 'UNKNOWN' as const);
const aclEntry: Arbitrary<AclEntry> = fc.record({ perms: int, scheme: text, id: text });
const acl = fc.array(aclEntry, { maxLength: 3 });

const creation = { path: text, data: buffer, acl, mode };
const watched = { path: text, watch: fc.boolean() };
const unwatched = { path: text, watch: fc.constant(false) };
const watches = { relativeZxid: long, data: texts, exist: texts, child: texts };

type Plain = Exclude<OperationName, 'multi' | 'multiRead'>;
const fieldsOf: { readonly [Op in Plain]: Record<string, Arbitrary<unknown>> } = {
  create: creation,
  create2: creation,
  createContainer: creation,
  createTTL: { ...creation, ttlMs: long },
  delete: { path: text, version: int },
  deleteContainer: { path: text },
  exists: watched,
  getData: watched,
  setData: { path: text, data: buffer, version: int },
  getACL: { path: text },
  setACL: { path: text, acl, version: int },
  getChildren: watched,
  getChildren2: watched,
  getAllChildrenNumber: { path: text },
  getEphemerals: { prefix: string },
  sync: { path: string },
  check: { path: text, version: int },
  reconfig: { joiningServers: string, leavingServers: string, newMembers: string, curConfigId: long },
  ping: {},
  setWatches: watches,
  setWatches2: { ...watches, persistent: texts, persistentRecursive: texts },
  addWatch: { path: text, mode: int },
  checkWatches: { path: text, watcherType: int },
  removeWatches: { path: text, watcherType: int },
  whoAmI: {},
  auth: { scheme: string, auth: buffer },
  sasl: { token: buffer },
  createSession: { timeoutMs: int },
  closeSession: {},
};

function operationOf(op: OperationName, fields: Record<string, Arbitrary<unknown>>): Arbitrary<Operation> {
  return fc.record({ op: fc.constant(op), ...fields }) as Arbitrary<unknown> as Arbitrary<Operation>;
}

const WRITES_OF_MULTI = ['create', 'create2', 'createContainer', 'createTTL', 'delete', 'setData', 'check'] as const;
const writesOfMulti = fc.array(fc.oneof(...WRITES_OF_MULTI.map((op) => operationOf(op, fieldsOf[op]))), { maxLength: 4 });
const readsOfMulti = fc.array(fc.oneof(operationOf('getData', unwatched), operationOf('getChildren', unwatched)), { maxLength: 4 });

/** Every operation that has a record, by its name. */
export const operations: { readonly [Op in OperationName]: Arbitrary<Operation> } = {
  ...(Object.fromEntries(Object.entries(fieldsOf).map(([op, fields]) => [op, operationOf(op as Plain, fields)])) as {
    readonly [Op in Plain]: Arbitrary<Operation>;
  }),
  multi: operationOf('multi', { ops: writesOfMulti }),
  multiRead: operationOf('multiRead', { ops: fc.oneof(readsOfMulti, writesOfMulti) }),
};

const password = fc.uint8Array({ maxLength: 20 }).map((array) => hexOfBytes(bytesOfArray(array)));
export const connects: Arbitrary<ClientPacket> = fc.record({
  type: fc.constant('CONNECT' as const),
  session: id64,
  password,
  timeoutMs: int,
  lastZxidSeen: long,
  readOnly,
});

const unknownOperation = int
  .filter((code) => !Object.values<number>(OP_CODES).includes(code))
  .map((code): Operation => ({ op: 'unknown', code }));
export const requests: Arbitrary<ClientPacket> = fc.record({
  type: fc.constant('OP' as const),
  xid: int,
  operation: fc.oneof(...Object.values(operations), unknownOperation),
});

const stat: Arbitrary<Stat> = fc.record({
  czxid: long,
  mzxid: long,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: id64,
  dataLength: int,
  numChildren: int,
  pzxid: long,
});
/** What a client makes of a Stat that was not sent. */
export const NO_STAT: Stat = {
  czxid: 0,
  mzxid: 0,
  ctime: 0,
  mtime: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: '0000000000000000',
  dataLength: 0,
  numChildren: 0,
  pzxid: 0,
};
const clientInfo = fc.array(fc.record({ scheme: text, user: text }), { maxLength: 3 });

type PlainResult = Exclude<Result['op'], 'multi' | 'multiRead'>;
const resultFields: { readonly [Op in PlainResult]: Record<string, Arbitrary<unknown>> } = {
  create: { path: text, stat: fc.constant(null) },
  create2: { path: text, stat },
  createContainer: { path: text, stat },
  createTTL: { path: text, stat },
  delete: {},
  deleteContainer: {},
  exists: { stat },
  getData: { data: buffer, stat },
  setData: { stat },
  getACL: { acl, stat },
  setACL: { stat },
  getChildren: { children: texts, stat: fc.constant(NO_STAT) },
  getChildren2: { children: texts, stat },
  getAllChildrenNumber: { totalNumber: int },
  getEphemerals: { ephemerals: texts },
  sync: { path: string },
  check: {},
  reconfig: { data: buffer, stat },
  ping: {},
  setWatches: {},
  setWatches2: {},
  addWatch: {},
  checkWatches: {},
  removeWatches: {},
  whoAmI: { clientInfo },
  auth: {},
  sasl: { token: buffer },
  closeSession: {},
};

function resultOf(op: Result['op'], fields: Record<string, Arbitrary<unknown>>): Arbitrary<Result> {
  return fc.record({ op: fc.constant(op), ...fields }) as Arbitrary<unknown> as Arbitrary<Result>;
}

const errors = fc.constantFrom('SYSTEMERROR', 'RUNTIMEINCONSISTENCY', 'NONODE', 'BADVERSION', 'MARSHALLINGERROR', 'THROTTLEDOP');
const RESULTS_OF_MULTI = ['create', 'create2', 'delete', 'setData', 'check', 'getData', 'getChildren'] as const;
const partOfMulti = fc.oneof(
  fc.record({ error: fc.oneof(errors, fc.constant('OK')), result: fc.constant(null) }),
  fc.record({ error: fc.constant('OK'), result: fc.oneof(...RESULTS_OF_MULTI.map((op) => resultOf(op, resultFields[op]))) }),
);
const parts = fc.array(partOfMulti, { maxLength: 4 });

/** Every result, by the operation that it answers. */
export const results: readonly Arbitrary<Result>[] = [
  ...Object.entries(resultFields).map(([op, fields]) => resultOf(op as PlainResult, fields)),
  resultOf('multi', { results: parts }),
  resultOf('multiRead', { results: parts }),
];

const xid = int.filter((xid) => xid !== -1); // a notification's
export const replies: Arbitrary<Extract<ServerPacket, { type: 'REPLY' }>> = fc.oneof(
  fc.record({ type: fc.constant('REPLY' as const), xid, zxid: long, error: fc.constant('OK' as const), result: fc.oneof(...results) }),
  fc.record({ type: fc.constant('REPLY' as const), xid, zxid: long, error: errors, result: fc.constant(null) }),
);

export const connecteds: Arbitrary<ServerPacket> = fc.record({
  type: fc.constant('CONNECTED' as const),
  session: id64,
  password,
  timeoutMs: int,
  readOnly,
});

export const events: Arbitrary<ServerPacket> = fc.record({
  type: fc.constant('EVENT' as const),
  zxid: long,
  event: fc.constantFrom('NodeCreated', 'NodeDeleted', 'NodeDataChanged', 'NodeChildrenChanged'),
  path: text,
});

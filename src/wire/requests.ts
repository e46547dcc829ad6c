/*
 * The body of every request, by its operation (G1). A field says also what a null in it means: WIRE-13 for the paths, and otherwise what
 * Java does with the null that it finds there.
 */
import type { Operation } from '../server/protocol.ts';
import { bare, behindZero, boolean, buffer, int, long, string, tagged, text, textOrNone, texts, type Codec } from './codec.ts';
import { END_OF_MULTI, multiHeader } from './multi-header.ts';
import { OP_CODES, type OperationName } from './numbers.ts';
import { WireError, type Reader } from './reader.ts';
import { acl, createMode } from './records.ts';
import type { Writer } from './writer.ts';

type OperationOf<Op extends OperationName> = Extract<Operation, { op: Op }>;

const creation = { path: text, data: buffer, acl, mode: createMode };
const watched = { path: text, watch: boolean };
const watches = { relativeZxid: long, data: texts, exist: texts, child: texts };

const REQUESTS: { readonly [Op in OperationName]: Codec<OperationOf<Op>> } = {
  create: tagged('create', creation),
  create2: tagged('create2', creation),
  createContainer: tagged('createContainer', creation),
  createTTL: tagged('createTTL', { ...creation, ttlMs: long }),
  delete: tagged('delete', { path: text, version: int }),
  deleteContainer: tagged('deleteContainer', { path: text }),
  exists: tagged('exists', watched),
  getData: tagged('getData', watched),
  // PathUtils.validatePath refuses null and '' alike: BADARGUMENTS.
  setData: tagged('setData', { path: textOrNone, data: buffer, version: int }),
  getACL: tagged('getACL', { path: text }),
  setACL: tagged('setACL', { path: textOrNone, acl, version: int }),
  getChildren: tagged('getChildren', watched),
  getChildren2: tagged('getChildren2', watched),
  getAllChildrenNumber: tagged('getAllChildrenNumber', { path: text }),
  getEphemerals: tagged('getEphemerals', { prefix: string }),
  sync: tagged('sync', { path: string }),
  multi: tagged('multi', { ops: { read: readTransaction, write: writeOperations } }),
  multiRead: tagged('multiRead', { ops: { read: readOperations, write: writeOperations } }),
  check: tagged('check', { path: textOrNone, version: int }),
  reconfig: tagged('reconfig', { joiningServers: string, leavingServers: string, newMembers: string, curConfigId: long }),
  ping: bare('ping'),
  setWatches: tagged('setWatches', watches),
  setWatches2: tagged('setWatches2', { ...watches, persistent: texts, persistentRecursive: texts }),
  // The watch tables take null for a key, and no node is ever at '' to fire it.
  addWatch: tagged('addWatch', { path: textOrNone, mode: int }),
  checkWatches: tagged('checkWatches', { path: textOrNone, watcherType: int }),
  removeWatches: tagged('removeWatches', { path: textOrNone, watcherType: int }),
  whoAmI: bare('whoAmI'),
  auth: behindZero(tagged('auth', { scheme: string, auth: buffer })),
  sasl: tagged('sasl', { token: buffer }),
  createSession: tagged('createSession', { timeoutMs: int }),
  closeSession: bare('closeSession'),
};

/** Inside a multi a null path is looked into before any check (PrepRequestProcessor.getPendingChanges), and no watch is set (MULTI-12). */
const IN_MULTI = {
  create: REQUESTS.create,
  create2: REQUESTS.create2,
  createContainer: REQUESTS.createContainer,
  createTTL: REQUESTS.createTTL,
  delete: REQUESTS.delete,
  setData: tagged('setData', { path: text, data: buffer, version: int }),
  check: tagged('check', { path: text, version: int }),
  getData: unwatched(REQUESTS.getData),
  getChildren: unwatched(REQUESTS.getChildren),
};

function unwatched<Op extends OperationOf<'getData' | 'getChildren'>>(codec: Codec<Op>): Codec<Op> {
  return { read: (from) => ({ ...codec.read(from), watch: false }), write: codec.write };
}

const requestOfCode = byCode(REQUESTS);
const requestInMulti = byCode(IN_MULTI);

/** Each codec reads its own operation and is given no other to write: the code in front of the record has chosen it. */
function byCode(codecs: { readonly [Op in OperationName]?: Codec<OperationOf<Op>> }): Readonly<Record<number, Codec<Operation>>> {
  const table: Record<number, Codec<Operation>> = {};
  for (const [op, codec] of Object.entries(codecs) as [OperationName, Codec<Operation>][]) table[OP_CODES[op]] = codec;
  return table;
}

/** Null when the code names no operation (PIPE-07). Throws WireError when its record does not fit. */
export function readOperation(from: Reader, code: number): Operation | null {
  return requestOfCode[code]?.read(from) ?? null;
}

/** What cannot be decoded, or is unknown, has no record. */
export function writeOperation(to: Writer, operation: Operation): void {
  if (operation.op !== 'undecodable') requestOfCode[codeOf(operation)]?.write(to, operation);
}

export function codeOf(operation: Operation): number {
  return operation.op === 'undecodable' || operation.op === 'unknown' ? operation.code : OP_CODES[operation.op];
}

const READS: ReadonlySet<string> = new Set(['getData', 'getChildren']);

/** MultiOperationRecord.deserialize: other operations, and reads among writes, make the whole undecodable (MULTI-02, VAL-13). */
function readOperations(from: Reader): readonly Operation[] {
  const ops: Operation[] = [];
  for (let header = multiHeader.read(from); !header.done; header = multiHeader.read(from)) {
    const operation = requestInMulti[header.type]?.read(from);
    if (operation === undefined) throw new WireError(`byte ${from.at}: expected an operation of a multi, found type ${header.type}`);
    const first = ops[0] ?? operation;
    if (READS.has(first.op) !== READS.has(operation.op))
      throw new WireError(`byte ${from.at}: ${operation.op} beside ${first.op} in a multi`);
    ops.push(operation);
  }
  return ops;
}

/** Reads decode in Java and then make no transaction: MARSHALLINGERROR as well. */
function readTransaction(from: Reader): readonly Operation[] {
  const ops = readOperations(from);
  if (ops.some(({ op }) => READS.has(op))) throw new WireError(`byte ${from.at}: expected writes, found a multi of reads`);
  return ops;
}

function writeOperations(to: Writer, ops: readonly Operation[]): void {
  for (const operation of ops) {
    multiHeader.write(to, { type: codeOf(operation), done: false, error: -1 });
    writeOperation(to, operation);
  }
  multiHeader.write(to, END_OF_MULTI);
}

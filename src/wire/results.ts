/* The body of every reply, by the operation that it answers (G1), and the results inside that of a multi (MULTI-05). */
import { assert } from '../base/assert.ts';
import { zeroInt64 } from '../base/int64.ts';
import type { ErrorCode, Result, Stat } from '../server/protocol.ts';
import { behindZero, buffer, constant, int, record, string, tagged, text, texts, vector, type Codec, type Fields } from './codec.ts';
import { END_OF_MULTI, multiHeader } from './multi-header.ts';
import { ERROR_IN_MULTI, numberOfError, OP_CODES, type OperationName } from './numbers.ts';
import { WireError, type Reader } from './reader.ts';
import { acl, errorCode, stat } from './records.ts';
import type { Writer } from './writer.ts';

type ResultName = Result['op'];
/** What a reply to `Op` says. */
type FieldsOf<Op extends ResultName, Member = Result> = Member extends { readonly op: infer Name }
  ? Op extends Name
    ? Omit<Member, 'op'>
    : never
  : never;
type PartOfMulti = { readonly error: ErrorCode; readonly result: Result | null };

/** The results that Java fills with a Stat and then does not send, as a client sees them. */
const NO_STAT: Stat = {
  czxid: 0,
  mzxid: 0,
  ctime: 0,
  mtime: 0,
  version: 0,
  cversion: 0,
  aversion: 0,
  ephemeralOwner: zeroInt64,
  dataLength: 0,
  numChildren: 0,
  pzxid: 0,
};

const statOfCreated: Codec<Stat | null> = {
  read: stat.read,
  write: (to, value) => {
    assert(value !== null, 'a create that answers with a Stat has none');
    stat.write(to, value);
  },
};

const partsOfMulti: Codec<readonly PartOfMulti[]> = { read: readParts, write: writeParts };
const clientInfo = vector(8, record<{ readonly scheme: string; readonly user: string }>({ scheme: text, user: text }));

const RESULTS: { readonly [Op in ResultName]: Codec<Result> } = {
  create: result('create', { path: text, stat: constant<Stat | null>(null) }),
  create2: result('create2', { path: text, stat: statOfCreated }),
  createContainer: result('createContainer', { path: text, stat: statOfCreated }),
  createTTL: result('createTTL', { path: text, stat: statOfCreated }),
  delete: result('delete', {}),
  deleteContainer: result('deleteContainer', {}),
  exists: result('exists', { stat }),
  getData: result('getData', { data: buffer, stat }),
  setData: result('setData', { stat }),
  getACL: result('getACL', { acl, stat }),
  setACL: result('setACL', { stat }),
  getChildren: result('getChildren', { children: texts, stat: constant(NO_STAT) }),
  getChildren2: result('getChildren2', { children: texts, stat }),
  getAllChildrenNumber: result('getAllChildrenNumber', { totalNumber: int }),
  getEphemerals: result('getEphemerals', { ephemerals: texts }),
  sync: result('sync', { path: string }),
  multi: result('multi', { results: partsOfMulti }),
  multiRead: result('multiRead', { results: partsOfMulti }),
  check: result('check', {}),
  reconfig: result('reconfig', { data: buffer, stat }),
  ping: result('ping', {}),
  setWatches: result('setWatches', {}),
  setWatches2: result('setWatches2', {}),
  addWatch: behindZero(result('addWatch', {})), // an ErrorResponse of 0
  checkWatches: result('checkWatches', {}),
  removeWatches: result('removeWatches', {}),
  whoAmI: result('whoAmI', { clientInfo }),
  auth: result('auth', {}),
  sasl: result('sasl', { token: buffer }),
  closeSession: result('closeSession', {}),
};

/** Each codec reads its own result and is given no other to write: its name has chosen it. */
function result<Op extends ResultName>(op: Op, fields: Fields<FieldsOf<Op>>): Codec<Result> {
  return tagged<Op, FieldsOf<Op>>(op, fields) as Codec<unknown> as Codec<Result>;
}

/** Null for an operation whose reply is a header only, and unknown to the protocol as a result. */
export function readResult(from: Reader, op: OperationName): Result | null {
  return op === 'createSession' ? null : RESULTS[op].read(from);
}

export function writeResult(to: Writer, result: Result): void {
  RESULTS[result.op].write(to, result);
}

/** The types that MultiResponse knows; every create with a Stat is a create2 there. */
const RESULTS_OF_MULTI: Readonly<Record<number, Codec<Result>>> = {
  [OP_CODES.create]: RESULTS.create,
  [OP_CODES.create2]: RESULTS.create2,
  [OP_CODES.delete]: RESULTS.delete,
  [OP_CODES.setData]: RESULTS.setData,
  [OP_CODES.check]: RESULTS.check,
  [OP_CODES.getChildren]: RESULTS.getChildren,
  [OP_CODES.getData]: RESULTS.getData,
};

function typeInMulti({ op }: Result): number {
  switch (op) {
    case 'createContainer':
    case 'createTTL':
      return OP_CODES.create2;
    case 'deleteContainer':
      return OP_CODES.delete;
    default:
      return OP_CODES[op];
  }
}

function readParts(from: Reader): readonly PartOfMulti[] {
  const parts: PartOfMulti[] = [];
  for (let header = multiHeader.read(from); !header.done; header = multiHeader.read(from)) {
    if (header.type === ERROR_IN_MULTI) {
      parts.push({ error: errorCode.read(from), result: null });
      continue;
    }
    const codec = RESULTS_OF_MULTI[header.type];
    if (codec === undefined) throw new WireError(`byte ${from.at}: expected a result of a multi, found type ${header.type}`);
    parts.push({ error: 'OK', result: codec.read(from) });
  }
  return parts;
}

/** An operation before the one that failed has no result either, and is an ErrorResult of OK (MULTI-03). */
function writeParts(to: Writer, parts: readonly PartOfMulti[]): void {
  for (const { error, result } of parts) {
    if (result === null) {
      multiHeader.write(to, { type: ERROR_IN_MULTI, done: false, error: numberOfError(error) });
      errorCode.write(to, error);
      continue;
    }
    const type = typeInMulti(result);
    const codec = RESULTS_OF_MULTI[type];
    assert(codec !== undefined, () => `${result.op} has no result in a multi`);
    multiHeader.write(to, { type, done: false, error: 0 });
    codec.write(to, result);
  }
  multiHeader.write(to, END_OF_MULTI);
}

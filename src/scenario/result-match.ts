/** What an operation gave, against what the script expects of it. */
import { utf8OfBytes } from '../base/bytes.ts';
import { zxidText } from '../base/zxid.ts';
import type { ClientOperation } from '../client/items.ts';
import type { ErrorCode, Result } from '../server/protocol.ts';

/** The compiler keeps it complete. */
const ERRORS: Readonly<Record<ErrorCode, true>> = {
  OK: true,
  SYSTEMERROR: true,
  RUNTIMEINCONSISTENCY: true,
  DATAINCONSISTENCY: true,
  CONNECTIONLOSS: true,
  MARSHALLINGERROR: true,
  UNIMPLEMENTED: true,
  OPERATIONTIMEOUT: true,
  BADARGUMENTS: true,
  UNKNOWNSESSION: true,
  NEWCONFIGNOQUORUM: true,
  RECONFIGINPROGRESS: true,
  NONODE: true,
  NOAUTH: true,
  BADVERSION: true,
  NOCHILDRENFOREPHEMERALS: true,
  NODEEXISTS: true,
  NOTEMPTY: true,
  SESSIONEXPIRED: true,
  INVALIDCALLBACK: true,
  INVALIDACL: true,
  AUTHFAILED: true,
  SESSIONMOVED: true,
  NOTREADONLY: true,
  EPHEMERALONLOCALSESSION: true,
  NOWATCHER: true,
  REQUESTTIMEOUT: true,
  RECONFIGDISABLED: true,
  SESSIONCLOSEDREQUIRESASLAUTH: true,
  QUOTAEXCEEDED: true,
  THROTTLEDOP: true,
};

const FIELD = /^(\w+) = (\S+)$/;
const FIELDS: readonly string[] = [
  'czxid',
  'mzxid',
  'ctime',
  'mtime',
  'version',
  'cversion',
  'aversion',
  'ephemeralOwner',
  'dataLength',
  'numChildren',
  'pzxid',
];

/** What can be expected of an operation that prints nothing; null where any text may be printed. */
export function choicesFor(operation: ClientOperation, text: string): readonly string[] | null {
  if (['getData', 'getChildren', 'create', 'multi'].includes(operation.op)) return null;
  const hasStat = operation.op === 'exists' || operation.op === 'setData';
  const field = FIELD.exec(text)?.[1];
  if (hasStat && field !== undefined) return FIELDS.includes(field) ? null : FIELDS.map((each) => `${each} = VALUE`);
  const choices = ['ok', ...Object.keys(ERRORS)];
  return choices.includes(text) ? null : choices;
}

/** `ok`, an error code, what the operation printed, or a field of its Stat such as `version = 3`. */
export function meets(text: string, error: string, result: Result | null): boolean {
  if (text === error || (text === 'ok' && error === 'OK')) return true;
  if (error !== 'OK' || result === null) return false;
  if (resultText(result) === text) return true;
  const [, field = '', value = ''] = FIELD.exec(text) ?? [];
  return field !== '' && statField(result, field) === value;
}

function statField(result: Result, field: string): string | null {
  const stat = 'stat' in result ? result.stat : null;
  const found: readonly [string, unknown] | undefined = Object.entries(stat ?? {}).find(([key]) => key === field);
  if (found === undefined) return null;
  const [key, value] = found;
  return key.endsWith('zxid') && typeof value === 'number' ? zxidText(value) : String(value);
}

/** What an operation printed: data, a path, names. */
export function resultText(result: Result | null): string | null {
  if (result === null) return null;
  if (result.op === 'getData') return result.data === null ? 'null' : utf8OfBytes(result.data);
  if (result.op === 'getChildren') return result.children.join(', ');
  return result.op === 'create' ? result.path : null;
}

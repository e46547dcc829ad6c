/** What an operation gave, against what the script expects of it. */
import { utf8OfBytes, type Bytes } from '../base/bytes.ts';
import { zxidText } from '../base/zxid.ts';
import type { Submission } from '../client/items.ts';
import { errorOf, type Answer, type SequenceOutcome } from '../client/sequence.ts';
import { formatAcl } from '../client/zkcli-acl.ts';
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

/** Operations that print nothing but their Stat, if that. */
const SILENT: readonly Submission['op'][] = [
  'delete',
  'deleteContainer',
  'exists',
  'setData',
  'setACL',
  'sync',
  'auth',
  'addWatch',
  'checkWatches',
  'removeWatches',
  'closeSession',
  'unlock',
  'resign',
  'leave',
  'guarded-set',
];
const WITH_STAT: readonly Submission['op'][] = ['exists', 'setData', 'setACL'];

/** What can be expected of an operation that prints nothing; null where any text may be printed. */
export function choicesFor({ op }: Submission, text: string): readonly string[] | null {
  if (!SILENT.includes(op)) return null;
  const field = FIELD.exec(text)?.[1];
  if (WITH_STAT.includes(op) && field !== undefined) return FIELDS.includes(field) ? null : FIELDS.map((each) => `${each} = VALUE`);
  const choices = ['ok', ...Object.keys(ERRORS)];
  return choices.includes(text) ? null : choices;
}

/** `ok`, an error code, what the operation printed, or a field of its Stat such as `version = 3`. */
export function meets(text: string, answer: Answer): boolean {
  const error = errorOf(answer);
  if (text === error || (text === 'ok' && error === 'OK')) return true;
  const { result } = answer;
  if (error !== 'OK' || result === null) return false;
  if (resultText(result) === text) return true;
  const [, field = '', value = ''] = FIELD.exec(text) ?? [];
  return field !== '' && statField(result, field) === value;
}

/** The same of a command of several requests. */
export function meetsSequence(text: string, { error, told }: SequenceOutcome): boolean {
  return text === error || (error === 'OK' && (text === 'ok' || toldText(told) === text));
}

function statField(result: Result, field: string): string | null {
  const stat = 'stat' in result ? result.stat : null;
  const found: readonly [string, unknown] | undefined = Object.entries(stat ?? {}).find(([key]) => key === field);
  if (found === undefined) return null;
  const [key, value] = found;
  return key.endsWith('zxid') && typeof value === 'number' ? zxidText(value) : String(value);
}

/** What an operation gave, for those who expected something else. */
export function foundText(answer: Answer): string {
  const error = errorOf(answer);
  return error === 'OK' ? (resultText(answer.result) ?? 'ok') : error;
}

export function foundSequenceText({ error, told }: SequenceOutcome): string {
  return error === 'OK' ? toldText(told) : error;
}

/** What an operation printed: data, a path, names. */
function resultText(result: Result | null): string | null {
  switch (result?.op) {
    case 'getData':
      return dataText(result.data);
    case 'getChildren':
    case 'getChildren2':
      return result.children.join(', ');
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return result.path;
    case 'getACL':
      return formatAcl(result.acl);
    case 'getAllChildrenNumber':
      return String(result.totalNumber);
    case 'getEphemerals':
      return result.ephemerals.join(', ');
    case 'whoAmI':
      return result.clientInfo.map(({ scheme, user }) => `${scheme}: ${user}`).join(', ');
    case 'multiRead':
      return result.results.map(foundText).join('; ');
    default:
      return null;
  }
}

function dataText(data: Bytes | null): string {
  return data === null ? 'null' : utf8OfBytes(data);
}

/** Paths, or a quota and what is used of it; 'ok' where there is nothing to tell. */
function toldText(told: SequenceOutcome['told']): string {
  const texts = told.map((each) => {
    if (each.key === 'path') return each.path;
    return each.key === 'quota' ? `${each.limits} used ${each.usage}` : each.key;
  });
  return texts.length === 0 ? 'ok' : texts.join(', ');
}

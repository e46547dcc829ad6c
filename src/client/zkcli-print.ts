/** Operations back into zkCli syntax. */
import { base64OfBytes } from '../base/base64.ts';
import { unreachable } from '../base/assert.ts';
import { bytesOfUtf8, utf8OfBytes, type Bytes } from '../base/bytes.ts';
import { OPEN_ACL_UNSAFE, type Acl, type CreateOperation, type Operation } from '../server/protocol.ts';
import type { ClientOperation, SequenceOperation, Submission } from './items.ts';
import { isSequence } from './sequence.ts';
import type { Command } from './zkcli.ts';
import { formatAcl, isSameAcl } from './zkcli-acl.ts';
import { QUOTA_LIMITS, WATCH_MODES, WATCHER_TYPES } from './zkcli-operations.ts';
import { quoteWord } from './zkcli-words.ts';

/** Text that would not show as it is: bytes that are no UTF-8, and control characters. */
const unprintable = /[\p{Cc}\u2028\u2029]/u;

/** The command that reads back as `operation`, on one line. */
export function formatOperation(operation: Submission): string {
  return formatCommand({ operation, showsStat: false });
}

export function formatCommand({ operation, showsStat }: Command): string {
  if (isSequence(operation)) return formatSequence(operation);
  const stat = showsStat ? ' -s' : '';
  switch (operation.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return formatCreate(operation, operation.op === 'createTTL' ? ` -t ${operation.ttlMs}` : '');
    case 'setData': {
      const flags = `${stat}${versionFlag(operation.version)}${dataFlag(operation.data, ' -n')}`;
      return `set${flags} ${quoteWord(operation.path)}${dataWord(operation.data)}`;
    }
    case 'delete':
    case 'check':
      return `${operation.op}${versionFlag(operation.version)} ${quoteWord(operation.path)}`;
    case 'getData':
      return `get${stat}${watchFlag(operation)} ${quoteWord(operation.path)}`;
    case 'exists':
      return `stat${watchFlag(operation)} ${quoteWord(operation.path)}`;
    case 'getChildren':
      return `getChildren${watchFlag(operation)} ${quoteWord(operation.path)}`;
    case 'getChildren2':
      return `ls${stat}${watchFlag(operation)} ${quoteWord(operation.path)}`;
    case 'setACL':
      return `setAcl${stat}${versionFlag(operation.version)} ${quoteWord(operation.path)} ${quoteWord(formatAcl(operation.acl))}`;
    case 'getACL':
      return `getAcl${stat} ${quoteWord(operation.path)}`;
    case 'closeSession':
      return 'close';
    case 'multi':
      return formatBraced('multi', operation.ops);
    case 'multiRead':
      return formatBraced('multiread', operation.ops);
    default:
      return formatOther(operation, stat);
  }
}

type OtherOperation = Extract<
  ClientOperation,
  {
    op:
      | 'sync'
      | 'deleteContainer'
      | 'getAllChildrenNumber'
      | 'getEphemerals'
      | 'whoAmI'
      | 'auth'
      | 'addWatch'
      | 'removeWatches'
      | 'checkWatches'
      | 'reconfig';
  }
>;

function formatOther(operation: OtherOperation, stat: string): string {
  switch (operation.op) {
    case 'sync':
    case 'getAllChildrenNumber':
      return `${operation.op} ${quoteWord(operation.path)}`;
    case 'deleteContainer':
      return `deletecontainer ${quoteWord(operation.path)}`;
    case 'getEphemerals':
      return operation.prefix === '/' || operation.prefix === null ? 'getEphemerals' : `getEphemerals ${quoteWord(operation.prefix)}`;
    case 'whoAmI':
      return 'whoami';
    case 'auth':
      return `addauth ${quoteWord(operation.scheme ?? '')}${operation.auth === null ? '' : ` ${quoteWord(utf8OfBytes(operation.auth))}`}`;
    case 'addWatch':
      return `addWatch -m ${WATCH_MODES[operation.mode] ?? operation.mode} ${quoteWord(operation.path)}`;
    case 'removeWatches':
    case 'checkWatches': {
      const letter = WATCHER_TYPES.find(([, type]) => type === operation.watcherType)?.[0] ?? operation.watcherType;
      return `${operation.op.toLowerCase()} -${letter} ${quoteWord(operation.path)}`;
    }
    case 'reconfig': {
      const { joiningServers, leavingServers, newMembers, curConfigId } = operation;
      const version = curConfigId === -1 ? '' : ` -v ${curConfigId.toString(16)}`;
      return `reconfig${stat}${version}${option('add', joiningServers)}${option('remove', leavingServers)}${option('members', newMembers)}`;
    }
    default:
      return unreachable(operation);
  }
}

function formatSequence(operation: SequenceOperation): string {
  const path = quoteWord(operation.path);
  switch (operation.op) {
    case 'deleteall':
      return `deleteall${operation.batchSize === 1000 ? '' : ` -b ${operation.batchSize}`} ${path}`;
    case 'ls-recursive':
      return `ls -R${watchFlag(operation)} ${path}`;
    case 'setAcl-recursive':
      return `setAcl -R${versionFlag(operation.version)} ${path} ${quoteWord(formatAcl(operation.acl))}`;
    case 'setquota':
      return `setquota -${quotaLetter(operation.limit)} ${operation.value} ${path}`;
    case 'listquota':
      return `listquota ${path}`;
    case 'delquota':
      return `delquota${operation.limit === null ? '' : ` -${quotaLetter(operation.limit)}`} ${path}`;
    case 'guarded-set':
      return `guarded-set${dataFlag(operation.data, '')} ${path} ${quoteWord(operation.target)}${dataWord(operation.data)}`;
    case 'offer':
      return `offer${dataFlag(operation.data, '')} ${path}${dataWord(operation.data)}`;
    case 'enter':
      return `enter ${path} ${operation.size}`;
    default:
      return `${operation.op} ${path}`;
  }
}

function quotaLetter(limit: string): string {
  return QUOTA_LIMITS.find(([, name]) => name === limit)?.[0] ?? '';
}

function option(name: string, value: string | null): string {
  return value === null ? '' : ` -${name} ${quoteWord(value)}`;
}

function formatBraced(name: string, ops: readonly Operation[]): string {
  return ops.length === 0 ? `${name} { }` : `${name} { ${ops.map(formatPart).join('; ')} }`;
}

function formatPart(operation: Operation): string {
  return isClientOperation(operation) ? formatOperation(operation) : operation.op;
}

const NOT_FOR_PROGRAMS: ReadonlySet<string> = new Set<Exclude<Operation['op'], ClientOperation['op']>>([
  'ping',
  'setWatches',
  'setWatches2',
  'sasl',
  'createSession',
  'undecodable',
  'unknown',
]);

/** One that a command can ask for; the others are the library's own, or come from other clients. */
export function isClientOperation(operation: Operation): operation is ClientOperation {
  return !NOT_FOR_PROGRAMS.has(operation.op) && !('path' in operation && operation.path === null);
}

/** Without data an ACL needs -n before it. */
function formatCreate({ op, path, data, acl, mode }: CreateOperation, ttl: string): string {
  const name = op === 'create2' ? op : 'create';
  const hasAcl = !isSameAcl(acl, OPEN_ACL_UNSAFE);
  const flags = `${modeFlags(op, mode)}${ttl}${dataFlag(data, hasAcl ? ' -n' : '')}`;
  return `${name}${flags} ${quoteWord(path)}${dataWord(data)}${hasAcl ? aclWord(acl) : ''}`;
}

function aclWord(acl: Acl): string {
  return ` ${quoteWord(formatAcl(acl))}`;
}

function modeFlags(op: string, mode: string): string {
  const container = op === 'createContainer' ? ' -c' : '';
  return container + (mode.includes('SEQUENTIAL') ? ' -s' : '') + (mode.startsWith('EPHEMERAL') ? ' -e' : '');
}

function watchFlag({ watch }: { readonly watch: boolean }): string {
  return watch ? ' -w' : '';
}

function versionFlag(version: number): string {
  return version === -1 ? '' : ` -v ${version}`;
}

function dataFlag(data: Bytes | null, ifNull: string): string {
  if (data === null) return ifNull;
  return isText(data) ? '' : ' -b';
}

function dataWord(data: Bytes | null): string {
  if (data === null) return '';
  return ` ${isText(data) ? quoteWord(utf8OfBytes(data)) : quoteWord(base64OfBytes(data))}`;
}

function isText(data: Bytes): boolean {
  const text = utf8OfBytes(data);
  return !unprintable.test(text) && bytesOfUtf8(text) === data;
}

/** From a command with its arguments to the request that zkCli's class of that name makes. */
import { bytesOfBase64 } from '../base/base64.ts';
import { bytesOfUtf8, type Bytes } from '../base/bytes.ts';
import { OPEN_ACL_UNSAFE, type CreateMode } from '../server/protocol.ts';
import type { ClientOperation, QuotaLimit, RecipeOperation, SequenceOperation, Submission } from './items.ts';
import { QUOTA_ROOT } from './quota-commands.ts';
import { parseAcl } from './zkcli-acl.ts';
import { faultAt, type Arguments, type CommandName } from './zkcli-options.ts';
import { checkPath } from './zkcli-path.ts';
import type { Word } from './zkcli-words.ts';

/** CLI-17, TREE-18. */
const TTL_MAX = 0xff_ffff_ffff;
/** DeleteAllCommand. */
const BATCH_SIZE = 1000;

export const CONFIG_NODE = '/zookeeper/config';

export function operationOf(name: CommandName, args: Arguments): Submission {
  const watch = args.flags.has('w');
  switch (name) {
    case 'create':
    case 'create2':
      return createOf(name, args);
    case 'set':
      return { op: 'setData', path: pathOf(args), data: args.flags.has('n') ? null : dataOf(args), version: versionOf(args) };
    case 'delete':
    case 'check':
      return { op: name, path: pathOf(args), version: versionOf(args) };
    case 'deleteall':
      return { op: 'deleteall', path: pathOf(args), batchSize: wholeOf(args.value('b'), 'batch-size', 0, 0x7fff_ffff) ?? BATCH_SIZE };
    case 'deletecontainer':
      return { op: 'deleteContainer', path: pathOf(args) };
    case 'get':
      return { op: 'getData', path: pathOf(args), watch };
    case 'config':
      return { op: 'getData', path: CONFIG_NODE, watch };
    case 'stat':
      return { op: 'exists', path: pathOf(args), watch };
    case 'ls':
      return args.flags.has('R') ? { op: 'ls-recursive', path: pathOf(args), watch } : { op: 'getChildren2', path: pathOf(args), watch };
    case 'getChildren':
      return { op: 'getChildren', path: pathOf(args), watch };
    case 'getAllChildrenNumber':
      return { op: 'getAllChildrenNumber', path: pathOf(args) };
    case 'getEphemerals':
      return { op: 'getEphemerals', prefix: args.has() ? pathOf(args) : '/' };
    case 'sync':
      return { op: 'sync', path: pathOf(args) };
    case 'whoami':
      return { op: 'whoAmI' };
    case 'close':
      return { op: 'closeSession' };
    default:
      return otherOperationOf(name, args);
  }
}

type OtherName =
  | 'getAcl'
  | 'setAcl'
  | 'addauth'
  | 'addWatch'
  | 'removewatches'
  | 'checkwatches'
  | 'setquota'
  | 'listquota'
  | 'delquota'
  | 'reconfig'
  | RecipeOperation['op'];

/** Access, watches, quotas, membership, and recipes. */
function otherOperationOf(name: OtherName, args: Arguments): Submission {
  switch (name) {
    case 'getAcl':
      return { op: 'getACL', path: pathOf(args) };
    case 'setAcl':
      return setAclOf(args);
    case 'addauth':
      return { op: 'auth', scheme: args.take('scheme').text, auth: args.has() ? bytesOfUtf8(args.take('data').text) : null };
    case 'addWatch':
      return { op: 'addWatch', path: pathOf(args), mode: modeOf(args.value('m')) };
    case 'removewatches':
      return { op: 'removeWatches', path: pathOf(args), watcherType: watcherTypeOf(args) };
    case 'checkwatches':
      return { op: 'checkWatches', path: pathOf(args), watcherType: watcherTypeOf(args) };
    case 'setquota':
      return setQuotaOf(args);
    case 'listquota':
      return { op: 'listquota', path: pathOf(args) };
    case 'delquota':
      return { op: 'delquota', path: quotaPathOf(args), limit: limitsOf(args)[0] ?? null };
    case 'reconfig':
      return reconfigOf(args);
    default:
      return recipeOf(name, args);
  }
}

function recipeOf(name: RecipeOperation['op'], args: Arguments): RecipeOperation {
  switch (name) {
    case 'guarded-set':
      return { op: name, path: pathOf(args), target: pathOf(args), data: dataOf(args) };
    case 'offer': {
      const path = pathOf(args);
      return { op: name, path, data: args.flags.has('n') || !args.has() ? null : dataOf(args) };
    }
    case 'enter': {
      const path = pathOf(args);
      return { op: name, path, size: wholeOf(args.take('participants'), 'participants', 1, 0x7fff_ffff) ?? 1 };
    }
    default:
      return { op: name, path: pathOf(args) };
  }
}

function createOf(name: 'create' | 'create2', args: Arguments): ClientOperation {
  const { flags } = args;
  const container = flags.get('c');
  const ttl = wholeOf(args.value('t'), 'ttl', 1, TTL_MAX);
  const isSequential = flags.has('s');
  const isEphemeral = flags.has('e');
  const ttlFlag = flags.get('t');
  if (container !== undefined && (isSequential || isEphemeral || ttlFlag !== undefined)) throw faultAt(container, 'alone');
  if (ttlFlag !== undefined && isEphemeral) throw faultAt(ttlFlag, 'alone');
  const path = pathOf(args, isSequential);
  const data = flags.has('n') || !args.has() ? null : dataOf(args);
  const acl = args.has() ? parseAcl(args.take('acl')) : OPEN_ACL_UNSAFE;
  if (container !== undefined) return { op: 'createContainer', path, data, acl, mode: 'CONTAINER' };
  if (ttl !== null) {
    const mode = isSequential ? 'PERSISTENT_SEQUENTIAL_WITH_TTL' : 'PERSISTENT_WITH_TTL';
    return { op: 'createTTL', path, data, acl, mode, ttlMs: ttl };
  }
  return { op: name, path, data, acl, mode: createMode(isSequential, isEphemeral) };
}

function createMode(isSequential: boolean, isEphemeral: boolean): CreateMode {
  if (isEphemeral) return isSequential ? 'EPHEMERAL_SEQUENTIAL' : 'EPHEMERAL';
  return isSequential ? 'PERSISTENT_SEQUENTIAL' : 'PERSISTENT';
}

function setAclOf(args: Arguments): Submission {
  const path = pathOf(args);
  const acl = parseAcl(args.take('acl'));
  const version = versionOf(args);
  return args.flags.has('R') ? { op: 'setAcl-recursive', path, acl, version } : { op: 'setACL', path, acl, version };
}

/** AddWatchMode, by number (OP-29). */
export const WATCH_MODES = ['PERSISTENT', 'PERSISTENT_RECURSIVE'] as const;

function modeOf(word: Word | null): number {
  if (word === null) return 1;
  const mode = WATCH_MODES.findIndex((name) => name === word.text.toUpperCase());
  if (mode === -1) throw faultAt(word, 'watch-mode', WATCH_MODES);
  return mode;
}

/** Watcher.WatcherType by number (WATCH-25), in the order in which RemoveWatchesCommand looks for its options. */
export const WATCHER_TYPES = [
  ['c', 1],
  ['d', 2],
  ['p', 4],
  ['r', 5],
  ['a', 3],
] as const;

function watcherTypeOf({ flags }: Arguments): number {
  return WATCHER_TYPES.find(([letter]) => flags.has(letter))?.[1] ?? 3;
}

/** In the order of zkCli's help. */
export const QUOTA_LIMITS: readonly (readonly [letter: string, limit: QuotaLimit])[] = [
  ['n', 'count'],
  ['b', 'bytes'],
  ['N', 'countHardLimit'],
  ['B', 'byteHardLimit'],
];

/** An OptionGroup: at most one of them. */
function limitsOf({ flags }: Arguments): QuotaLimit[] {
  const given = QUOTA_LIMITS.filter(([letter]) => flags.has(letter));
  const second = flags.get(given[1]?.[0] ?? '');
  if (second !== undefined) throw faultAt(second, 'alone');
  return given.map(([, limit]) => limit);
}

function setQuotaOf(args: Arguments): SequenceOperation {
  const [limit] = limitsOf(args);
  const path = quotaPathOf(args);
  if (limit === undefined) throw args.atEnd('limit');
  const count = wholeOf(args.value('n') ?? args.value('N'), 'node-count', 1, 0x7fff_ffff);
  const bytes = wholeOf(args.value('b') ?? args.value('B'), 'byte-count', 0, Number.MAX_SAFE_INTEGER);
  return { op: 'setquota', path, limit, value: count ?? bytes ?? -1 };
}

function quotaPathOf(args: Arguments): string {
  const word = args.take('path');
  checkPath(word, false);
  if (word.text === '/' || word.text.startsWith(QUOTA_ROOT)) throw faultAt(word, 'quota-path');
  return word.text;
}

/** ReconfigCommand: either new members, or some that join and some that leave. */
function reconfigOf(args: Arguments): ClientOperation {
  const textOf = (option: string): string | null => args.value(option)?.text.toLowerCase() ?? null;
  const [joiningServers, leavingServers, newMembers] = [textOf('add'), textOf('remove'), textOf('members')];
  if (joiningServers === null && leavingServers === null && newMembers === null) throw args.atEnd('servers');
  const members = args.flags.get('members');
  if (members !== undefined && (joiningServers !== null || leavingServers !== null)) throw faultAt(members, 'alone');
  const version = args.value('v');
  if (version !== null && !/^[\da-f]{1,13}$/i.test(version.text)) throw faultAt(version, 'config-version');
  const curConfigId = version === null ? -1 : Number.parseInt(version.text, 16);
  return { op: 'reconfig', joiningServers, leavingServers, newMembers, curConfigId };
}

function pathOf(args: Arguments, isSequential = false): string {
  const word = args.take('path');
  checkPath(word, isSequential);
  return word.text;
}

function dataOf(args: Arguments): Bytes {
  const word = args.take('data');
  if (!args.flags.has('b')) return bytesOfUtf8(word.text);
  const data = bytesOfBase64(word.text);
  if (data === null) throw faultAt(word, 'base64');
  return data;
}

function versionOf(args: Arguments): number {
  return wholeOf(args.value('v'), 'version', -0x8000_0000, 0x7fff_ffff) ?? -1;
}

type WholeNumber = 'version' | 'ttl' | 'batch-size' | 'node-count' | 'byte-count' | 'participants';

function wholeOf(word: Word | null, expected: WholeNumber, least: number, most: number): number | null {
  if (word === null) return null;
  const value = /^-?\d{1,16}$/.test(word.text) ? Number(word.text) : Infinity;
  if (value < least || value > most) throw faultAt(word, expected);
  return value;
}

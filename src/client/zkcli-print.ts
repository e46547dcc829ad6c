/** Operations back into zkCli syntax, and results as data for whoever shows them. */
import { base64OfBytes } from '../base/base64.ts';
import { unreachable } from '../base/assert.ts';
import { bytesOfUtf8, utf8OfBytes, type Bytes } from '../base/bytes.ts';
import { compareText } from '../base/text.ts';
import { zxidHex } from '../base/zxid.ts';
import type { ErrorCode, Operation, Result, Stat } from '../server/protocol.ts';
import type { ClientOperation } from './items.ts';
import type { Command } from './zkcli.ts';
import { quoteWord } from './zkcli-words.ts';

/** Text that would not show as it is: bytes that are no UTF-8, and control characters. */
const unprintable = /[\p{Cc}\u2028\u2029]/u;

/** The command that reads back as `operation`, on one line. */
export function formatOperation(operation: ClientOperation): string {
  return formatCommand({ operation, showsStat: false });
}

export function formatCommand({ operation, showsStat }: Command): string {
  const stat = showsStat ? ' -s' : '';
  switch (operation.op) {
    case 'create':
      return `create${modeFlags(operation.mode)}${dataFlag(operation.data, '')} ${quoteWord(operation.path)}${dataWord(operation.data)}`;
    case 'setData': {
      const flags = `${stat}${versionFlag(operation.version)}${dataFlag(operation.data, ' -n')}`;
      return `set${flags} ${quoteWord(operation.path)}${dataWord(operation.data)}`;
    }
    case 'delete':
    case 'check':
      return `${operation.op}${versionFlag(operation.version)} ${quoteWord(operation.path)}`;
    case 'getData':
      return `get${stat}${operation.watch ? ' -w' : ''} ${quoteWord(operation.path)}`;
    case 'exists':
      return `stat${operation.watch ? ' -w' : ''} ${quoteWord(operation.path)}`;
    case 'getChildren':
      return `ls${stat}${operation.watch ? ' -w' : ''} ${quoteWord(operation.path)}`;
    case 'sync':
      return `sync ${quoteWord(operation.path)}`;
    case 'closeSession':
      return 'close';
    case 'multi':
      return operation.ops.length === 0 ? 'multi { }' : `multi { ${operation.ops.map(formatPart).join('; ')} }`;
    default:
      return unreachable(operation);
  }
}

function formatPart(operation: Operation): string {
  return isClientOperation(operation) ? formatOperation(operation) : operation.op;
}

const CLIENT_OPERATIONS: ReadonlySet<string> = new Set<ClientOperation['op']>([
  'create',
  'delete',
  'exists',
  'getData',
  'setData',
  'getChildren',
  'sync',
  'multi',
  'check',
  'closeSession',
]);

/** One that a command can ask for; the others are the library's own, or come from other clients. */
export function isClientOperation(operation: Operation): operation is ClientOperation {
  return CLIENT_OPERATIONS.has(operation.op) && !('path' in operation && operation.path === null);
}

function modeFlags(mode: string): string {
  return (mode.endsWith('SEQUENTIAL') ? ' -s' : '') + (mode.startsWith('EPHEMERAL') ? ' -e' : '');
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

/** A Stat as StatPrinter lists it: names and values. Times are virtual milliseconds. */
export type StatRows = readonly (readonly [name: string, value: string])[];

/** What zkCli would print, before wording. */
export type ResultView =
  | { readonly key: 'created'; readonly path: string }
  /** `text` is null for null data. */
  | { readonly key: 'data'; readonly text: string | null; readonly stat: StatRows | null }
  | { readonly key: 'children'; readonly names: readonly string[]; readonly stat: StatRows | null }
  | { readonly key: 'stat'; readonly stat: StatRows }
  | { readonly key: 'done'; readonly operation: Result['op'] }
  | { readonly key: 'failed'; readonly error: ErrorCode; readonly path: string | null }
  | { readonly key: 'multi'; readonly results: readonly ResultView[] };

export function formatResult({ operation, showsStat }: Command, error: ErrorCode, result: Result | null): ResultView {
  if (error !== 'OK' || result === null) return { key: 'failed', error, path: 'path' in operation ? operation.path : null };
  if (result.op !== 'multi' || operation.op !== 'multi') return viewOf(result, showsStat);
  const views: ResultView[] = [];
  for (const [i, each] of result.results.entries()) {
    const part = operation.ops[i];
    const path = part !== undefined && 'path' in part ? part.path : null;
    const isOk = each.error === 'OK' && each.result !== null;
    views.push(isOk && each.result !== null ? viewOf(each.result, false) : { key: 'failed', error: each.error, path });
  }
  return { key: 'multi', results: views };
}

function viewOf(result: Result, showsStat: boolean): ResultView {
  switch (result.op) {
    case 'create':
      return { key: 'created', path: result.path };
    case 'getData':
      return { key: 'data', text: result.data === null ? null : utf8OfBytes(result.data), stat: showsStat ? statRows(result.stat) : null };
    case 'getChildren':
      return { key: 'children', names: result.children.toSorted(compareText), stat: showsStat ? statRows(result.stat) : null };
    case 'exists':
      return { key: 'stat', stat: statRows(result.stat) };
    case 'setData':
      return showsStat ? { key: 'stat', stat: statRows(result.stat) } : { key: 'done', operation: 'setData' };
    default:
      return { key: 'done', operation: result.op };
  }
}

export function statRows(stat: Stat): StatRows {
  return [
    ['cZxid', `0x${zxidHex(stat.czxid)}`],
    ['ctime', String(stat.ctime)],
    ['mZxid', `0x${zxidHex(stat.mzxid)}`],
    ['mtime', String(stat.mtime)],
    ['pZxid', `0x${zxidHex(stat.pzxid)}`],
    ['cversion', String(stat.cversion)],
    ['dataVersion', String(stat.version)],
    ['aclVersion', String(stat.aversion)],
    ['ephemeralOwner', `0x${stat.ephemeralOwner.replace(/^0+(?=.)/, '')}`],
    ['dataLength', String(stat.dataLength)],
    ['numChildren', String(stat.numChildren)],
  ];
}

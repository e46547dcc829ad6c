/** Results of commands as data for whoever shows them: what zkCli would print, before wording. */
import { utf8OfBytes } from '../base/bytes.ts';
import { compareText } from '../base/text.ts';
import { zxidHex } from '../base/zxid.ts';
import type { ErrorCode, Operation, Result, Stat } from '../server/protocol.ts';
import { isSequence } from './sequence.ts';
import type { Command } from './zkcli.ts';
import { permissionsText } from './zkcli-acl.ts';

/** A Stat as StatPrinter lists it: names and values. Times are virtual milliseconds. */
export type StatRows = readonly (readonly [name: string, value: string])[];

/** What zkCli would print, before wording. */
export type ResultView =
  | { readonly key: 'created'; readonly path: string }
  /** `text` is null for null data. */
  | { readonly key: 'data'; readonly text: string | null; readonly stat: StatRows | null }
  | { readonly key: 'children'; readonly names: readonly string[]; readonly stat: StatRows | null }
  | { readonly key: 'stat'; readonly stat: StatRows }
  /** Each entry in GetAclCommand's two parts: 'scheme,'id and letters. */
  | { readonly key: 'acl'; readonly entries: readonly (readonly [id: string, permissions: string])[]; readonly stat: StatRows | null }
  | { readonly key: 'number'; readonly value: number }
  | { readonly key: 'paths'; readonly paths: readonly string[] }
  | { readonly key: 'users'; readonly users: readonly (readonly [scheme: string, user: string])[] }
  | { readonly key: 'config'; readonly text: string; readonly stat: StatRows | null }
  | { readonly key: 'done'; readonly operation: Result['op'] }
  | { readonly key: 'failed'; readonly error: ErrorCode; readonly path: string | null }
  | { readonly key: 'multi'; readonly results: readonly ResultView[] };

export function formatResult({ operation, showsStat }: Command, error: ErrorCode, result: Result | null): ResultView {
  const path = 'path' in operation ? operation.path : null;
  if (result !== null && 'results' in result && 'ops' in operation && !isSequence(operation))
    return multiView(operation.ops, result.results);
  return error !== 'OK' || result === null ? { key: 'failed', error, path } : viewOf(result, showsStat);
}

type SubResults = Extract<Result, { readonly op: 'multi' | 'multiRead' }>['results'];

function multiView(ops: readonly Operation[], results: SubResults): ResultView {
  const views: ResultView[] = [];
  for (const [i, { error, result }] of results.entries()) {
    const part = ops[i];
    const path = part !== undefined && 'path' in part ? part.path : null;
    views.push(error === 'OK' && result !== null ? viewOf(result, false) : { key: 'failed', error, path });
  }
  return { key: 'multi', results: views };
}

function viewOf(result: Result, showsStat: boolean): ResultView {
  const stat = showsStat && 'stat' in result && result.stat !== null ? statRows(result.stat) : null;
  switch (result.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return { key: 'created', path: result.path };
    case 'getData':
      return { key: 'data', text: result.data === null ? null : utf8OfBytes(result.data), stat };
    case 'getChildren':
    case 'getChildren2':
      return { key: 'children', names: result.children.toSorted(compareText), stat };
    case 'exists':
      return { key: 'stat', stat: statRows(result.stat) };
    case 'setData':
    case 'setACL':
      return stat === null ? { key: 'done', operation: result.op } : { key: 'stat', stat };
    case 'getACL': {
      const entries = result.acl.map(({ scheme, id, perms }) => [`'${scheme},'${id}`, permissionsText(perms)] as const);
      return { key: 'acl', entries, stat };
    }
    case 'getAllChildrenNumber':
      return { key: 'number', value: result.totalNumber };
    case 'getEphemerals':
      return { key: 'paths', paths: result.ephemerals };
    case 'whoAmI':
      return { key: 'users', users: result.clientInfo.map(({ scheme, user }) => [scheme, user] as const) };
    case 'reconfig':
      return { key: 'config', text: result.data === null ? 'null' : utf8OfBytes(result.data), stat };
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

/** English for operations and what came of them. */
import { utf8OfBytes, type Bytes } from '../base/bytes.ts';
import type { Submission } from '../client/items.ts';
import { isSequence, type Told } from '../client/sequence.ts';
import { formatAcl } from '../client/zkcli-acl.ts';
import { formatOperation, isClientOperation } from '../client/zkcli-print.ts';
import type { Operation, Result } from '../server/protocol.ts';
import { count } from './names.ts';

/** As zkCli would have it typed; what it has no command for by its name. */
export function operationText(operation: Operation | Submission): string {
  if (isSequence(operation) || isClientOperation(operation)) return formatOperation(operation);
  return 'path' in operation && operation.path !== null ? `${operation.op} ${operation.path}` : operation.op;
}

/** What an answer holds, in a few words. */
export function resultWords(error: string, result: Result | null): string {
  if (result !== null && 'results' in result) return partsWords(result.results);
  if (error !== 'OK') return error;
  if (result === null) return 'ok';
  switch (result.op) {
    case 'create':
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return `created ${result.path}`;
    case 'getData':
      return result.data === null ? 'null' : `${dataText(result.data)} (version ${result.stat.version})`;
    case 'getChildren':
    case 'getChildren2':
      return `[${result.children.join(', ')}]`;
    case 'setData':
      return `ok (version ${result.stat.version})`;
    case 'setACL':
      return `ok (ACL version ${result.stat.aversion})`;
    case 'exists':
      return `exists (version ${result.stat.version})`;
    case 'getACL':
      return formatAcl(result.acl);
    case 'getAllChildrenNumber':
      return String(result.totalNumber);
    case 'getEphemerals':
      return `[${result.ephemerals.join(', ')}]`;
    case 'whoAmI':
      return result.clientInfo.map(({ scheme, user }) => `${scheme}: ${user}`).join(', ');
    case 'reconfig':
      return `configuration ${result.data === null ? 'null' : dataText(result.data)}`;
    default:
      return 'ok';
  }
}

function dataText(data: Bytes): string {
  return `"${utf8OfBytes(data)}"`;
}

/** A multi that failed changed nothing: its first error is what matters, and the parts before and after it say only that. */
function partsWords(results: readonly { readonly error: string; readonly result: Result | null }[]): string {
  return `{ ${results.map(({ error, result }) => resultWords(error, result)).join('; ')} }`;
}

/** What a command of several requests tells. */
export function toldWords(error: string, told: readonly Told[]): string {
  const lines = told.map(toldText);
  if (error !== 'OK') return [error, ...lines].join('; ');
  return lines.length === 0 ? 'ok' : lines.join(', ');
}

function toldText(told: Told): string {
  switch (told.key) {
    case 'path':
      return told.path;
    case 'quota':
      return `quota ${told.limits}, used ${told.usage}`;
    case 'no-quota':
      return `${told.path} has no quota`;
    case 'beyond-quota':
      return told.limit === 'count' ? `there are ${count(told.usage, 'node')} already` : `there are ${count(told.usage, 'byte')} already`;
    case 'other-quota':
      return `its ${told.where} ${told.path} has a quota`;
    case 'not-all-deleted':
      return 'some nodes of the subtree could not be deleted';
    case 'written':
      return `wrote ${told.path} as the holder of ${told.lock}`;
    case 'acl-not-set':
      return `${told.path}: ${told.error}`;
    default:
      return '';
  }
}

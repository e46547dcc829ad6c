/** The paths that a script creates, so that a misspelt one is found before the run. */
import type { Submission } from '../client/items.ts';
import { isSequence } from '../client/sequence.ts';
import type { Operation } from '../server/protocol.ts';
import type { ScriptLine } from './parse-scenario.ts';

/** Those of sequential nodes end in /prefix*, since their numbers are the server's. */
export function createdPaths(lines: readonly ScriptLine[]): string[] {
  const paths = lines.flatMap((line) => (line.verb === 'operation' ? createdBy(line.operation) : []));
  return [...new Set(paths)];
}

function createdBy(operation: Operation | Submission): string[] {
  if (isSequence(operation)) return [];
  if (operation.op === 'multi') return operation.ops.flatMap((each) => createdBy(each));
  if (!('mode' in operation) || !('acl' in operation)) return [];
  return [operation.mode.includes('SEQUENTIAL') ? `${operation.path}*` : operation.path];
}

/** Nodes of the system are there without being created. */
export function isKnownPath(path: string, created: readonly string[]): boolean {
  if (path === '/' || path === '/zookeeper' || path.startsWith('/zookeeper/')) return true;
  return created.some(
    (each) => each === path || (each.endsWith('*') && path.startsWith(each.slice(0, -1)) && /^\d{10}$/.test(path.slice(each.length - 1))),
  );
}

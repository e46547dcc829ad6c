/**
 * What the recipes of ZooKeeper's documentation have in common. Each is a program like zkCli's commands of several requests: it asks for one
 * operation after another, reads nothing but the answers, and where it has to wait it waits for the event of a watch that it left.
 */
import type { Bytes } from '../base/bytes.ts';
import { compareText } from '../base/text.ts';
import { OPEN_ACL_UNSAFE, type CreateMode, type ErrorCode } from '../server/protocol.ts';
import type { ClientOperation } from './items.ts';
import type { Answer, Program, SequenceOutcome } from './sequence.ts';

const SUFFIX_LENGTH = 10;

/** Asks until there is an answer: for what may be done twice. */
export function* patiently(operation: ClientOperation): Program<Answer> {
  for (;;) {
    const answer = yield operation;
    if (answer.error !== 'CONNECTIONLOSS') return answer;
  }
}

/** Children by their sequence numbers, which stand at the end of the names. */
export function* line(path: string, watch: boolean): Program<readonly string[] | ErrorCode> {
  const { error, result } = yield* patiently({ op: 'getChildren', path, watch });
  if (error !== 'OK' || result === null || !('children' in result)) return error;
  return result.children.toSorted((a, b) => compareText(a.slice(-SUFFIX_LENGTH), b.slice(-SUFFIX_LENGTH)));
}

/** Deletes a node of one's own. It may be gone already, with the session or by a delete whose answer was lost. */
export function* removeOwn(node: string): Program {
  const { error } = yield* patiently({ op: 'delete', path: node, version: -1 });
  return { error: error === 'NONODE' ? 'OK' : error, told: [] };
}

export function createOf(path: string, data: Bytes | null, mode: CreateMode): ClientOperation {
  return { op: 'create', path, data, acl: OPEN_ACL_UNSAFE, mode };
}

export function pathOf({ error, result }: Answer): string | null {
  return error === 'OK' && result !== null && 'path' in result ? result.path : null;
}

export function withPath(path: string): SequenceOutcome {
  return { error: 'OK', told: [{ key: 'path', path }] };
}

/** A client's request on its way through the processors. Immutable: a stage that learns something passes on a copy. */
import type { OpaqueRequest } from '../zab/txn.ts';
import { assert } from '../base/assert.ts';
import type { ErrorCode, Id, Operation } from './protocol.ts';
import { isWrite } from './protocol.ts';

/**
 * Through whom a session speaks to the leader (SESS-25): the leader's own client port, or the LearnerHandler with that key. `null` is
 * nobody: a createSession of the leader's own client and the close that follows expiry carry no owner.
 */
export type Owner = number | null;
export const LEADER_ITSELF = -1;
/** How a note writes `null`. */
export const NOBODY = -2;

export interface ServerRequest extends OpaqueRequest {
  readonly operation: Operation;
  /** The ids of its connection when it came (ACL-10), trusted by the leader (ACL-11). */
  readonly authInfo: readonly Id[];
  /** The connection of this server that waits for the answer; -1 for none: another server's client, or nobody's request. */
  readonly connection: number;
  /** The connection that it came on, at the server that it came to; unlike `connection` it goes along to the leader (`ownerIsConnection`). */
  readonly origin: number;
  readonly owner: Owner;
  /** Request.getException: what prep found wrong with a read; THROTTLEDOP already before it (THR-04). */
  readonly exception: ErrorCode;
}

export const NO_CONNECTION = -1;

/** A request that came over the quorum port, as replication carries it. */
export function requestOf(request: OpaqueRequest): ServerRequest {
  assert(isServerRequest(request), () => `a request without an operation: ${request.session} ${request.cxid}`);
  return request;
}

function isServerRequest(request: OpaqueRequest): request is ServerRequest {
  return 'operation' in request;
}

/** The same request as it goes to the leader: connections stay at home. */
export function withoutConnection(request: ServerRequest): ServerRequest {
  return request.connection === NO_CONNECTION ? request : { ...request, connection: NO_CONNECTION };
}

/** Does it become a transaction (PIPE-10 without sync)? */
export function isQuorumRequest(request: ServerRequest): boolean {
  return request.exception !== 'THROTTLEDOP' && isWrite(request.operation);
}

/** CommitProcessor.needCommit (COMMIT-01): a sync waits for the leader's answer only on learners. */
export function needsCommit(request: ServerRequest, matchSyncs: boolean): boolean {
  return isQuorumRequest(request) || (matchSyncs && request.operation.op === 'sync' && request.exception !== 'THROTTLEDOP');
}

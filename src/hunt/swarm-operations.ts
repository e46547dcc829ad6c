/** The operations that random runs draw. */
import { bytesOfUtf8, type Bytes } from '../base/bytes.ts';
import type { ClientOperation, Submission } from '../client/items.ts';
import { OPEN_ACL_UNSAFE, type Acl } from '../server/protocol.ts';
import type { Below } from './plan.ts';

const PATHS = ['/a', '/b', '/a/x', '/a/y', '/b/z'] as const;

/** What leaves a transaction, refused or not: mostly new data, so that histories differ soon. */
export function writeOperation(below: Below, step: number): ClientOperation {
  const data = bytesOfUtf8(`v${step}`);
  switch (below(8)) {
    case 0:
    case 1:
      return { op: 'create', path: PATHS[below(PATHS.length)] ?? '/a', data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' };
    case 2:
      return { op: 'create', path: '/s-', data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_SEQUENTIAL' };
    case 3:
      return { op: 'create', path: `/e${below(4)}`, data, acl: OPEN_ACL_UNSAFE, mode: 'EPHEMERAL' };
    case 4:
      return below(3) === 0 ? { op: 'closeSession' } : { op: 'delete', path: PATHS[below(PATHS.length)] ?? '/a', version: -1 };
    default:
      return { op: 'setData', path: ['/a', '/b'][below(2)] ?? '/a', data, version: -1 };
  }
}

/** Nodes, ephemerals, sequences, multis, reads and one-shot watches. */
export function everydayOperation(below: Below, step: number): ClientOperation {
  const path = PATHS[below(PATHS.length)] ?? '/a';
  const data = bytesOfUtf8(`v${step}`);
  switch (below(14)) {
    case 0:
    case 1:
    case 2:
      return { op: 'create', path, data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' };
    case 3:
      return { op: 'create', path: `/e${below(4)}`, data, acl: OPEN_ACL_UNSAFE, mode: 'EPHEMERAL' };
    case 4:
      return {
        op: 'create',
        path: `${path}-`,
        data,
        acl: OPEN_ACL_UNSAFE,
        mode: below(2) === 0 ? 'PERSISTENT_SEQUENTIAL' : 'EPHEMERAL_SEQUENTIAL',
      };
    case 5:
    case 6:
      return { op: 'setData', path, data, version: below(3) === 0 ? below(3) : -1 };
    case 7:
      return { op: 'delete', path, version: -1 };
    case 8:
      return {
        op: 'multi',
        ops: [
          { op: 'setData', path: '/a', data, version: -1 },
          { op: 'setData', path: '/b', data, version: -1 },
        ],
      };
    case 9:
      return { op: 'getChildren', path: '/', watch: below(2) === 0 };
    case 10:
      return { op: 'exists', path, watch: below(2) === 0 };
    case 11:
      return { op: 'sync', path };
    case 12:
      return below(6) === 0 ? { op: 'closeSession' } : { op: 'getData', path, watch: true };
    default:
      return { op: 'getData', path, watch: below(2) === 0 };
  }
}

/** Containers and TTL nodes, ACLs, lasting watches, quotas, multis of newer kinds, and the reads about all of them. */
export function serviceOperation(below: Below, step: number): Submission {
  const data = bytesOfUtf8(`v${step}`);
  switch (below(8)) {
    case 0:
      return containerOperation(below, data);
    case 1:
    case 2:
      return aclOperation(below, data);
    case 3:
      return watchOperation(below);
    case 4:
      return quotaOperation(below);
    case 5:
      return {
        op: 'multi',
        ops: [
          { op: 'check', path: '/a', version: below(2) === 0 ? -1 : below(4) },
          { op: 'create2', path: '/m-', data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_SEQUENTIAL' },
          below(2) === 0 ? { op: 'delete', path: '/b', version: -1 } : { op: 'setData', path: '/b', data, version: -1 },
        ],
      };
    case 6:
      return { op: 'create2', path: below(2) === 0 ? '/a' : '/b', data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' };
    default:
      return serviceRead(below);
  }
}

function containerOperation(below: Below, data: Bytes): ClientOperation {
  const path = `/c${below(2)}`;
  switch (below(4)) {
    case 0:
      return { op: 'createContainer', path, data, acl: OPEN_ACL_UNSAFE, mode: 'CONTAINER' };
    case 1:
      return { op: 'create', path: `${path}/x`, data, acl: OPEN_ACL_UNSAFE, mode: below(2) === 0 ? 'PERSISTENT' : 'EPHEMERAL' };
    case 2:
      return { op: 'delete', path: `${path}/x`, version: -1 };
    default:
      return { op: 'createTTL', path: `/t${below(3)}`, data, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT_WITH_TTL', ttlMs: 200 + below(2000) };
  }
}

/** digest ids are whoever said the name and the password. */
const ACLS: readonly Acl[] = [
  OPEN_ACL_UNSAFE,
  [{ perms: 31, scheme: 'auth', id: '' }],
  [{ perms: 1, scheme: 'world', id: 'anyone' }],
  [
    { perms: 31, scheme: 'digest', id: 'u:hash' },
    { perms: 4, scheme: 'world', id: 'anyone' },
  ],
];

/** Below a node of their own, which nobody watches: what a client may not read it is not told of either (WATCH-23). */
function aclOperation(below: Below, data: Bytes): ClientOperation {
  const path = ['/acl', '/acl/x'][below(2)] ?? '/acl';
  const acl = ACLS[below(ACLS.length)] ?? OPEN_ACL_UNSAFE;
  switch (below(6)) {
    case 0:
    case 1:
      return { op: 'create', path, data, acl, mode: 'PERSISTENT' };
    case 2:
      return { op: 'setACL', path, acl, version: below(3) === 0 ? below(3) : -1 };
    case 3:
      return { op: 'auth', scheme: 'digest', auth: bytesOfUtf8(`u${below(2)}:p`) };
    case 4:
      return { op: 'setData', path, data, version: -1 };
    default:
      return below(2) === 0 ? { op: 'delete', path, version: -1 } : { op: 'getData', path, watch: false };
  }
}

function watchOperation(below: Below): ClientOperation {
  const path = ['/', '/a', '/b'][below(3)] ?? '/';
  const mode = below(2);
  return below(3) === 0 ? { op: 'removeWatches', path, watcherType: 4 + mode } : { op: 'addWatch', path, mode };
}

function quotaOperation(below: Below): Submission {
  switch (below(4)) {
    case 0:
      return { op: 'setquota', path: '/b', limit: 'countHardLimit', value: 1 + below(3) };
    case 1:
      return { op: 'setquota', path: '/b', limit: 'byteHardLimit', value: below(12) };
    case 2:
      return { op: 'delquota', path: '/b', limit: null };
    default:
      return { op: 'listquota', path: '/b' };
  }
}

function serviceRead(below: Below): Submission {
  switch (below(7)) {
    case 0:
      return { op: 'getACL', path: '/acl' };
    case 1:
      return { op: 'getChildren2', path: '/a', watch: below(2) === 0 };
    case 2:
      return { op: 'getAllChildrenNumber', path: '/' };
    case 3:
      return { op: 'getEphemerals', prefix: '/' };
    case 4:
      return { op: 'whoAmI' };
    case 5:
      return { op: 'ls-recursive', path: '/a', watch: false };
    default:
      return {
        op: 'multiRead',
        ops: [
          { op: 'getData', path: '/a', watch: false },
          { op: 'getChildren', path: '/b', watch: false },
        ],
      };
  }
}

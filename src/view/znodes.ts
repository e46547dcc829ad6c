/** The data tree of one server and the watches on it, read from a world without changing it. */
import { bytesLength, utf8OfBytes } from '../base/bytes.ts';
import { peek } from '../base/parts.ts';
import type { Zxid } from '../base/zxid.ts';
import { formatAcl, isSameAcl } from '../client/zkcli-acl.ts';
import { dumpTree } from '../server/data-tree.ts';
import { ephemeralTypeOf, ttlOf } from '../server/ephemeral-type.ts';
import { OPEN_ACL_UNSAFE, type AclEntry } from '../server/protocol.ts';
import { isEphemeral } from '../server/znode.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { serverAt } from '../ensemble/views.ts';

export interface ZnodeView {
  readonly path: string;
  /** Null for the null buffer. */
  readonly text: string | null;
  readonly bytes: number;
  readonly version: number;
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly pzxid: Zxid;
  /** Session of an ephemeral node. */
  readonly owner: string | null;
  /** A container goes after its last child, others so many milliseconds after their last change; null for those that stay. */
  readonly lifetime: 'container' | number | null;
  /** As zkCli writes it, without hashes of passwords; null for the usual one, which lets everybody do everything. */
  readonly acl: string | null;
  /** Connections of this server that watch it. */
  readonly watchers: number;
}

/** Every node by path, the root first. */
export function treeView(ensemble: Ensemble, node: number): ZnodeView[] {
  const { parts } = ensemble.world;
  const { refs } = serverAt(ensemble, node);
  const watches = peek(parts, refs.watches);
  return dumpTree(parts, refs).map(({ path, node: znode }) => ({
    path,
    text: znode.data === null ? null : utf8OfBytes(znode.data),
    bytes: znode.data === null ? 0 : bytesLength(znode.data),
    version: znode.version,
    czxid: znode.czxid,
    mzxid: znode.mzxid,
    pzxid: znode.pzxid,
    owner: isEphemeral(znode) ? znode.ephemeralOwner : null,
    lifetime: lifetimeOf(znode.ephemeralOwner),
    acl: isSameAcl(znode.acl, OPEN_ACL_UNSAFE) ? null : formatAcl(znode.acl.map(withoutHash)),
    watchers: (watches.data.byPath.get(path)?.length ?? 0) + (watches.child.byPath.get(path)?.length ?? 0),
  }));
}

function lifetimeOf(owner: string): ZnodeView['lifetime'] {
  const type = ephemeralTypeOf(owner);
  if (type === 'CONTAINER') return 'container';
  return type === 'TTL' ? ttlOf(owner) : null;
}

function withoutHash(entry: AclEntry): AclEntry {
  return entry.scheme === 'digest' ? { ...entry, id: entry.id.replace(/:.*$/, '') } : entry;
}

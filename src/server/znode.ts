/** A node of the tree and what is known of it (G3). Nodes are immutable: a change puts a new one in its place, so forks share the rest. */
import type { Bytes } from '../base/bytes.ts';
import { bytesLength } from '../base/bytes.ts';
import type { Zxid } from '../base/zxid.ts';
import { ephemeralTypeOf } from './ephemeral-type.ts';
import { NO_SESSION, type Acl, type Stat } from './protocol.ts';

/** As a snapshot holds it: `cversion` counts the creates of children only (TREE-02). */
export interface StatPersisted {
  readonly czxid: Zxid;
  readonly mzxid: Zxid;
  readonly pzxid: Zxid;
  readonly ctime: number;
  readonly mtime: number;
  readonly version: number;
  readonly cversion: number;
  readonly aversion: number;
  readonly ephemeralOwner: string;
}

export interface Znode extends StatPersisted {
  readonly data: Bytes | null;
  readonly acl: Acl;
  /** Names in order of UTF-16 units; a replaced node shares the array unless its children changed. */
  readonly children: readonly string[];
  /** DIG-02; 0 below /zookeeper. */
  readonly digest: number;
}

/** TREE-03: the exposed cversion counts deletes too. TREE-09: the marks of containers and TTL nodes are not shown. */
export function statOf(node: Znode): Stat {
  return {
    czxid: node.czxid,
    mzxid: node.mzxid,
    ctime: node.ctime,
    mtime: node.mtime,
    version: node.version,
    cversion: (2 * node.cversion - node.children.length) | 0,
    aversion: node.aversion,
    ephemeralOwner: isEphemeral(node) ? node.ephemeralOwner : NO_SESSION,
    dataLength: node.data === null ? 0 : bytesLength(node.data),
    numChildren: node.children.length,
    pzxid: node.pzxid,
  };
}

/** TREE-01. */
export function statOfNew(zxid: Zxid, time: number, ephemeralOwner: string): StatPersisted {
  return { czxid: zxid, mzxid: zxid, pzxid: zxid, ctime: time, mtime: time, version: 0, cversion: 0, aversion: 0, ephemeralOwner };
}

/** Does the node go with a session? */
export function isEphemeral({ ephemeralOwner }: StatPersisted): boolean {
  return ephemeralOwner !== NO_SESSION && ephemeralTypeOf(ephemeralOwner) === 'NORMAL';
}

/** The data tree of one server, each node compared with the leader's. */
import { zxidText } from '../base/zxid.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { treeView, type ZnodeView } from './znodes.ts';
import { serverView } from '../ensemble/views.ts';

export interface ZnodePicture {
  readonly path: string;
  readonly name: string;
  readonly parent: string | null;
  readonly text: string | null;
  readonly version: number;
  readonly czxid: string;
  readonly mzxid: string;
  /** Name of the client, else the session, that owns an ephemeral node. */
  readonly owner: string | null;
  readonly lifetime: ZnodeView['lifetime'];
  readonly acl: string | null;
  readonly watchers: number;
  /** Against the leader's tree. `missing`: the leader has it, this server not yet. */
  readonly difference: 'same' | 'new' | 'changed' | 'missing';
}

export interface TreePicture {
  readonly node: number;
  readonly name: string;
  /** Name of the leader compared with; null when there is none or it is this server. */
  readonly comparedWith: string | null;
  readonly znodes: readonly ZnodePicture[];
  /** Nodes left out. */
  readonly more: number;
  readonly total: number;
}

const NODES_MAX = 300;

export function treePicture(ensemble: Ensemble, node: number): TreePicture {
  const own = treeView(ensemble, node);
  const leader = leaderOf(ensemble);
  const others = leader === null || leader === node ? null : new Map(treeView(ensemble, leader).map((view) => [view.path, view]));
  const pictures = own.map((view) => znodePicture(ensemble, view, differenceOf(view, others)));
  if (others !== null) {
    const paths = new Set(own.map(({ path }) => path));
    for (const view of others.values()) if (!paths.has(view.path)) pictures.push(znodePicture(ensemble, view, 'missing'));
  }
  const znodes = pictures.sort((a, b) => (a.path < b.path ? -1 : 1));
  return {
    node,
    name: ensemble.servers[node]?.name ?? '',
    comparedWith: others === null ? null : (ensemble.servers[leader ?? -1]?.name ?? null),
    znodes: znodes.slice(0, NODES_MAX),
    more: Math.max(0, znodes.length - NODES_MAX),
    total: own.length,
  };
}

/** The serving leader of the highest epoch. */
function leaderOf(ensemble: Ensemble): number | null {
  let best: { node: number; epoch: number } | null = null;
  for (const { node } of ensemble.servers) {
    const { power, state, serving, currentEpoch } = serverView(ensemble, node);
    if (power === 'up' && state === 'LEADING' && serving && currentEpoch > (best?.epoch ?? -1)) best = { node, epoch: currentEpoch };
  }
  return best?.node ?? null;
}

function differenceOf(view: ZnodeView, others: ReadonlyMap<string, ZnodeView> | null): ZnodePicture['difference'] {
  if (others === null) return 'same';
  const other = others.get(view.path);
  if (other === undefined) return 'new';
  return other.mzxid === view.mzxid && other.text === view.text && other.acl === view.acl ? 'same' : 'changed';
}

function znodePicture(ensemble: Ensemble, view: ZnodeView, difference: ZnodePicture['difference']): ZnodePicture {
  const { path, text, version, czxid, mzxid, owner, lifetime, acl, watchers } = view;
  const slash = path.lastIndexOf('/');
  return {
    path,
    name: path === '/' ? '/' : path.slice(slash + 1),
    parent: path === '/' ? null : slash === 0 ? '/' : path.slice(0, slash),
    text,
    version,
    czxid: zxidText(czxid),
    mzxid: zxidText(mzxid),
    owner: owner === null ? null : ownerName(ensemble, owner),
    lifetime,
    acl,
    watchers: difference === 'missing' ? 0 : watchers,
    difference,
  };
}

function ownerName(ensemble: Ensemble, session: string): string {
  for (const { name, client } of ensemble.clients) {
    const part = ensemble.world.parts.values[client];
    if (typeof part === 'object' && part !== null && 'session' in part && part.session === session) return name;
  }
  return `0x${session.replace(/^0+(?=.)/, '')}`;
}

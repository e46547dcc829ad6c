// A learner that has accepted epoch 2 and waits for its sync, and the packets that a leader sends it.

import { own, peek } from '../../src/base/parts.ts';
import { threadId, type Item } from '../../src/base/step.ts';
import { makeZxid } from '../../src/base/zxid.ts';
import type { QuorumPeerState } from '../../src/zab/context.ts';
import type { ZabDecisions } from '../../src/zab/decisions.ts';
import { beginFollowing, beginObserving } from '../../src/zab/learner.ts';
import type { LearnerState } from '../../src/zab/learner-state.ts';
import { loadDatabase } from '../../src/zab/recovery.ts';
import { QUORUM_PEER } from '../../src/zab/thread-kinds.ts';
import { makePeerConfig } from './peer-context.ts';
import {
  effectsOf,
  give,
  killServer,
  LINK,
  makeServer,
  makeTxn,
  receive,
  runOnQuorumPeer,
  runThread,
  storeEpoch,
  storeLog,
  storeSnapshot,
  type SingleServer,
} from './single-server.ts';

export const z = makeZxid;
export const proposal = (zxid: number): Item => ({ type: 'PROPOSAL', zxid, txn: makeTxn(zxid) }) as Item;
export const commit = (zxid: number): Item => ({ type: 'COMMIT', zxid });
export const inform = (zxid: number): Item => ({ type: 'INFORM', zxid, txn: makeTxn(zxid) }) as Item;
export const NEWLEADER: Item = { type: 'NEWLEADER', zxid: z(2, 0) };
export const UPTODATE: Item = { type: 'UPTODATE', zxid: -1 };

interface Options {
  readonly role?: 'follower' | 'observer';
  readonly decisions?: Partial<ZabDecisions>;
  readonly log?: readonly number[];
}

/** Server 3 with (1,1) in log and tree, unless told otherwise, that has accepted epoch 2 and waits for the header of its sync. */
export function makeLearner({ role = 'follower', decisions = {}, log = [z(1, 1)] }: Options = {}): SingleServer {
  const server = makeServer(makePeerConfig(3, [1, 2, 3]), decisions);
  storeSnapshot(server, 'snapshot.0', []);
  if (log.length > 0) storeLog(server, 'log.100000001', log);
  storeEpoch(server, 'currentEpoch', 1);
  storeEpoch(server, 'acceptedEpoch', 1);
  join(server, role);
  server.performed.length = 0;
  server.calls.length = 0;
  return server;
}

/** Loads the database when the process is new, and registers with server 1 in its epoch. */
export function join(server: SingleServer, role: 'follower' | 'observer' = 'follower', epoch = 2): void {
  const { parts, refs } = server.ctx;
  if (peek(parts, refs.peer).acceptedEpoch === -1) runOnQuorumPeer(server, (ctx) => loadDatabase(ctx));
  const peer = own(parts, refs.peer);
  peer.incarnation += 1;
  peer.state = role === 'follower' ? 'FOLLOWING' : 'OBSERVING';
  peer.currentVote = { leader: 1, zxid: z(1, 1), electionEpoch: 1, peerEpoch: 1 };
  runOnQuorumPeer(server, (ctx) => (role === 'follower' ? beginFollowing(ctx) : beginObserving(ctx)));
  give(server, { type: 'connected', link: LINK } as Item);
  receive(server, { type: 'LEADERINFO', zxid: z(epoch, 0), protocolVersion: 0x10000 } as Item);
}

export function receiveAll(server: SingleServer, ...packets: Item[]): void {
  for (const packet of packets) receive(server, packet);
}

export const DIFF = (zxid: number): Item => ({ type: 'DIFF', zxid });
export const TRUNC = (zxid: number): Item => ({ type: 'TRUNC', zxid });

export function snap(server: SingleServer, zxid: number, tree: readonly number[]): void {
  receiveAll(server, { type: 'SNAP', zxid }, ...snapData(tree), { type: 'SNAPEND' });
}

function snapData(tree: readonly number[]): Item[] {
  return [{ type: 'root' }, ...tree.map((zxid) => ({ type: 'node', zxid }))].map((record) => ({ type: 'SNAPDATA', record }) as Item);
}

export const learnerOf = (server: SingleServer): Readonly<LearnerState> => peek(server.ctx.parts, server.ctx.refs.learner);
export const peerOf = (server: SingleServer): Readonly<QuorumPeerState> => peek(server.ctx.parts, server.ctx.refs.peer);
export const qp = (server: SingleServer): string[] => effectsOf(server, QUORUM_PEER);

export function reboot(server: SingleServer): boolean {
  killServer(server);
  let ok = false;
  runOnQuorumPeer(server, (ctx) => {
    ok = loadDatabase(ctx);
  });
  return ok;
}

/** The join of the commit thread ends; then that of the SyncThread, where one runs. */
export function finishShutdown(server: SingleServer): void {
  const thread = server.threads.get(threadId(QUORUM_PEER, 0))!;
  while (thread.blockedOn?.on === 'end') {
    runThread(server, thread.blockedOn.thread);
    give(server, { type: 'ended', thread: thread.blockedOn.thread } as Item);
  }
}

export const roleEnded = (server: SingleServer): boolean => server.outside.some((item) => item.type === 'role-ended');

export const EPOCH_WRITE = ['create currentEpoch.tmp', 'append currentEpoch.tmp', 'fsync currentEpoch.tmp', 'rename currentEpoch'] as const;

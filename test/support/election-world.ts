// An ensemble whose servers only elect: the real threads of the connection manager and the election on the simulator's network, and a
// QuorumPeer thread that looks for a leader, then keeps its role until it is told to look again.

import { own, peek, replace } from '../../src/base/parts.ts';
import { kindOf, threadId, type Item } from '../../src/base/step.ts';
import { LAN } from '../../src/ensemble/spec.ts';
import { boot, kill } from '../../src/kernel/node.ts';
import { runInput, runUntil } from '../../src/kernel/run.ts';
import { postItem } from '../../src/kernel/thread.ts';
import { makeWorld, type Mode, type Program, type World } from '../../src/kernel/world.ts';
import { stepConnector } from '../../src/zab/connector.ts';
import type { Application, PeerConfig, PeerRefs, QuorumPeerState, ZabContext } from '../../src/zab/context.ts';
import { makeDatabase } from '../../src/zab/database.ts';
import { FIXED_ZAB, type ZabDecisions } from '../../src/zab/decisions.ts';
import type { ElectionState } from '../../src/zab/election-state.ts';
import { beginLookForLeader, bootElection, stepLookForLeader } from '../../src/zab/fast-leader-election.ts';
import { stepListener } from '../../src/zab/listener.ts';
import { stepWorkerReceiver, stepWorkerSender } from '../../src/zab/messenger.ts';
import type { ZabNote } from '../../src/zab/note.ts';
import { allotPeer, makeQuorumPeer } from '../../src/zab/peer-state.ts';
import { stepRecvWorker } from '../../src/zab/recv-worker.ts';
import { stepSendWorker } from '../../src/zab/send-worker.ts';
import * as kinds from '../../src/zab/thread-kinds.ts';
import { makePeerConfig } from './peer-context.ts';

/** What a server finds on its disk. */
export interface History {
  readonly zxid: number;
  readonly epoch: number;
}

export interface ElectionWorld {
  readonly world: World;
  readonly config: PeerConfig;
  /** Every note so far, with its time and server. */
  readonly notes: { readonly at: number; readonly sid: number; readonly note: ZabNote }[];
}

export interface ElectionOptions {
  readonly seed?: string;
  readonly mode?: Mode;
  readonly observers?: readonly number[];
  readonly histories?: Readonly<Record<number, History>>;
  readonly decisions?: Partial<ZabDecisions>;
  readonly traced?: boolean;
}

export function makeElectionWorld(voters: readonly number[], options: ElectionOptions = {}): ElectionWorld {
  const config = makePeerConfig(0, voters, options.observers);
  const specs = config.servers.map(({ sid }) => {
    const program = makeProgram({ ...config, sid }, options.histories?.[sid] ?? { zxid: 0, epoch: 0 }, options.decisions ?? {});
    return { name: `s${sid}`, program, fsyncTimes: [1000] };
  });
  const world = makeWorld({ seed: options.seed ?? '1', mode: options.mode ?? 'fine', network: LAN, driver: null }, specs, true);
  world.traced = options.traced ?? true;
  const notes: ElectionWorld['notes'] = [];
  world.observe = ({ record }) => {
    const sid = config.servers[record.node]?.sid ?? -1;
    for (const note of record.notes) notes.push({ at: record.at, sid, note: note as ZabNote });
  };
  return { world, config, notes };
}

function makeProgram(config: PeerConfig, history: History, decisions: Partial<ZabDecisions>): Program {
  const decide = { zab: { ...FIXED_ZAB, ...decisions } };
  return {
    allot: (parts) => allotPeer(parts),
    context: (base, memory) => Object.assign(base, { refs: memory as PeerRefs, config, decide, app: {} as Application }),
    boot: (ctx) => bootPeer(ctx as ZabContext, history),
    step: (ctx, input) => step(ctx as ZabContext, input),
    threadName: (kind) => kinds.ZAB_THREAD_NAMES[kind] ?? 'Main',
    serviceTimes: () => [5, 10, 15, 20, 50],
  };
}

function bootPeer(ctx: ZabContext, { zxid, epoch }: History): void {
  replace(ctx.parts, ctx.refs.peer, { ...makeQuorumPeer(), acceptedEpoch: epoch, currentEpoch: epoch });
  replace(ctx.parts, ctx.refs.database, { ...makeDatabase(), initialized: true, lastProcessedZxid: zxid });
  bootElection(ctx);
  ctx.effects.push({ type: 'start', thread: threadId(kinds.QUORUM_PEER, 0), item: { type: 'look-for-leader' } });
}

function step(ctx: ZabContext, input: Item): void {
  switch (kindOf(ctx.thread.id)) {
    case kinds.QUORUM_PEER:
      stepQuorumPeer(ctx, input);
      return;
    case kinds.LISTENER:
      stepListener(ctx, input);
      return;
    case kinds.CONNECTOR:
      stepConnector(ctx, input);
      return;
    case kinds.SEND_WORKER:
      stepSendWorker(ctx, input);
      return;
    case kinds.RECV_WORKER:
      stepRecvWorker(ctx, input);
      return;
    case kinds.WORKER_SENDER:
      stepWorkerSender(ctx, input);
      return;
    default:
      stepWorkerReceiver(ctx, input);
  }
}

function stepQuorumPeer(ctx: ZabContext, input: Item): void {
  if (input.type === 'look-for-leader') {
    own(ctx.parts, ctx.refs.peer).state = 'LOOKING';
    beginLookForLeader(ctx);
  } else stepLookForLeader(ctx, input);
}

export function nodeOfSid({ config }: ElectionWorld, sid: number): number {
  return config.servers.findIndex((server) => server.sid === sid);
}

function refsOf(world: World, node: number): PeerRefs {
  return world.nodes[node]!.memory as PeerRefs;
}

export function startServers(ensemble: ElectionWorld, ...sids: readonly number[]): void {
  for (const sid of sids)
    runInput(ensemble.world, ensemble.world.now, { type: 'start' }, () => void boot(ensemble.world, nodeOfSid(ensemble, sid)));
}

export function killServer(ensemble: ElectionWorld, sid: number): void {
  runInput(ensemble.world, ensemble.world.now, { type: 'kill' }, () => void kill(ensemble.world, nodeOfSid(ensemble, sid)));
}

/** As when the role has ended. */
export function lookAgain(ensemble: ElectionWorld, ...sids: readonly number[]): void {
  const { world } = ensemble;
  for (const sid of sids) {
    const item = { type: 'look-for-leader' };
    runInput(world, world.now, item, () => postItem(world, nodeOfSid(ensemble, sid), threadId(kinds.QUORUM_PEER, 0), item));
  }
}

export function runMs(ensemble: ElectionWorld, ms: number): void {
  const until = ensemble.world.now + ms * 1000;
  runUntil(ensemble.world, until);
  ensemble.world.now = until;
}

export function peerOf(ensemble: ElectionWorld, sid: number): Readonly<QuorumPeerState> {
  return peek(ensemble.world.parts, refsOf(ensemble.world, nodeOfSid(ensemble, sid)).peer);
}

export function electionOf(ensemble: ElectionWorld, sid: number): Readonly<ElectionState> {
  return peek(ensemble.world.parts, refsOf(ensemble.world, nodeOfSid(ensemble, sid)).election);
}

/** 'sid:STATE>leader' of each server named. */
export function rolesOf(ensemble: ElectionWorld, ...sids: readonly number[]): string {
  return sids.map((sid) => `${sid}:${peerOf(ensemble, sid).state}>${peerOf(ensemble, sid).currentVote?.leader}`).join(' ');
}

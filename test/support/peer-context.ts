// A context for steps of the replication layer without a host: the steps run as pure functions, effects and notes are looked at.

import { makeParts, own } from '../../src/base/parts.ts';
import { threadId, type Effect, type Item } from '../../src/base/step.ts';
import type { Application, PeerConfig, PeerRefs, ServerSpec, ZabContext } from '../../src/zab/context.ts';
import { FIXED_ZAB, type ZabDecisions } from '../../src/zab/decisions.ts';
import type { ZabNote } from '../../src/zab/note.ts';
import { allotPeer } from '../../src/zab/peer-state.ts';
import { makeMajority } from '../../src/zab/quorum-verifier.ts';
import { QUORUM_PEER } from '../../src/zab/thread-kinds.ts';

/** Times of section M with a tick of 2 s; node i runs the i-th server. */
export function makePeerConfig(sid: number, voters: readonly number[], observers: readonly number[] = []): PeerConfig {
  const servers: ServerSpec[] = [
    ...voters.map((sid, node): ServerSpec => ({ sid, node, learnerType: 'PARTICIPANT' })),
    ...observers.map((sid, i): ServerSpec => ({ sid, node: voters.length + i, learnerType: 'OBSERVER' })),
  ];
  return {
    sid,
    servers,
    standalone: false,
    verifier: makeMajority(voters),
    tickUs: 2_000_000,
    initLimit: 10,
    syncLimit: 5,
    cnxTimeoutUs: 5_000_000,
    minNotificationUs: 200_000,
    maxNotificationUs: 60_000_000,
    finalizeWaitUs: 200_000,
    leaderConnectDelayUs: 100_000,
    observerElectionDelayUs: 200_000,
    commitLogCount: 500,
    snapshotSizePermille: 330,
    forceSnapshotSync: false,
    snapCount: 100_000,
    maxBatchSize: 1000,
    preAllocBytes: 65_536,
    maxCounter: 0xffff_ffff,
  };
}

export interface PeerContext extends ZabContext {
  now: number;
  readonly notes: ZabNote[];
  thread: { id: number; kind: number; incarnation: number; key: number; blockedOn: ZabContext['thread']['blockedOn']; ending: boolean };
}

/** A LOOKING server with a loaded, empty database, seen from its QuorumPeer thread. */
export function makePeerContext(config: PeerConfig, decisions: Partial<ZabDecisions> = {}): PeerContext {
  const parts = makeParts(true);
  const refs: PeerRefs = allotPeer(parts);
  Object.assign(own(parts, refs.database), { initialized: true, lastProcessedZxid: 0 });
  Object.assign(own(parts, refs.peer), { acceptedEpoch: 0, currentEpoch: 0 });
  const notes: ZabNote[] = [];
  return {
    parts,
    refs,
    config,
    notes,
    decide: { zab: { ...FIXED_ZAB, ...decisions } },
    app: {} as Application,
    now: 0,
    node: 0,
    thread: makeThreadControl(QUORUM_PEER),
    effects: [],
    disk: { names: () => [], exists: () => false, records: () => 0, record: () => null, bytes: () => 0 },
    traced: true,
    draw: () => 0,
    note: (note) => void notes.push(note),
  };
}

function makeThreadControl(kind: number, incarnation = 0, key = 0): PeerContext['thread'] {
  return { id: threadId(kind, incarnation, key), kind, incarnation, key, blockedOn: null, ending: false };
}

/** Runs one step as the thread and returns what it pushed. */
export function runStepAs(ctx: PeerContext, kind: number, incarnation: number, key: number, step: () => unknown): readonly Effect[] {
  ctx.thread = makeThreadControl(kind, incarnation, key);
  ctx.effects.length = 0;
  step();
  return ctx.effects.slice();
}

/** The items of the effects of this type, in order. */
export function itemsOf(effects: readonly Effect[], type: 'continue' | 'enqueue' | 'start'): readonly Item[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'atomic') return itemsOf(effect.effects, type);
    return effect.type === type && 'item' in effect ? [effect.item] : [];
  });
}

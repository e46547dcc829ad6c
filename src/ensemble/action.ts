/**
 * Everything a script, a person or a hunter can do to a run, as plain data: the entries of the input log. Servers and clients are named by
 * node index; the scenario layer knows their names.
 */
import { assert, unreachable } from '../base/assert.ts';
import { own, peek } from '../base/parts.ts';
import { threadId, type Item } from '../base/step.ts';
import { SEND_THREAD } from '../client/thread-kinds.ts';
import type { Submission } from '../client/items.ts';
import { setDiskFaults, tearTail } from '../kernel/disk.ts';
import type { DiskFaults } from '../kernel/disk-state.ts';
import { HEALTHY } from '../kernel/disk-state.ts';
import type { Break } from '../kernel/link-end.ts';
import { setLinkQuality } from '../kernel/link-path.ts';
import { addRule, removeRule } from '../kernel/message-rules.ts';
import { breakBetween, findPackets, healAll, partition, setBlocked, touchPacket, type PacketName } from '../kernel/network-faults.ts';
import type { MessageMatch } from '../kernel/network-state.ts';
import { boot, kill, powerLoss, setPaused } from '../kernel/node.ts';
import { nodeOf, threadRef } from '../kernel/nodes.ts';
import { letAllGo, letGo, stallThreads } from '../kernel/stall.ts';
import { interruptThread, postItem } from '../kernel/thread.ts';
import type { World } from '../kernel/world.ts';
import { resetConnectionStats, resetServerStats } from '../server/server-stats.ts';
import type { ServerRefs } from '../server/server-state.ts';
import { QUORUM_PEER } from '../zab/thread-kinds.ts';
import type { Note } from './note.ts';
import { actOnTcp, type TcpAction } from './tcp-action.ts';

export type PacketAction = 'drop' | 'hold' | 'release' | 'duplicate' | { readonly delayUs: number };

export type Action =
  | { readonly type: 'start'; readonly node: number }
  | { readonly type: 'kill'; readonly node: number }
  /** keep: records kept of unsynced files, or 'none' | 'all' | 'drawn'. */
  | {
      readonly type: 'power-loss';
      readonly node: number;
      readonly keep: 'none' | 'all' | 'drawn' | readonly (readonly [file: string, records: number])[];
      readonly torn: boolean;
    }
  /** Graceful stop: the QuorumPeer thread runs its shutdown. */
  | { readonly type: 'stop'; readonly node: number }
  | { readonly type: 'pause'; readonly node: number }
  | { readonly type: 'resume'; readonly node: number }
  /** Threads of a kind, or the one with that key, do nothing for so long, or until they are let go; `onlyLiving` leaves out later ones. */
  | {
      readonly type: 'stall';
      readonly node: number;
      readonly kind: number;
      readonly key?: number;
      readonly forUs: number | null;
      readonly onlyLiving: boolean;
    }
  | { readonly type: 'unstall'; readonly node: number; readonly kind: number }
  | { readonly type: 'partition'; readonly groups: readonly (readonly number[])[] }
  /** One direction only. */
  | { readonly type: 'cut'; readonly from: number; readonly to: number }
  | { readonly type: 'mend'; readonly from: number; readonly to: number }
  | { readonly type: 'heal' }
  | { readonly type: 'break'; readonly a: number; readonly b: number; readonly port: string | null; readonly how: Break | null }
  | { readonly type: 'disk'; readonly node: number; readonly faults: Partial<DiskFaults> }
  | { readonly type: 'tear-tail'; readonly node: number; readonly file: string }
  | {
      readonly type: 'link';
      readonly from: number;
      readonly to: number;
      readonly latencies: readonly number[];
      readonly lossPerMillion: number;
    }
  | {
      readonly type: 'message-rule';
      readonly match: MessageMatch;
      readonly action: 'drop' | 'hold' | 'duplicate' | 'delay';
      readonly delayUs: number;
      readonly skip: number;
      readonly times: number;
    }
  | { readonly type: 'remove-rule'; readonly rule: number }
  /** One packet in flight, or the first `times` that match. */
  | { readonly type: 'packet'; readonly packet: PacketName; readonly action: PacketAction }
  | { readonly type: 'packets'; readonly match: MessageMatch; readonly action: PacketAction; readonly times: number }
  | { readonly type: 'invoke'; readonly node: number; readonly call: number; readonly operation: Submission }
  | { readonly type: 'move-client'; readonly node: number; readonly server: number }
  | { readonly type: 'disconnect-client'; readonly node: number }
  | { readonly type: 'open-client'; readonly node: number }
  /** An operator asks a server to begin its counts anew (the AdminServer's crst and srst). */
  | { readonly type: 'reset-stats'; readonly node: number; readonly of: 'server' | 'connections' }
  | TcpAction
  /** Ends every fault and starts every process. */
  | { readonly type: 'calm' };

/** Does it, as part of the current event, and notes it. Returns whether it found something to act on. */
export function applyAction(world: World, action: Action): boolean {
  const bit = act(world, action);
  const notes: Item[] = world.record.notes;
  const say = (note: Note): void => {
    notes.push(note);
  };
  if ('node' in action) world.record.node = action.node;
  say({ type: 'acted', action, bit });
  if (!bit) return false;
  if (action.type === 'start') say({ type: 'node-up' });
  else if (action.type === 'kill' || action.type === 'power-loss') say({ type: 'node-down', how: action.type, why: '' });
  else if (action.type === 'pause') say({ type: 'node-paused' });
  else if (action.type === 'resume') say({ type: 'node-resumed' });
  else if (action.type === 'calm') say({ type: 'calm' });
  return true;
}

function act(world: World, action: Action): boolean {
  switch (action.type) {
    case 'start':
      return boot(world, action.node);
    case 'kill':
      return kill(world, action.node);
    case 'power-loss':
      return powerLoss(world, action.node, {
        keep: typeof action.keep === 'string' ? action.keep : new Map(action.keep),
        torn: action.torn,
      });
    case 'stop':
      return stopGracefully(world, action.node);
    case 'pause':
    case 'resume':
      return setPaused(world, action.node, action.type === 'pause');
    case 'stall':
      return stallThreads(world, action.node, {
        ...action,
        key: action.key ?? null,
        untilUs: action.forUs === null ? null : world.now + action.forUs,
      });
    case 'unstall':
      return letGo(world, action.node, action.kind);
    case 'partition':
    case 'cut':
    case 'mend':
    case 'heal':
    case 'break':
    case 'link':
      return actOnNetwork(world, action);
    case 'disk':
      setDiskFaults(world, nodeOf(world, action.node), action.faults);
      return true;
    case 'tear-tail':
      return tearTail(world, nodeOf(world, action.node), action.file);
    case 'message-rule':
      addRule(world, action);
      return true;
    case 'remove-rule':
      removeRule(world, action.rule);
      return true;
    case 'packet':
      return touch(world, action.packet, action.action);
    case 'packets':
      return touchMatching(world, action.match, action.action, action.times);
    case 'invoke':
      return post(world, action.node, { type: 'submit', operation: action.operation, call: action.call } as Item);
    case 'move-client':
      return post(world, action.node, { type: 'move', server: action.server } as Item);
    case 'disconnect-client':
      return post(world, action.node, { type: 'disconnect' });
    case 'reset-stats':
      return resetStats(world, action.node, action.of);
    case 'open-client':
      return post(world, action.node, { type: 'open' });
    case 'tcp-open':
    case 'tcp-packet':
    case 'tcp-hold':
    case 'tcp-take':
    case 'tcp-close':
      return actOnTcp(world, action);
    case 'calm':
      return calm(world);
    default:
      return unreachable(action);
  }
}

function resetStats(world: World, node: number, of: 'server' | 'connections'): boolean {
  const { part, memory } = nodeOf(world, node);
  if (peek(world.parts, part).power !== 'up') return false;
  const { stats } = memory as ServerRefs;
  if (of === 'server') resetServerStats(world.parts, stats);
  else resetConnectionStats(world.parts, stats);
  return true;
}

function actOnNetwork(world: World, action: Extract<Action, { type: 'partition' | 'cut' | 'mend' | 'heal' | 'break' | 'link' }>): boolean {
  switch (action.type) {
    case 'partition':
      partition(world, action.groups);
      return true;
    case 'cut':
    case 'mend':
      setBlocked(world, action.from, action.to, action.type === 'cut');
      return true;
    case 'heal':
      healAll(world);
      return true;
    case 'break':
      return breakBetween(world, action.a, action.b, action.port, action.how) > 0;
    case 'link':
      setLinkQuality(world, action.from, action.to, action);
      return true;
    default:
      return unreachable(action);
  }
}

function stopGracefully(world: World, node: number): boolean {
  const part = peek(world.parts, nodeOf(world, node).part);
  if (part.power !== 'up' || part.paused) return false;
  interruptThread(world, node, threadId(QUORUM_PEER, 0));
  return true;
}

function touch(world: World, name: PacketName, action: PacketAction): boolean {
  return touchPacket(world, name, typeof action === 'string' ? action : { at: world.now + action.delayUs });
}

function touchMatching(world: World, match: MessageMatch, action: PacketAction, times: number): boolean {
  const found = findPackets(world, match).slice(0, times);
  for (const packet of found) touch(world, packet, action);
  return found.length > 0;
}

/** A client whose process has only just started has no SendThread yet, and takes nothing. */
function post(world: World, node: number, item: Item): boolean {
  const mailbox = threadId(SEND_THREAD, 0);
  if (peek(world.parts, nodeOf(world, node).part).power !== 'up' || threadRef(world, node, mailbox) === null) return false;
  postItem(world, node, mailbox, item);
  return true;
}

function calm(world: World): boolean {
  const network = own(world.parts, world.network);
  network.rules = [];
  network.overrides.clear();
  healAll(world);
  for (const { port, link, direction, n, entry } of findPackets(world, {})) {
    assert(port !== '', 'a link has a port');
    if (entry.held === 'rule') touchPacket(world, { link, direction, n }, 'release');
  }
  for (const node of world.nodes) {
    setDiskFaults(world, node, HEALTHY);
    setPaused(world, node.index, false);
    letAllGo(world, node.index);
    boot(world, node.index);
  }
  return true;
}

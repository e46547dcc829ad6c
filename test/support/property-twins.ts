// A slow twin of each property: does this note violate it, given all notes before? Each looks through whole lists every time.

import { counterOf, epochOf, makeZxid } from '../../src/base/zxid.ts';
import { sameTxn, type Txn } from '../../src/check/fact.ts';
import type { PropertyId } from '../../src/check/violation.ts';
import { effectOf, forEachChange } from '../../src/ensemble/txn-view.ts';
import { recipeTwins } from './recipe-twins.ts';
import { watchTwins } from './watch-twins.ts';
import {
  broadcastBy,
  common,
  historyBefore,
  includes,
  last,
  lastZxid,
  sessionOfClient,
  snapshotContent,
  type NaiveHistory,
  type Told,
} from './naive-history.ts';

type Twin = (history: NaiveHistory, told: Told) => boolean;

/** Event of the first note that violates each property; properties that hold are absent. */
export function firstEvents(told: readonly Told[], nodes: number, withinUs: number): Map<PropertyId, number> {
  const found = new Map<PropertyId, number>();
  for (let i = 0; i < told.length; i++) {
    const history = historyBefore(told.slice(0, i), nodes);
    for (const [id, twin] of Object.entries(TWINS) as [PropertyId, Twin][]) {
      if (!found.has(id) && twin(history, told[i]!)) found.set(id, told[i]!.where.event);
    }
  }
  const live = firstUnlive(told, nodes, withinUs);
  if (live !== null) found.set('I-LIVE', live);
  return found;
}

function predecessor(history: NaiveHistory, zxid: number): number | null {
  if (counterOf(zxid) > 1) return zxid - 1;
  const known = history.established.find(({ epoch }) => epoch === epochOf(zxid));
  return known === undefined ? null : lastZxid(known.history);
}

function breaksChain(history: NaiveHistory, zxid: number, before: number, snapshot: number): boolean {
  const expected = predecessor(history, zxid);
  if (expected === null || expected === before) return false;
  const isHole = expected > before && expected > snapshot;
  const isStranger = before > expected && before > snapshot;
  return isHole || isStranger;
}

/** The value of the last note of a server for which `pick` gives one. */
function latest<T>({ before }: NaiveHistory, node: number, pick: (note: Told['note']) => T | undefined): T | undefined {
  return last(before.flatMap(({ note, where }) => (where.node === node && pick(note) !== undefined ? [pick(note)!] : [])));
}

const currentEpoch = (history: NaiveHistory, node: number): number =>
  latest(history, node, (note) => (note.type === 'current-epoch' ? note.epoch : undefined)) ?? -1;

const stateOf = (history: NaiveHistory, node: number): string =>
  latest(history, node, (note) => (note.type === 'state' ? note.state : note.type === 'node-down' ? 'LOOKING' : undefined)) ?? 'LOOKING';

function isAmongCommitted(history: NaiveHistory, txn: Txn): boolean {
  return includes(history.committed, txn);
}

function hasDiverged({ trees, committed }: NaiveHistory, node: number): boolean {
  const tree = trees[node]!;
  const agreed = common(tree, committed);
  return agreed < tree.length && agreed < committed.length;
}

/** The reference digest: of the first delivery, replays of a load apart, that came right after its digest. */
function referenceDigest({ before }: NaiveHistory, nodes: number, zxid: number): { readonly node: number; readonly digest: string } | null {
  const told: { zxid: number; digest: string }[] = Array.from({ length: nodes }, () => ({ zxid: -1, digest: '' }));
  for (let i = 0; i < before.length; i++) {
    const { note, where } = before[i]!;
    if (note.type === 'digest') told[where.node] = { zxid: note.zxid, digest: note.digest };
    if (note.type !== 'delivered' || note.via === 'recovery' || note.zxid !== zxid) continue;
    const wasBroadcast = before.slice(0, i).some((each) => each.note.type === 'broadcast' && each.note.zxid === zxid);
    if (wasBroadcast && told[where.node]!.zxid === zxid) return { node: where.node, digest: told[where.node]!.digest };
  }
  return null;
}

const digestOf = (history: NaiveHistory, node: number): { readonly zxid: number; readonly digest: string } =>
  latest(history, node, (note) => (note.type === 'digest' ? note : undefined)) ?? { zxid: -1, digest: '' };

const TWINS: Partial<Record<PropertyId, Twin>> = {
  ...watchTwins,
  ...recipeTwins,

  'I-LEAD': ({ before }, { note }) =>
    note.type === 'established' && before.some((each) => each.note.type === 'established' && each.note.epoch === note.epoch),

  'I-INT': ({ before }, { note }) =>
    note.type === 'delivered' && !before.some((each) => each.note.type === 'broadcast' && sameTxn(each.note.txn, note.txn)),

  'I-AGR': (history, { note, where: { node } }) => {
    if (note.type === 'serving') return hasDiverged(history, node);
    if (note.type !== 'delivered' || note.via !== 'commit') return false;
    const tree = history.trees[node]!;
    if (common(tree, history.committed) < tree.length) return hasDiverged(history, node);
    const next = history.committed[tree.length];
    return next !== undefined && note.zxid > lastZxid(tree) && !sameTxn(next, note.txn);
  },

  'I-LOSS': ({ before, established, committed, trees, seen }, { note, where: { node } }) => {
    const newest = Math.max(-1, ...established.map(({ epoch }) => epoch));
    if (note.type === 'committed') {
      const txn = broadcastBy(before, note.zxid, node);
      return txn !== null && epochOf(note.zxid) < newest && !includes(committed, txn);
    }
    if (note.type !== 'established') return false;
    const tree = trees[node]!;
    const agreed = common(tree, committed);
    if (note.epoch > newest) return agreed < committed.length || seen.some((txn) => !includes(tree.slice(agreed), txn));
    if (agreed < committed.filter(({ zxid }) => zxid <= makeZxid(note.epoch, 0)).length) return true;
    const later = established.filter(({ epoch }) => epoch > note.epoch).sort((a, b) => a.epoch - b.epoch)[0];
    return later !== undefined && (agreed < tree.length || agreed > common(later.history, committed));
  },

  'I-UNC': (history, { note, where: { node } }) => {
    if (note.type !== 'watch-fired' && (note.type !== 'replied' || note.operation.op === 'ping')) return false;
    const tree = history.trees[node]!;
    return common(tree, history.committed) < tree.length;
  },

  'I-PO': (history, { note, where: { node } }) => {
    const mine = (type: 'broadcast' | 'committed'): number =>
      Math.max(0, ...history.before.flatMap((each) => (each.note.type === type && each.where.node === node ? [each.note.zxid] : [])));
    if (note.type === 'broadcast') {
      const epoch = epochOf(note.zxid);
      const before = mine('broadcast');
      if (epoch < currentEpoch(history, node) || epoch < epochOf(before)) return false;
      if (epoch > currentEpoch(history, node)) return true;
      if (epoch === epochOf(before)) return note.zxid !== before + 1;
      if (counterOf(note.zxid) !== 1) return true;
      return common(history.trees[node]!, history.committed) < history.committed.filter(({ zxid }) => zxid <= makeZxid(epoch, 0)).length;
    }
    if (note.type === 'committed') {
      const before = mine('committed');
      return epochOf(note.zxid) === epochOf(before) ? note.zxid !== before + 1 : counterOf(note.zxid) !== 1;
    }
    if (note.type !== 'delivered' || (note.via !== 'commit' && note.via !== 'sync')) return false;
    const tree = history.trees[node]!;
    const before = lastZxid(tree);
    if (note.zxid <= before) return note.via === 'commit';
    if (epochOf(note.zxid) === epochOf(before) ? note.zxid !== before + 1 : counterOf(note.zxid) !== 1) return true;
    const newest = Math.max(-1, ...history.before.flatMap((each) => (each.note.type === 'broadcast' ? [epochOf(each.note.zxid)] : [])));
    if (note.via === 'sync' || epochOf(note.zxid) >= newest) return false;
    const next = history.committed[tree.length];
    return common(tree, history.committed) < tree.length || next === undefined || !sameTxn(next, note.txn);
  },

  'I-LOG': (history, { note, where: { node } }) => {
    if (note.type !== 'logged') return false;
    const before = last(history.logs[node]!) ?? 0;
    if (note.zxid === before + 1) return false;
    return note.zxid <= before || breaksChain(history, note.zxid, before, history.covered[node]!);
  },

  'I-DIG': (history, { note, where: { node } }) => {
    if (note.type !== 'delivered' || (note.via !== 'commit' && note.via !== 'sync')) return false;
    const own = digestOf(history, node);
    const reference = referenceDigest(history, history.trees.length, note.zxid);
    return own.zxid === note.zxid && reference !== null && reference.node !== node && reference.digest !== own.digest;
  },

  'I-REC': (history, { note, where: { node } }) => {
    if (note.type !== 'recovered') return false;
    const content = snapshotContent(history, node, note.snapshot);
    const loading = history.loading[node]!;
    let before = lastZxid(content);
    for (const { zxid } of loading) {
      if (zxid <= before || breaksChain(history, zxid, before, note.snapshot)) return true;
      before = zxid;
    }
    const epoch = currentEpoch(history, node);
    const uncommitted = [...content.slice(common(content, history.committed)), ...loading].filter((txn) => !isAmongCommitted(history, txn));
    if (history.established.some((each) => each.epoch === epoch) && uncommitted.some(({ zxid }) => epochOf(zxid) < epoch)) return true;
    const reference = referenceDigest(history, history.trees.length, before);
    const own = digestOf(history, node);
    return reference !== null && own.zxid === before && own.digest !== reference.digest;
  },

  'I-CODE': (history, { note, where: { node } }) => {
    if (note.type === 'bad') return true;
    if (note.type !== 'serving' || stateOf(history, node) !== 'FOLLOWING') return false;
    const acked = latest(history, node, (each) => (each.type === 'learner-acked-newleader' ? each.epoch : undefined));
    const known = history.established.find(({ epoch }) => epoch === acked);
    const tree = history.trees[node]!;
    const agreed = common(tree, history.committed);
    return known !== undefined && agreed === tree.length && agreed < common(known.history, history.committed);
  },

  'I-FIFO': (history, { note, where: { node } }) => {
    const { before } = history;
    if (note.type === 'replied') {
      const since = before.findLastIndex(
        (each) => each.note.type === 'session-attached' && each.note.session === note.session && each.where.node === node,
      );
      const earlier = before.slice(since + 1).filter((each) => each.where.node === node);
      return (
        note.xid > 0 &&
        earlier.some((each) => each.note.type === 'replied' && each.note.session === note.session && each.note.xid >= note.xid)
      );
    }
    if (note.type === 'client-returned') {
      if (note.zxid === -1 || sessionOfClient(before, node) !== note.session) return false;
      return before.some(
        (each) =>
          each.where.node === node &&
          each.note.type === 'client-returned' &&
          each.note.zxid !== -1 &&
          each.note.session === note.session &&
          each.note.xid >= note.xid,
      );
    }
    const txn = note.type === 'committed' ? broadcastBy(before, note.zxid, node) : null;
    if (txn === null || effectOf(txn) !== 'changes-nodes') return false;
    const isSimulated = before.some((each) => each.note.type === 'client-session' && each.note.session === txn.session);
    const writes = history.committed.filter((each) => each.session === txn.session && effectOf(each) === 'changes-nodes');
    return isSimulated && txn.cxid <= (last(writes)?.cxid ?? 0);
  },

  'I-MONO': ({ before }, { note, where: { node } }) => {
    if (note.type !== 'client-returned' || note.zxid === -1 || sessionOfClient(before, node) !== note.session) return false;
    return before.some(
      (each) =>
        each.where.node === node &&
        each.note.type === 'client-returned' &&
        each.note.session === note.session &&
        each.note.zxid > note.zxid,
    );
  },

  'I-EPH': ({ before, committed }, { note, where: { node } }) => {
    const txn = note.type === 'committed' ? broadcastBy(before, note.zxid, node) : null;
    if (txn === null || includes(committed, txn)) return false;
    let makesEphemeral = false;
    forEachChange(txn, null, (_, change) => {
      if (change === 'create-ephemeral') makesEphemeral = true;
    });
    const own = committed.filter(({ session }) => session === txn.session);
    const opened = own.findLastIndex((each) => effectOf(each) === 'opens-session');
    return makesEphemeral && own.findLastIndex((each) => effectOf(each) === 'closes-session') > opened;
  },

  'I-SESS': (history, { note, where: { node } }) => {
    const { before, committed } = history;
    if (note.type === 'session-expired') return stateOf(history, node) !== 'LEADING';
    if (note.type === 'committed') {
      const txn = broadcastBy(before, note.zxid, node);
      if (txn === null || effectOf(txn) !== 'opens-session' || includes(committed, txn)) return false;
      return committed.some((each) => effectOf(each) === 'opens-session' && each.session === txn.session);
    }
    if (note.type !== 'replied' || note.txnZxid === -1 || note.error !== 'OK') return false;
    const moved = before.findLastIndex(
      (each) => each.note.type === 'client-state' && each.note.state === 'CONNECTED' && each.note.session === note.session,
    );
    const at = before[moved];
    if (at === undefined || at.note.type !== 'client-state' || at.note.server === node) return false;
    const newestThen = Math.max(
      -1,
      ...before.slice(0, moved).flatMap((each) => (each.note.type === 'established' ? [each.note.epoch] : [])),
    );
    const made = before.find((each) => each.note.type === 'broadcast' && each.note.zxid === note.txnZxid);
    if (newestThen !== epochOf(note.txnZxid) || made === undefined || made.note.type !== 'broadcast') return false;
    return made.where.event > at.where.event && effectOf(made.note.txn) !== 'nothing';
  },

  'I-BOOT': (_, { note }) => note.type === 'refused-to-start',
};

/** Bounded liveness, by looking at the state that all notes before each deadline leave. */
function firstUnlive(told: readonly Told[], nodes: number, withinUs: number): number | null {
  let deadline = Infinity;
  let stableAt = -1;
  for (let i = 0; i < told.length; i++) {
    const { note, where } = told[i]!;
    if (where.at >= deadline) {
      const before = told.slice(0, i);
      if (stableAt === -1) {
        const verdict = stabilityAfter(before, nodes);
        if (verdict === 'unstable') return where.event;
        deadline = verdict === 'stable' ? where.at + withinUs : Infinity;
        if (verdict === 'stable') stableAt = where.at;
      } else {
        const due = dueCalls(before, nodes, stableAt, withinUs);
        if (due.some((time) => time <= where.at)) return where.event;
        deadline = Math.min(where.at + withinUs, ...due);
      }
    }
    if (stableAt !== -1 && note.type === 'client-state' && note.why === 'read-timeout') return where.event;
    if (note.type === 'calm') {
      deadline = where.at + withinUs;
      stableAt = -1;
    } else if (note.type === 'acted' && note.action.type === 'kill') {
      deadline = Infinity;
      stableAt = -1;
    }
  }
  return null;
}

function stabilityAfter(before: readonly Told[], nodes: number): 'stable' | 'unstable' | 'excused' {
  let live = 0;
  let leaders = 0;
  let isJoined = true;
  for (let node = 0; node < nodes; node++) {
    const own = before.filter(({ note, where }) => where.node === node || note.type === 'calm').map(({ note }) => note);
    const refused = own.findLastIndex(({ type }) => type === 'refused-to-start');
    const started = own.findLastIndex(({ type }) => type === 'node-up' || type === 'calm');
    const ended = own.findLastIndex(({ type }) => type === 'node-down');
    if (ended > started || refused > started) continue;
    live += 1;
    const state = last(own.flatMap((note) => (note.type === 'state' ? [note.state] : note.type === 'node-down' ? ['LOOKING'] : [])));
    const phase = last(
      own.flatMap((note) => (note.type === 'zab-state' ? [note.zabState] : note.type === 'node-down' ? ['ELECTION'] : [])),
    );
    if (phase !== 'BROADCAST') isJoined = false;
    else if (state === 'LEADING') leaders += 1;
  }
  if (live * 2 <= nodes) return 'excused';
  return leaders === 1 && isJoined ? 'stable' : 'unstable';
}

/** By client, when its oldest open call is due. */
function dueCalls(before: readonly Told[], nodes: number, stableAt: number, withinUs: number): number[] {
  const due: number[] = [];
  for (const node of [nodes, nodes + 1]) {
    const own = before.filter(({ where }) => where.node === node);
    const open = own.filter(
      ({ note }, i) =>
        note.type === 'client-invoked' &&
        !own.slice(i).some((each) => each.note.type === 'client-returned' && each.note.call === note.call),
    );
    if (open[0] !== undefined) due.push(Math.max(open[0].where.at, stableAt) + withinUs);
  }
  return due;
}

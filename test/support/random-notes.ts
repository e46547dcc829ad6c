// Random notes of a small ensemble: mostly what a correct one would say, now and then something that it would not.

import { drawBelow, makeKey, streamOf } from '../../src/base/draw.ts';
import { noBytes } from '../../src/base/bytes.ts';
import type { NoteOf, Txn } from '../../src/check/fact.ts';
import type { RecipeOperation } from '../../src/client/items.ts';
import type { Note } from '../../src/ensemble/note.ts';
import { forEachChange } from '../../src/ensemble/txn-view.ts';
import { OPEN_ACL_UNSAFE, type Operation } from '../../src/server/protocol.ts';
import type { TxnBody } from '../../src/server/txn-body.ts';
import {
  broadcast,
  committed,
  createTxnBody,
  delivered,
  digest,
  logged,
  makeTxn,
  recovered,
  replied,
  returned,
  say,
  z,
  type ToldRun,
} from './told-run.ts';

interface Scene {
  readonly run: ToldRun;
  readonly below: (n: number) => number;
  epoch: number;
  leader: number;
  /** Broadcast in this epoch so far, and all that the author thinks committed. */
  counter: number;
  pending: Txn[];
  history: Txn[];
  /** By node. */
  readonly trees: Txn[][];
  readonly logs: Txn[][];
  readonly lost: Txn[];
  /** Made by recipes. */
  readonly nodes: string[];
}

const SERVERS = 3;
const PATHS = ['/a', '/b', '/a/x'];
const SESSIONS = ['S', 'T'];

export function sayRandomNotes(run: ToldRun, seed: number, steps: number): void {
  let n = 0;
  const key = makeKey(`notes ${seed}`);
  const below = (limit: number): number => drawBelow(key, streamOf('notes'), n++, limit);
  const scene: Scene = {
    run,
    below,
    epoch: 0,
    leader: 0,
    counter: 0,
    pending: [],
    history: [],
    trees: [[], [], []],
    logs: [[], [], []],
    lost: [],
    nodes: [],
  };
  for (let node = 0; node < SERVERS; node++) say(run, node, { type: 'node-up' }, recovered(-1, 0));
  lead(scene);
  for (let client = 0; client < 2; client++) attach(scene, SERVERS + client);
  const usesRecipes = seed % 3 === 0;
  for (let step = 0; step < steps; step++) {
    if (usesRecipes && below(6) === 0) playRecipe(scene);
    else act(scene);
  }
}

function act(scene: Scene): void {
  const { below } = scene;
  const kind = below(24);
  if (kind < 5) propose(scene);
  else if (kind < 8) decide(scene);
  else if (kind < 12) deliver(scene);
  else if (kind < 17) tellClient(scene);
  else if (kind < 18) restart(scene);
  else if (kind < 19) lead(scene);
  else if (kind < 20) touchFiles(scene);
  else if (kind < 21) attach(scene, SERVERS + below(2));
  else if (kind < 22) disturb(scene);
  else letTimePass(scene);
}

/** One time in `n` the author makes a mistake. */
function slips(scene: Scene, n = 25): boolean {
  return scene.below(n) === 0;
}

function propose(scene: Scene, body = randomBody(scene)): void {
  const { run, below, leader } = scene;
  scene.counter += slips(scene, 60) ? 2 : 1;
  const txn = makeTxn(z(scene.epoch, scene.counter), {
    session: SESSIONS[below(2)]!,
    cxid: slips(scene) ? 1 : run.told.length,
    body,
  });
  scene.pending.push(txn);
  say(run, leader, broadcast(txn));
  for (let node = 0; node < SERVERS; node++) {
    if (slips(scene, 60)) continue;
    if (!slips(scene, 30)) mendLog(scene, node);
    scene.logs[node]!.push(txn);
    say(run, node, logged(txn));
  }
}

/** Cuts off what is not of the present history and logs what is missing, as a synchronisation would. */
function mendLog({ run, logs, history, pending }: Scene, node: number): void {
  const wanted = [...history, ...pending.slice(0, -1)];
  const log = logs[node]!;
  let agreed = 0;
  while (agreed < log.length && log[agreed] === wanted[agreed]) agreed += 1;
  if (agreed < log.length) say(run, node, { type: 'truncated', zxid: wanted[agreed - 1]?.zxid ?? 0 });
  for (const missed of wanted.slice(agreed)) say(run, node, logged(missed));
  logs[node] = wanted;
}

function randomBody({ below }: Scene): TxnBody {
  const path = PATHS[below(3)]!;
  switch (below(8)) {
    case 0:
      return { type: 'createSession', timeoutMs: 1000 };
    case 1:
      return { type: 'closeSession', paths2Delete: [path] };
    case 2:
    case 3:
      return { type: 'create', path, data: null, acl: OPEN_ACL_UNSAFE, ephemeral: below(2) === 0, parentCVersion: 1 };
    case 4:
      return { type: 'delete', path };
    case 5:
      return { type: 'error', error: 'NONODE' };
    default:
      return { type: 'setData', path, data: null, version: 1 };
  }
}

function decide(scene: Scene): void {
  if (slips(scene)) scene.pending.shift();
  const txn = scene.pending.shift();
  if (txn === undefined) return;
  say(scene.run, slips(scene) ? scene.below(3) : scene.leader, committed(txn));
  scene.history.push(txn);
}

function deliver(scene: Scene): void {
  const { run, below } = scene;
  const node = below(SERVERS);
  const tree = scene.trees[node]!;
  const txn = slips(scene) ? scene.pending[0] : scene.history[tree.length + (slips(scene) ? 1 : 0)];
  if (txn === undefined) return;
  tree.push(txn);
  if (below(3) > 0) say(run, node, digest(txn.zxid, slips(scene, 60) ? 'wrong' : `after ${txn.zxid}`));
  say(run, node, delivered(slips(scene, 80) ? { ...txn, cxid: -5 } : txn, below(4) === 0 ? 'sync' : 'commit'));
}

function lead(scene: Scene): void {
  const { run, below } = scene;
  const node = below(SERVERS);
  if (scene.epoch === 0 || !slips(scene, 30)) scene.epoch += 1;
  if (!slips(scene, 6)) catchUp(scene, node);
  scene.leader = node;
  scene.counter = 0;
  scene.lost.push(...scene.pending);
  scene.pending = [];
  say(run, node, { type: 'state', state: 'LEADING', epoch: scene.epoch - 1 }, { type: 'current-epoch', epoch: scene.epoch });
  say(
    run,
    node,
    { type: 'established', epoch: slips(scene, 30) ? Math.max(1, scene.epoch - 1) : scene.epoch, history: 0 },
    { type: 'serving', serving: true },
  );
  scene.history = scene.trees[node]!.slice();
  for (let other = 0; other < SERVERS; other++) {
    if (other === node || below(3) === 0) continue;
    if (!slips(scene, 6)) catchUp(scene, other);
    say(run, other, { type: 'state', state: 'FOLLOWING', epoch: 0 }, { type: 'current-epoch', epoch: scene.epoch });
    say(run, other, { type: 'learner-acked-newleader', epoch: scene.epoch, mode: 'DIFF' }, { type: 'serving', serving: true });
  }
}

function catchUp(scene: Scene, node: number): void {
  const tree = scene.trees[node]!;
  for (const txn of scene.history.slice(tree.length)) {
    tree.push(txn);
    say(scene.run, node, delivered(txn, scene.below(2) === 0 ? 'sync' : 'fast-forward'));
  }
}

/** One call of a recipe from its beginning to its end, with what it does to the tree. */
function playRecipe(scene: Scene): void {
  const { run, below } = scene;
  const client = SERVERS + below(2);
  const call = run.told.length;
  const path = '/r';
  const op = (['lock', 'elect', 'enter', 'take', 'leave', 'guarded-set'] as const)[scene.nodes.length === 0 ? 0 : below(6)]!;
  const command = makeRecipe(op, path);
  const name = `${path}/c${client - SERVERS + 1}-${call}`;
  const own = op === 'enter' ? name : `${name}-000000000${below(10)}`;
  say(run, client, { type: 'client-sequence', call, command });
  if (op === 'lock' || op === 'elect' || op === 'enter') {
    settle(scene, createTxnBody(own, true));
    if (slips(scene)) settle(scene, createTxnBody(`${name}-0000000011`, true));
    for (const path of scene.nodes.slice(-2)) if (below(4) > 0) settle(scene, { type: 'delete', path });
    if (slips(scene, 10)) settle(scene, { type: 'delete', path: own });
    scene.nodes.push(own);
  }
  const last = scene.nodes.at(-1) ?? own;
  if (op === 'leave' && below(2) === 0) settle(scene, { type: 'delete', path: last });
  for (let waits = below(3); waits > 0; waits--)
    say(run, client, { type: 'client-waits', call, path, before: slips(scene) ? last : `${last}${waits}` });
  const told = op === 'guarded-set' ? writtenTold(scene, last) : [{ key: 'path', path: op === 'take' ? `/q/${below(40)}` : own } as const];
  say(run, client, { type: 'client-sequence-done', call, command, error: slips(scene, 8) ? 'NONODE' : 'OK', told });
}

function makeRecipe(op: RecipeOperation['op'], path: string): RecipeOperation {
  if (op === 'enter') return { op, path, size: 2 };
  return op === 'guarded-set' ? { op, path, target: '/t', data: noBytes } : ({ op, path } as RecipeOperation);
}

function writtenTold(scene: Scene, lock: string): NoteOf<'client-sequence-done'>['told'] {
  if (scene.below(2) === 0) settle(scene, { type: 'delete', path: lock });
  return [{ key: 'written', path: '/t', zxid: z(scene.epoch, Math.max(0, scene.counter + (slips(scene, 3) ? 1 : -1))), lock }];
}

/** Proposed, and committed with all before it. */
function settle(scene: Scene, body: TxnBody): void {
  propose(scene, body);
  while (scene.pending.length > 0) decide(scene);
}

function restart(scene: Scene): void {
  const { run, below } = scene;
  const node = below(SERVERS);
  const { trees, logs } = scene;
  say(run, node, { type: 'node-down', how: 'kill', why: '' }, { type: 'node-up' });
  const kept = scene.history.slice(0, scene.history.length - below(2));
  if (slips(scene, 6)) kept.splice(below(kept.length + 1), 1);
  if (slips(scene, 4)) kept.push(...scene.lost.slice(-1));
  for (const txn of kept) say(run, node, ...(below(2) === 0 ? [digest(txn.zxid, `after ${txn.zxid}`)] : []), delivered(txn, 'recovery'));
  trees[node] = kept;
  logs[node] = kept.slice();
  say(run, node, recovered(-1, kept[kept.length - 1]?.zxid ?? 0, kept.length));
}

function touchFiles(scene: Scene): void {
  const { run, below } = scene;
  const node = below(SERVERS);
  const zxid = scene.history[below(scene.history.length + 1)]?.zxid ?? 0;
  const plan = {
    row: '',
    zxid,
    peerLastZxid: 0,
    minCommittedLog: 0,
    maxCommittedLog: 0,
    lastProcessedZxid: zxid,
    proposals: 0,
    withData: false,
  };
  const own = scene.trees[node]!;
  const reach = own[own.length - 1]?.zxid ?? 0;
  switch (below(4)) {
    case 0:
      return say(run, node, { type: 'snapshot-begun', zxid: reach }, { type: 'snapshot-done', zxid: reach });
    case 1:
      say(run, node, { type: 'database-cleared' });
      say(run, scene.leader, { type: 'sync-plan', sid: node + 1, mode: 'SNAP', ...plan });
      scene.trees[node] = scene.history.filter((txn) => txn.zxid <= zxid);
      return say(run, node, { type: 'snapshot-installed', zxid });
    case 2:
      for (const txn of scene.pending.slice(-1)) say(run, node, logged(txn), { type: 'append-failed', zxid: txn.zxid });
      return;
    default:
      say(run, node, { type: 'snapshot-begun', zxid: reach }, { type: 'snapshot-done', zxid: reach }, recovered(reach, reach));
  }
}

function attach(scene: Scene, client: number): void {
  const { run, below } = scene;
  const session = SESSIONS[client - SERVERS]!;
  const server = below(SERVERS);
  if (below(3) === 0)
    say(run, client, {
      type: 'client-state',
      state: 'CONNECTING',
      session,
      server,
      why: below(6) === 0 ? 'opened' : below(30) === 0 ? 'read-timeout' : 'eof',
    });
  say(run, server, { type: 'session-attached', session, link: 1, how: 'reattached' });
  say(run, client, { type: 'client-session', session, timeoutMs: 1000, how: 'reattached' });
  say(run, client, { type: 'client-state', state: 'CONNECTED', session, server, why: 'established' });
  if (below(2) === 0) say(run, client, { type: 'client-resets-watches', session, relativeZxid: 0, count: 1 });
  if (below(2) === 0) {
    const zxid = scene.history[below(scene.history.length + 1)]?.zxid ?? 0;
    say(run, client, { type: 'client-watches-on', session, zxid, persistent: PATHS.slice(0, 2), recursive: ['/', PATHS[below(3)]!] });
  }
}

function tellClient(scene: Scene): void {
  const { run, below } = scene;
  const client = SERVERS + below(2);
  const session = SESSIONS[client - SERVERS]!;
  const server = below(SERVERS);
  const tree = scene.trees[server]!;
  const zxid = tree[tree.length - 1]?.zxid ?? 0;
  const xid = slips(scene) ? 1 : run.told.length;
  const path = PATHS[below(3)]!;
  const operation = randomOperation(below, path);
  const { op } = operation;
  const error = op === 'exists' && below(2) === 0 ? 'NONODE' : 'OK';
  const written = below(3) === 0 ? (scene.history[below(scene.history.length + 1)]?.zxid ?? -1) : -1;
  const event = EVENTS[below(EVENTS.length)]!;
  switch (below(8)) {
    case 0:
      return say(run, server, { type: 'watch-fired', session, event, path, zxid: below(2) === 0 ? -1 : zxid });
    case 1: {
      const consumed = below(2) === 0 ? [] : CONSUMED[event];
      return say(run, client, { type: 'client-event', event, path, zxid: below(4) === 0 ? -1 : zxid, session, consumed });
    }
    case 2:
      say(run, client, { type: 'client-invoked', call: xid, operation });
      return say(run, client, returned(-1, { call: xid, xid, session, operation, error: 'CONNECTIONLOSS' }));
    case 3:
      if (below(2) === 0) return say(run, server, { type: 'watch-withheld', session, event, path, zxid });
      return say(run, client, { type: 'client-invoked', call: xid, operation: { op: 'removeWatches', path, watcherType: 3 } });
    case 4:
      return tellNewest(scene, client, server, session);
    default: {
      const isReset = op === 'setWatches' || op === 'setWatches2';
      say(run, server, replied(zxid, { session, xid: isReset ? -8 : xid, operation, txnZxid: written }));
      if (isReset) return;
      say(run, client, returned(zxid, { session, xid, operation, error }));
    }
  }
}

/** The newest change is told of, and the event may be overtaken by a reply, or lost. */
function tellNewest({ run, below, history }: Scene, client: number, server: number, session: string): void {
  const txn = history.at(-1);
  if (txn === undefined) return;
  forEachChange(txn, null, (_, change, path) => {
    const event = change === 'setData' ? 'NodeDataChanged' : change === 'delete' ? 'NodeDeleted' : 'NodeCreated';
    say(run, server, { type: 'watch-fired', session, event, path, zxid: txn.zxid });
    if (below(4) === 0) say(run, client, returned(txn.zxid, { session, xid: run.told.length, operation: { op: 'sync', path } }));
    else if (below(3) > 0) say(run, client, { type: 'client-event', event, path, zxid: txn.zxid, session, consumed: CONSUMED[event] });
  });
}

const EVENTS = [
  'NodeDataChanged',
  'NodeDataChanged',
  'NodeDataChanged',
  'NodeDataChanged',
  'NodeCreated',
  'NodeDeleted',
  'NodeChildrenChanged',
] as const;
const CONSUMED = {
  NodeDataChanged: ['data', 'exist'],
  NodeCreated: ['data', 'exist'],
  NodeDeleted: ['data', 'exist', 'child'],
  NodeChildrenChanged: ['child'],
} as const;

function randomOperation(below: Scene['below'], path: string): Operation {
  const lists = { relativeZxid: 0, data: [], exist: [], child: [] };
  switch (below(10)) {
    case 0:
      return { op: 'setWatches', ...lists };
    case 1:
      return { op: 'setWatches2', ...lists, persistent: [], persistentRecursive: [] };
    case 2:
    case 3:
      return { op: 'addWatch', path: below(3) === 0 ? '/' : path, mode: below(2) };
    default:
      return { op: (['getData', 'exists', 'getChildren', 'getChildren2'] as const)[below(4)]!, path, watch: below(3) > 0 };
  }
}

function letTimePass({ run, below }: Scene): void {
  if (below(3) === 0) say(run, 0, { type: 'calm' });
  if (below(3) > 0) for (let node = 0; node < SERVERS; node++) say(run, node, { type: 'zab-state', zabState: 'BROADCAST' });
  run.at += below(6) * 400_000;
}

function disturb(scene: Scene): void {
  const { run, below } = scene;
  const node = below(SERVERS);
  const notes: readonly Note[] = [
    { type: 'bad', what: 'ack', zxid: 0, expected: 0, why: 'x' },
    { type: 'refused-to-start', why: 'x', operands: [] },
    { type: 'session-expired', session: 'S' },
    { type: 'calm' },
    { type: 'acted', action: { type: 'heal' }, bit: true },
    { type: 'acted', action: { type: 'kill', node }, bit: true },
    { type: 'zab-state', zabState: 'ELECTION' },
    { type: 'client-invoked', call: run.told.length, operation: { op: 'sync', path: '/' } },
  ];
  const note = notes[below(notes.length)];
  if (note !== undefined) say(run, note.type === 'client-invoked' ? SERVERS + below(2) : node, note);
}

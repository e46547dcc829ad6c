// A run told by hand, note by note, to the properties: servers on nodes 0.., clients after them. Helpers tell the usual sequences.

import { makeZxid } from '../../src/base/zxid.ts';
import { finish, openChecker, passDeadline, report, tell, type CheckOptions, type Checker } from '../../src/check/checker.ts';
import type { NoteOf, Txn, Where, WorldReader } from '../../src/check/fact.ts';
import type { PropertyId, Violation } from '../../src/check/violation.ts';
import type { Note } from '../../src/ensemble/note.ts';
import { OPEN_ACL_UNSAFE, type Operation } from '../../src/server/protocol.ts';
import type { TxnBody } from '../../src/server/txn-body.ts';

export interface ToldRun {
  readonly checker: Checker;
  readonly servers: number;
  readonly told: { readonly note: Note; readonly where: Where }[];
  at: number;
}

export interface ToldOptions extends CheckOptions {
  readonly servers?: number;
  readonly clients?: number;
  readonly reader?: WorldReader;
}

/** Servers s1.. with sids 1.. are all voters. */
export function makeToldRun(options: ToldOptions = {}): ToldRun {
  const servers = options.servers ?? 3;
  const members = {
    servers: Array.from({ length: servers }, (_, node) => ({ sid: node + 1, node, isVoter: true })),
    clients: Array.from({ length: options.clients ?? 2 }, (_, i) => ({ name: `c${i + 1}`, node: servers + i })),
  };
  const checker = openChecker(members, options);
  checker.state.ghost.reader = options.reader ?? null;
  return { checker, servers, told: [], at: 0 };
}

/** Each note is an event of its own, a millisecond after the one before. */
export function say(run: ToldRun, node: number, ...notes: readonly Note[]): void {
  for (const note of notes) {
    run.at += 1000;
    const where: Where = { event: run.told.length + 1, at: run.at, node };
    run.told.push({ note, where });
    passDeadline(run.checker, where);
    tell(run.checker, note, where);
  }
}

export function violationOf(run: ToldRun, id: PropertyId): Violation | null {
  return run.checker.violations.find(({ property }) => property === id) ?? null;
}

/** 'held', 'not-exercised', or the kind of violation. */
export function verdictOf(run: ToldRun, id: PropertyId): string {
  const found = report(run.checker).find((each) => each.id === id);
  return found?.violation?.kind ?? found?.status ?? 'absent';
}

export function endRun(run: ToldRun, afterUs = 0): void {
  run.at += afterUs;
  finish(run.checker, { event: run.told.length + 1, at: run.at, node: -1 });
}

export const z = makeZxid;

export function makeTxn(zxid: number, options: { readonly session?: string; readonly cxid?: number; readonly body?: TxnBody } = {}): Txn {
  const body: TxnBody = options.body ?? { type: 'setData', path: '/a', data: null, version: 1 };
  return {
    type: 'txn',
    zxid,
    session: options.session ?? 'S',
    cxid: options.cxid ?? zxid % 0x1_0000_0000,
    timeMs: 0,
    body,
    digest: '',
    bytes: 10,
  };
}

export const createTxnBody = (path: string, ephemeral = false): TxnBody => ({
  type: 'create',
  path,
  data: null,
  acl: OPEN_ACL_UNSAFE,
  ephemeral,
  parentCVersion: 1,
});

export function boot(run: ToldRun, ...nodes: readonly number[]): void {
  for (const node of nodes) say(run, node, { type: 'node-up' }, recovered(-1, 0));
}

export function recovered(snapshot: number, lastProcessedZxid: number, replayed = 0): NoteOf<'recovered'> {
  return { type: 'recovered', snapshot, lastProcessedZxid, replayed, skippedSnapshots: 0 };
}

/** Up to an established leader that serves. */
export function establish(run: ToldRun, node: number, epoch: number, history = 0): void {
  say(
    run,
    node,
    { type: 'state', state: 'LEADING', epoch: epoch - 1 },
    { type: 'current-epoch', epoch },
    { type: 'established', epoch, history },
    { type: 'serving', serving: true },
    { type: 'zab-state', zabState: 'BROADCAST' },
  );
}

export function join(run: ToldRun, node: number, epoch: number): void {
  say(
    run,
    node,
    { type: 'state', state: 'FOLLOWING', epoch: epoch - 1 },
    { type: 'current-epoch', epoch },
    { type: 'learner-acked-newleader', epoch, mode: 'DIFF' },
    { type: 'serving', serving: true },
    { type: 'zab-state', zabState: 'BROADCAST' },
  );
}

/** Node 0 leads epoch 1, the others follow. */
export function startEnsemble(run: ToldRun): void {
  const nodes = Array.from({ length: run.servers }, (_, node) => node);
  boot(run, ...nodes);
  establish(run, 0, 1);
  for (const node of nodes.slice(1)) join(run, node, 1);
}

export const broadcast = (txn: Txn): Note => ({ type: 'broadcast', zxid: txn.zxid, txn });
export const logged = (txn: Txn): Note => ({ type: 'logged', zxid: txn.zxid, txn });
export const committed = (txn: Txn): Note => ({ type: 'committed', zxid: txn.zxid, acks: [] });
export const digest = (zxid: number, text: string): Note => ({ type: 'digest', zxid, digest: text, expected: text });

export function delivered(txn: Txn, via: NoteOf<'delivered'>['via'] = 'commit'): Note {
  return { type: 'delivered', zxid: txn.zxid, txn, via };
}

/** Broadcast by the leader, logged by all, committed, delivered by all. */
export function write(run: ToldRun, leader: number, txn: Txn, others: readonly number[]): void {
  say(run, leader, broadcast(txn), logged(txn));
  for (const node of others) say(run, node, logged(txn));
  say(run, leader, committed(txn), delivered(txn));
  for (const node of others) say(run, node, delivered(txn));
}

const getData: Operation = { op: 'getData', path: '/a', watch: false };

export function replied(zxid: number, options: Partial<NoteOf<'replied'>> = {}): Note {
  return { type: 'replied', session: 'S', xid: 1, zxid, txnZxid: -1, operation: getData, error: 'OK', result: null, ...options };
}

export function returned(zxid: number, options: Partial<NoteOf<'client-returned'>> = {}): Note {
  return {
    type: 'client-returned',
    call: 1,
    xid: 1,
    operation: getData,
    error: 'OK',
    result: null,
    zxid,
    session: 'S',
    server: 0,
    ...options,
  };
}

/** The client holds session S at a server. */
export function connect(run: ToldRun, client: number, server: number, how: 'created' | 'reattached' = 'created', session = 'S'): void {
  say(
    run,
    client,
    { type: 'client-session', session, timeoutMs: 1000, how },
    { type: 'client-state', state: 'CONNECTED', session, server, why: 'established' },
  );
}

export function violatedOperands(run: ToldRun, id: PropertyId): unknown {
  return violationOf(run, id)?.operands ?? null;
}

// What the modelling requirements of the bug catalogue ask of the whole machine, one test each; those of the kernel have their own file.

import { expect, test } from 'vitest';
import { peek } from '../src/base/parts.ts';
import { keyOf, kindOf, type Effect } from '../src/base/step.ts';
import { makeZxid, zxidText } from '../src/base/zxid.ts';
import { makeChecker, observeEvent, reportOf } from '../src/check/checker.ts';
import { PROPERTY_IDS } from '../src/check/violation.ts';
import { actOn, forkEnsemble, type Ensemble } from '../src/ensemble/ensemble.ts';
import { notesOf, type Note } from '../src/ensemble/note.ts';
import { FIXED } from '../src/ensemble/spec.ts';
import { threadNameOf } from '../src/ensemble/thread-names.ts';
import { serverContextOf, serverView } from '../src/ensemble/views.ts';
import { runNext } from '../src/kernel/run.ts';
import { stateKey } from '../src/kernel/state-key.ts';
import { MUTATIONS } from '../src/mutations/catalogue.ts';
import { applyMutations, type Edit } from '../src/mutations/mutation.ts';
import { parseScenario } from '../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../src/scenario/run-scenario.ts';
import { readEpochFile } from '../src/zab/epoch-file.ts';
import { WITHOUT_SCENARIO } from './mutations/exceptions.ts';
import { hashOf, openSwarm, playSwarm } from './support/swarm-world.ts';

/** An event: who did what, as text, and what was noted. */
interface Told {
  readonly at: number;
  readonly line: string;
  readonly effect: Effect | null;
  readonly notes: readonly Note[];
}

type NoteOf<Type extends Note['type']> = Extract<Note, { readonly type: Type }>;

/** Runs a scenario, which has to come to its end as it expects. */
function play(text: string, onEvent?: (ensemble: Ensemble, line: string) => void): Told[] {
  const run = openRun(parseScenario(`name: a requirement\n${text}`, 'requirement.yaml'), { traced: true });
  const told: Told[] = [];
  const { ok, expectations } = runToEnd(run, (ensemble) => {
    const { at, effect, notes } = ensemble.world.record;
    const line = lineOf(ensemble);
    told.push({ at, line, effect, notes: notesOf({ notes }).slice() });
    onEvent?.(ensemble, line);
  });
  expect(expectations.filter((each) => !each.ok)).toEqual([]);
  expect(ok).toBe(true);
  return told;
}

function lineOf({ world: { nodes, record } }: Ensemble): string {
  const { node, thread, actor, effect, input } = record;
  const who = actor === 'thread' ? threadNameOf(kindOf(thread)) : actor;
  return `${nodes[node]?.name ?? ''}.${who} ${effect === null ? `got ${input?.type ?? 'nothing'}` : effectText(effect)}`;
}

function effectText(effect: Effect): string {
  const named = ({ type, zxid }: { readonly type: string; readonly zxid?: number }): string =>
    zxid === undefined ? type : `${type} ${zxidText(zxid)}`;
  if (effect.type === 'send') return `send ${named(effect.packet)}`;
  if (effect.type === 'append') return `append ${named(effect.record)}`;
  if (effect.type === 'fsync') return `fsync ${effect.files.join(' ')}`;
  if (effect.type === 'rename') return `rename to ${effect.to}`;
  if (effect.type === 'create') return `create ${effect.file}`;
  return effect.type;
}

/** The lines that match, in order. */
function linesOf(told: readonly Told[], pattern: RegExp): string[] {
  return told.map(({ line }) => line).filter((line) => pattern.test(line));
}

const isOf =
  (type: Note['type']) =>
  (note: { readonly type: string }): boolean =>
    note.type === type;

/** Notes of a type, all or those of one server or client. */
function notedBy<Type extends Note['type']>(told: readonly Told[], type: Type, name = ''): NoteOf<Type>[] {
  const isWanted = (note: Note): note is NoteOf<Type> => note.type === type;
  return told.filter(({ line }) => line.startsWith(name)).flatMap(({ notes }) => notes.filter(isWanted));
}

/** Kills the server in a world of its own, starts it, and says what it comes back with: currentEpoch and last zxid. */
function comesBackWith(ensemble: Ensemble, node: number): string {
  const fork = forkEnsemble(ensemble);
  actOn(fork, { type: 'kill', node });
  actOn(fork, { type: 'start', node });
  const { record } = fork.world;
  while (record.node !== node || !record.notes.some(({ type }) => type === 'current-epoch')) expect(runNext(fork.world)).toBe(true);
  const { currentEpoch, lastProcessedZxid } = serverView(fork, node);
  return `${currentEpoch} ${zxidText(lastProcessedZxid)}`;
}

/** The beginning of a script: s3 leads, alice is connected to it, and everybody has her first write. */
const SETTLED = `
clients: [{ name: alice, servers: s3 }]
script:
  - until: all serving
  - alice: create /a
    expect: /a
  - until: all has applied 1.2`;

/** s1 misses 1.3 and 1.4, and gets them from s2, the leader of epoch 2. */
const BEHIND_IN_EPOCH_2 = `${SETTLED}
  - kill: s1
  - alice: set /a 1
  - alice: set /a 2
  - until: s2 has synced 1.4
  - kill: s3
  - start: s1
  - until: s1 serving
    within: 10s
`;

test('an epoch exists twice: a kill before the rename leaves the old file, and memory is assigned after it [R4]', () => {
  const seen: string[] = [];
  let writing = false;
  play(BEHIND_IN_EPOCH_2, (ensemble, line) => {
    const { acceptedEpoch, currentEpoch } = serverView(ensemble, 0);
    if (line === 's1.QuorumPeer create currentEpoch.tmp' && acceptedEpoch === 2) writing = true;
    if (!writing || !/^s1\.(QuorumPeer|disk)/.test(line)) return;
    const file = readEpochFile(serverContextOf(ensemble, 0), 'currentEpoch') ?? -1;
    seen.push(`${line}: file ${file}, memory ${currentEpoch}, after a kill ${comesBackWith(ensemble, 0)}`);
    if (currentEpoch === 2) writing = false;
  });
  expect(seen).toEqual([
    's1.QuorumPeer create currentEpoch.tmp: file 1, memory 1, after a kill 1 1.4',
    's1.QuorumPeer append epoch: file 1, memory 1, after a kill 1 1.4',
    's1.QuorumPeer fsync currentEpoch.tmp: file 1, memory 1, after a kill 1 1.4',
    's1.disk fsync currentEpoch.tmp: file 1, memory 1, after a kill 1 1.4',
    's1.QuorumPeer rename to currentEpoch: file 2, memory 1, after a kill 2 1.4',
    's1.QuorumPeer got epoch-written: file 2, memory 2, after a kill 2 1.4',
  ]);
});

/** s1's log thread gets three transactions at once, and is late with their acks or not. */
function threeAtOnce(late: boolean): Told[] {
  return play(`${SETTLED}
  - stall: { server: s1, thread: SyncThread }
  - { alice: create /b, async: true }
  - { alice: create /c, async: true }
  - { alice: create /d, async: true }
  - wait: 10ms
  - unstall: { server: s1, thread: SyncThread }
  - until: s1 SyncThread did fsync
  ${late ? '- stall: { server: s1, thread: SyncThread, for: 2s }' : ''}
  - until: s3 noted ack-ignored sid=1 zxid=1.5
`);
}

test('acks and pings share the connection in either order, and a batch of appends has one fsync [R5]', () => {
  const isWrite = /^s1\.(SyncThread (append txn 1\.[345]|fsync|send)|QuorumPeer send PING 1\.5)/;
  for (const late of [false, true]) {
    const told = threeAtOnce(late);
    const from = told.findIndex(({ line }) => line === 's1.SyncThread append txn 1.3');
    const writes = told.slice(from).filter(({ line }) => isWrite.test(line));
    const lines = writes.map(({ line }) => line);
    const appends = [3, 4, 5].map((counter) => `s1.SyncThread append txn 1.${counter}`);
    const acks = [3, 4, 5].map((counter) => `s1.SyncThread send ACK 1.${counter}`);
    const isPing = (line: string): boolean => line.startsWith('s1.QuorumPeer');
    expect(lines.filter((line) => !isPing(line))).toEqual([...appends, 's1.SyncThread fsync log.100000001', ...acks]);
    expect(lines.slice(0, lines.indexOf(acks[0]!)).some(isPing)).toBe(late);
    const isSent = ({ line }: Told): boolean => /PING|ACK/.test(line);
    const pings = told.filter(({ line }) => line.startsWith('s1.QuorumPeer send PING'));
    const links = [...writes.filter(isSent), ...pings].map(({ effect }) => (effect?.type === 'send' ? effect.link : -1));
    expect(pings.length).toBeGreaterThan(0);
    expect(new Set(links).size).toBe(1);
  }
});

test('LEADERINFO and the snapshot are written by the reader, and what was queued since startForwarding precedes NEWLEADER [R6]', () => {
  const told = play(`
ensemble: { forceSnapshotSync: true }${SETTLED}
  - kill: s1
  - start: s1
  - until: s3 LearnerHandler did send SNAP(1.2)
  - stall: { server: s3, thread: LearnerHandler }
  - { alice: create /b, async: true }
  - until: s3 has synced 1.3
  - unstall: { server: s3, thread: LearnerHandler }
  - until: s1 serving
  - until: s1 has applied 1.3
`);
  const info = told.findLast(({ line }) => line.startsWith('s3.LearnerHandler send LEADERINFO'))?.effect;
  const link = info?.type === 'send' ? info.link : -1;
  const wire = told.filter(({ line, effect }) => line.startsWith('s3.') && effect?.type === 'send' && effect.link === link);
  const lines = wire.map(({ line }) => line.slice('s3.'.length)).filter((line, i, all) => line !== all[i - 1]);
  expect(lines.slice(0, 6)).toEqual([
    'LearnerHandler send LEADERINFO 1.0',
    'LearnerHandler send SNAP 1.2',
    'LearnerHandler send SNAPDATA',
    'LearnerHandler send SNAPEND',
    'LearnerHandlerSender send PROPOSAL 1.3',
    'LearnerHandlerSender send NEWLEADER 1.0',
  ]);
  expect(lines.slice(6, 8)).toEqual(['LearnerHandlerSender send COMMIT 1.3', 'LearnerHandlerSender send UPTODATE -1']);
});

test('NEWLEADER is handled in many events, and a kill between any two leaves the history before the epoch, the epoch before the ack [R7]', () => {
  const lines: string[] = [];
  const left: string[] = [];
  let handling = false;
  play(BEHIND_IN_EPOCH_2, (ensemble, line) => {
    if (!line.startsWith('s1.QuorumPeer') || serverView(ensemble, 0).acceptedEpoch !== 2) return;
    if (line.startsWith('s1.QuorumPeer create log.')) handling = true;
    if (!handling) return;
    lines.push(line.slice('s1.QuorumPeer '.length));
    const comesBack = comesBackWith(ensemble, 0);
    if (left.at(-1) !== comesBack) left.push(comesBack);
    if (line === 's1.QuorumPeer send ACK 2.0') handling = false;
  });
  expect(lines).toEqual([
    'create log.100000003',
    'append txn 1.3',
    'append txn 1.4',
    'fsync log.100000003',
    'got log-flushed',
    'create currentEpoch.tmp',
    'append epoch',
    'fsync currentEpoch.tmp',
    'rename to currentEpoch',
    'got epoch-written',
    'send ACK 2.0',
  ]);
  expect(left).toEqual(['1 1.2', '1 1.3', '1 1.4', '2 1.4']);
});

test('the database survives LOOKING and takes over what was logged; a snapshot that broke off is cleared [R8]', () => {
  const told = play(`
ensemble: { forceSnapshotSync: true }${SETTLED}
  - hold: { type: COMMIT, from: s3, to: s1 }
  - alice: create /b
    expect: /b
  - until: s1 has synced 1.3
  - break: { between: [s1, s3], port: quorum }
  - until: s1 is LOOKING
    within: 5s
  - check: s1 has applied 1.3
  - until: s1 noted snapshot-installed
    within: 10s
  - break: { between: [s1, s3], port: quorum }
  - until: s1 serving
    within: 10s
`);
  expect(notedBy(told, 'fast-forwarded', 's1.')).toEqual([{ type: 'fast-forwarded', from: makeZxid(1, 2), to: makeZxid(1, 3) }]);
  const telling = ['left-role', 'fast-forwarded', 'database-cleared', 'recovered', 'snapshot-installed', 'learner-acked-newleader'];
  const story = told.filter(({ line }) => line.startsWith('s1.')).flatMap(({ notes }) => notes.map(({ type }) => type));
  const roles = story
    .filter((type) => telling.includes(type))
    .join(' ')
    .split(' left-role ');
  expect(roles).toEqual([
    'recovered database-cleared snapshot-installed learner-acked-newleader',
    // Nothing is loaded: the role that ended leaves its memory to the election and to the next role, up to the header of its snapshot.
    'fast-forwarded database-cleared snapshot-installed',
    // The snapshot was in memory only.
    'database-cleared recovered database-cleared snapshot-installed learner-acked-newleader',
  ]);
  expect(notedBy(told, 'recovered', 's1.').at(-1)).toMatchObject({ lastProcessedZxid: makeZxid(1, 3) });
});

test('an election waits, backs off, keeps one message for each peer and says the last one again [R9]', () => {
  const told = play(`
start: none
script:
  - start: s1
  - wait: 3s
  - start: s2
  - until: s2 serving
    within: 10s
  - start: s3
  - until: s3 serving
    within: 10s
  - break: { between: [s1, s2], port: election }
  - wait: 100ms
  - break: { between: [s1, s2], port: quorum }
  - until: s1 is LOOKING
    within: 5s
  - until: s1 serving
    within: 10s
`);
  expect(notedBy(told, 'notification-timeout', 's1.').map(({ timeoutMs }) => timeoutMs)).toEqual([400, 800, 1600, 3200]);
  expect(notedBy(told, 'send-queue-overwritten', 's1.').map(({ peer }) => peer)).toContain(3);
  const elected = told.findIndex(({ notes }) => notes.some((note) => note.type === 'elected' && note.how === 'quorum'));
  const { line, at } = told[elected]!;
  expect(line).toBe('s1.QuorumPeer got timeout');
  const agreed = told.findLast((each, i) => i < elected && each.line.startsWith('s1.') && each.notes.some(isOf('quorum-agrees')));
  expect(at - agreed!.at).toBeGreaterThanOrEqual(200_000);
  const lost = told.findIndex(({ notes }) => notes.some((note) => note.type === 'election-connection' && note.how === 'lost'));
  expect(notedBy(told.slice(lost), 'last-message-resent', 's2.')).toEqual([{ type: 'last-message-resent', peer: 1 }]);
});

/** s1 misses so many transactions after 1.2; the leader remembers two. */
function missed(writes: number, settings: string, forwards: (isForwarded: boolean) => void): NoteOf<'sync-plan'> | undefined {
  const text = `
ensemble: { commitLogCount: 2${settings} }${SETTLED}
  - kill: s1
${'  - alice: set /a 1\n'.repeat(writes)}
  - start: s1
  - until: s1 serving
    within: 10s
  - check: same tree on all
`;
  const told = play(text, ({ servers, world }) => {
    const { parts, record } = world;
    if (!record.notes.some(isOf('sync-plan'))) return;
    forwards(peek(parts, servers[2]!.refs.leader).forwardingFollowers.includes(keyOf(record.thread)));
  });
  return notedBy(told, 'sync-plan').at(-1);
}

test('the sync decision follows what the leader remembers, the log and the settings, in one event with the registration [R10]', () => {
  const rows = [
    [0, '', 'SYNC-02', 'DIFF', 0],
    [1, '', 'SYNC-04', 'DIFF', 1],
    [2, '', 'SYNC-05', 'DIFF', 2],
    [4, '', 'SYNC-05', 'DIFF', 4],
    [4, ', snapshotSizePermille: -1', 'SYNC-06', 'SNAP', 0],
    [1, ', forceSnapshotSync: true', 'SYNC-01', 'SNAP', 0],
  ] as const;
  for (const [writes, settings, row, mode, proposals] of rows) {
    const plan = missed(writes, settings, (isForwarded) => expect(isForwarded).toBe(true));
    expect(plan, `${writes}${settings}`).toMatchObject({ sid: 1, row, mode, proposals, peerLastZxid: makeZxid(1, 2) });
  }
  const deposed = play(`
ensemble: { commitLogCount: 2 }${SETTLED}
  - hold: { type: PROPOSAL, from: s3, to: s1, zxid: 1.3 }
  - hold: { type: PROPOSAL, from: s3, to: s2, zxid: 1.3 }
  - { alice: set /a alone, async: true }
  - until: s3 has synced 1.3
  - kill: all
  - start: s1, s2
  - until: s1, s2 serving
    within: 10s
  - start: s3
  - until: s3 serving
    within: 10s
  - check: 1.3 not in log of all
`);
  expect(notedBy(deposed, 'sync-plan').at(-1)).toMatchObject({ sid: 3, row: 'SYNC-03', mode: 'TRUNC', zxid: makeZxid(1, 2) });
});

test('recovery takes the newest sealed snapshot and the log after it [R11]', () => {
  const told = play(`
ensemble: { snapCount: 8 }
clients: [{ name: alice, servers: s3 }]
script:
  - until: all serving
${'  - { alice: create -s /n, async: true }\n'.repeat(8)}
  - until: s1 noted snapshot-done
  - wait: 1s
${'  - { alice: create -s /n, async: true }\n'.repeat(8)}
  - until: s1 noted snapshot-begun
  - stall: { server: s1, thread: SnapshotThread }
  - wait: 1s
  - kill: s1
  - start: s1
  - until: s1 serving
    within: 10s
  - check: same tree on all
`);
  const [sealed, unsealed] = notedBy(told, 'snapshot-begun', 's1.SnapshotThread').map(({ zxid }) => zxid);
  expect(notedBy(told, 'snapshot-done', 's1.SnapshotThread').map(({ zxid }) => zxid)).toEqual([sealed]);
  expect(unsealed).toBeGreaterThan(sealed!);
  const last = makeZxid(1, 17);
  const recovered = { type: 'recovered', snapshot: sealed, lastProcessedZxid: last, replayed: last - sealed!, skippedSnapshots: 1 };
  expect(notedBy(told, 'recovered', 's1.').at(-1)).toEqual(recovered);
});

test('of several writes under way a later one sees the earlier ones unapplied, and they commit in order [R12]', () => {
  const told = play(`${SETTLED}
  - hold: { type: PROPOSAL, from: s3, to: s1, zxid: 1.3 }
  - hold: { type: PROPOSAL, from: s3, to: s2, zxid: 1.3 }
  - { alice: create -s /a/n, async: true, expect: /a/n0000000000 }
  - { alice: create -s /a/n, async: true, expect: /a/n0000000001 }
  - { alice: set -v 0 /a x, async: true, expect: version = 1 }
  - { alice: set -v 0 /a late, async: true, expect: BADVERSION }
  - { alice: set -v 1 /a y, async: true, expect: version = 2 }
  - until: s3 has synced 1.7
  - release: { type: PROPOSAL, from: s3, to: s1 }
  - release: { type: PROPOSAL, from: s3, to: s2 }
  - until: all has applied 1.7
`);
  const broadcast = told.filter(({ notes }) => notes.some(isOf('broadcast'))).slice(2);
  const applied = told.findIndex(({ notes }) => notes.some((note) => note.type === 'delivered' && note.zxid === makeZxid(1, 3)));
  expect(told.indexOf(broadcast.at(-1)!)).toBeLessThan(applied);
  const expected = [3, 4, 5, 6, 7].map((counter) => makeZxid(1, counter));
  expect(notedBy(broadcast, 'broadcast').map(({ zxid }) => zxid)).toEqual(expected);
  const inOrder = [makeZxid(1, 1), makeZxid(1, 2), ...expected];
  expect(notedBy(told, 'committed').map(({ zxid }) => zxid)).toEqual(inOrder);
  for (const name of ['s1.', 's2.', 's3.']) expect(notedBy(told, 'delivered', name).map(({ zxid }) => zxid)).toEqual(inOrder);
});

test('a snapshot is a walk with applies in between, and recovery from it comes to the same tree [R13]', () => {
  const told = play(`
ensemble: { snapCount: 8 }
clients: [{ name: alice, servers: s3 }]
script:
  - until: all serving
${'  - { alice: create -s /n, async: true }\n'.repeat(12)}
  - until: s1 SnapshotThread did append snapshot-node
  - stall: { server: s1, thread: SnapshotThread }
  - alice: create /late
  - alice: create /late/child
  - alice: delete /n0000000000
  - until: all has applied 1.16
  - unstall: { server: s1, thread: SnapshotThread }
  - until: s1 noted snapshot-done
  - kill: s1
  - start: s1
  - until: s1 noted recovered
  - check: same tree on s1, s2
expect:
  - holds: [I-REC, I-DIG]
`);
  const own = told.filter(({ line }) => line.startsWith('s1.'));
  const begun = own.findIndex(({ line }) => line.startsWith('s1.SnapshotThread create'));
  const done = own.findIndex(({ notes }) => notes.some(isOf('snapshot-done')));
  const during = own.slice(begun, done);
  const applies = notedBy(during, 'delivered').map(({ zxid }) => zxid);
  expect(applies.slice(-3)).toEqual([14, 15, 16].map((counter) => makeZxid(1, counter)));
  const last = during.findLastIndex(({ notes }) => notes.some(isOf('delivered')));
  expect(linesOf(during.slice(0, last), / append snapshot-node$/).length).toBeGreaterThan(0);
  expect(linesOf(during.slice(last), / append snapshot-node$/).length).toBeGreaterThan(0);
  // The name is of the start, so the log is replayed over nodes that the walk already found changed.
  const [{ zxid } = { zxid: -1 }] = notedBy(during, 'snapshot-begun', 's1.SnapshotThread');
  expect(zxid).toBeLessThan(makeZxid(1, 14));
  expect(notedBy(told, 'recovered', 's1.').at(-1)).toMatchObject({ snapshot: zxid, lastProcessedZxid: makeZxid(1, 16) });
});

test('domains may be small: counters, committedLog, snapshots, and ensembles of five with an observer [R16]', () => {
  let remembered = 0;
  const told = play(
    `
ensemble: { servers: 5, observers: 1, maxCounter: 4, commitLogCount: 2, snapCount: 2 }
clients: [{ name: alice, servers: s5 }]
script:
  - until: all serving
${'  - { alice: create -s /n, async: true }\n'.repeat(4)}
  - until: leader has currentEpoch 2
    within: 30s
  - until: all serving
    within: 30s
`,
    ({ servers, world: { parts } }) => {
      for (const { refs } of servers) remembered = Math.max(remembered, peek(parts, refs.database).committedLog.length);
    },
  );
  expect(remembered).toBe(2);
  expect(notedBy(told, 'left-role').map(({ why }) => why)).toContain('counter-exhausted');
  // The last counter is not given to anything: who would be the next steps down.
  expect(notedBy(told, 'broadcast').map(({ zxid }) => zxid)).toEqual([1, 2, 3].map((counter) => makeZxid(1, counter)));
  expect(notedBy(told, 'established').map(({ epoch }) => epoch)).toEqual([1, 2]);
  expect(notedBy(told, 'snapshot-done', 's5.SnapshotThread').length).toBeGreaterThan(0);
  expect(notedBy(told, 'state', 's6.').map(({ state }) => state)).toContain('OBSERVING');
});

test('what the properties remember is no part of the world: a run is the same with them and without [R19]', () => {
  for (const seed of [1, 2, 3]) {
    const [alone, watched] = [openSwarm(seed), openSwarm(seed)];
    const checker = makeChecker(watched);
    watched.world.observe = () => observeEvent(checker, watched);
    for (let events = 500; events <= 5000; events += 500) {
      expect(hashOf(playSwarm(watched, events))).toBe(hashOf(playSwarm(alone, events)));
      expect(stateKey(watched.world)).toBe(stateKey(alone.world));
    }
    expect(checker.violations).toEqual([]);
    expect(reportOf(checker, watched).some(({ status }) => status === 'held')).toBe(true);
  }
});

const pointOf = (edit: Edit): string => ('set' in edit ? `${edit.layer}.${edit.set}` : `zab.${edit.plan}`);

/** The decision points in which two tables differ. */
function differences(mutated: typeof FIXED): string[] {
  return (['zab', 'server', 'client', 'kernel'] as const).flatMap((layer) => {
    const before = new Map<string, unknown>(Object.entries(FIXED[layer]));
    return Object.entries(mutated[layer]).flatMap(([name, value]: [string, unknown]) => {
      const was = before.get(name);
      const isSame = Array.isArray(value) ? JSON.stringify(value) === JSON.stringify(was) : value === was;
      return isSame ? [] : [`${layer}.${name}`];
    });
  });
}

test('a mutation is data, and edits choices and orders that the correct code reads too [R20]', () => {
  for (const mutation of MUTATIONS) {
    const { id, slug, letter, properties, edits, versions } = mutation;
    for (const text of [id, slug, letter, versions]) expect(typeof text).toBe('string');
    expect(PROPERTY_IDS, id).toEqual(expect.arrayContaining([...properties]));
    // What a release merely does otherwise breaks no property; why stands with those that have no scenario.
    expect(properties.length > 0 || WITHOUT_SCENARIO[id] !== undefined, id).toBe(true);
    const points = [...new Set(edits.map(pointOf))].toSorted();
    expect(points.length, id).toBeGreaterThan(0);
    expect(differences(applyMutations(FIXED, [mutation])).toSorted(), id).toEqual(points);
  }
  expect(differences(FIXED)).toEqual([]);
  const steps = /^s1\.QuorumPeer (append txn 1\.4|rename to currentEpoch)$/;
  const orderWith = (head: string): string[] => linesOf(play(head + BEHIND_IN_EPOCH_2), steps).slice(-2);
  expect(orderWith('mutations: ZOOKEEPER-4643')).toEqual(orderWith('').toReversed());
});

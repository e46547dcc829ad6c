// What the modelling requirements of the bug catalogue ask of the whole machine, one test each; those of the kernel have their own file.

import { expect, test } from 'vitest';
import { kindOf, type Effect } from '../src/base/step.ts';
import { makeZxid, zxidText } from '../src/base/zxid.ts';
import { actOn, forkEnsemble, type Ensemble } from '../src/ensemble/ensemble.ts';
import { notesOf, type Note } from '../src/ensemble/note.ts';
import { threadNameOf } from '../src/ensemble/thread-names.ts';
import { serverContextOf, serverView } from '../src/ensemble/views.ts';
import { runNext } from '../src/kernel/run.ts';
import { parseScenario } from '../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../src/scenario/run-scenario.ts';
import { readEpochFile } from '../src/zab/epoch-file.ts';

/** An event: who did what, as text, and what was noted. */
interface Told {
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
    const { effect, notes } = ensemble.world.record;
    const line = lineOf(ensemble);
    told.push({ line, effect, notes: notesOf({ notes }).slice() });
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

/** s1 misses 1.3 and 1.4, and gets them from s2, the leader of epoch 2. */
const BEHIND_IN_EPOCH_2 = `
clients: [{ name: alice, servers: s3 }]
script:
  - until: all serving
  - alice: create /a
    expect: /a
  - until: all has synced 1.2
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
  return play(`
clients: [{ name: alice, servers: s3 }]
script:
  - until: all serving
  - alice: create /a
    expect: /a
  - until: all has applied 1.2
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
ensemble: { forceSnapshotSync: true }
clients: [{ name: alice, servers: s3 }]
script:
  - until: all serving
  - alice: create /a
    expect: /a
  - until: all has applied 1.2
  - kill: s1
  - start: s1
  - until: s3 noted sync-plan sid=1
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
ensemble: { forceSnapshotSync: true }
clients: [{ name: alice, servers: s3 }]
script:
  - until: all serving
  - alice: create /a
    expect: /a
  - until: all has applied 1.2
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

// What the presets make of Learner.syncWithLeader: section 2 of the bug catalogue, a generation a row [SYNC-44..50, ID-12].

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FIXED } from '../../src/ensemble/spec.ts';
import { MUTATIONS } from '../../src/mutations/catalogue.ts';
import { applyMutations, type DecisionTable } from '../../src/mutations/mutation.ts';
import { presetMutations } from '../../src/mutations/presets.ts';
import { isInReleases } from '../../src/mutations/releases.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { openRun, runToEnd } from '../../src/scenario/run-scenario.ts';

function decisionsOf(preset: string): DecisionTable['zab'] {
  return applyMutations(FIXED, presetMutations(preset) ?? []).zab;
}

const GENERATIONS = [
  {
    generation: 'Gen2 (ZOOKEEPER-2678): a DIFF is logged after UPTODATE only',
    presets: ['3.4.10', '3.4.14', '3.5.9', '3.6.2'],
    newLeaderPlan: ['snapshot', 'write-current-epoch', 'ack'],
    keepsPendingAfterNewLeader: true,
    appliesSyncedBeforeAck: false,
    clearsDatabaseAfterSnap: false,
    checksCommittedLog: false,
  },
  {
    generation: 'Gen3 (ZOOKEEPER-3911): epoch first, the rest left to the SyncThread',
    presets: ['3.5.10', '3.6.3', '3.7.0', '3.8.0', '3.8.4', '3.9.1'],
    newLeaderPlan: ['snapshot', 'write-current-epoch', 'start-processors', 'enqueue-to-sync', 'ack'],
    keepsPendingAfterNewLeader: false,
    appliesSyncedBeforeAck: false,
    clearsDatabaseAfterSnap: true,
    checksCommittedLog: false,
  },
  {
    generation: 'Gen4 (ZOOKEEPER-4785): all of it on disk, then the epoch, then the ack',
    presets: ['3.9.2'],
    newLeaderPlan: ['snapshot', 'start-processors', 'append-synced', 'fsync', 'write-current-epoch', 'ack'],
    keepsPendingAfterNewLeader: false,
    appliesSyncedBeforeAck: false,
    clearsDatabaseAfterSnap: true,
    checksCommittedLog: false,
  },
  {
    generation: 'Gen5 (ZOOKEEPER-4394): what is committed, logged and applied; the rest stays queued',
    presets: ['3.9.3'],
    newLeaderPlan: ['snapshot', 'append-synced', 'fsync', 'write-current-epoch', 'ack'],
    keepsPendingAfterNewLeader: true,
    appliesSyncedBeforeAck: true,
    clearsDatabaseAfterSnap: true,
    checksCommittedLog: false,
  },
  {
    generation: 'Gen6 (ZOOKEEPER-4925): as Gen5, and holes are refused',
    presets: ['3.9.4', 'master', 'fixed'],
    newLeaderPlan: ['snapshot', 'append-synced', 'fsync', 'write-current-epoch', 'ack'],
    keepsPendingAfterNewLeader: true,
    appliesSyncedBeforeAck: true,
    clearsDatabaseAfterSnap: true,
    checksCommittedLog: true,
  },
] as const;

describe.each(GENERATIONS)('$generation', (row) => {
  const { presets, newLeaderPlan, keepsPendingAfterNewLeader, appliesSyncedBeforeAck, clearsDatabaseAfterSnap, checksCommittedLog } = row;
  const expected = { newLeaderPlan, keepsPendingAfterNewLeader, appliesSyncedBeforeAck, clearsDatabaseAfterSnap, checksCommittedLog };
  test.each(presets)('%s', (preset) => {
    const zab = decisionsOf(preset);
    expect(zab).toMatchObject(expected);
    // In every release since 3.4 UPTODATE is acknowledged before the server opens.
    expect(zab.upToDatePlan).toEqual(['ack', 'start-processors', 'publish', 'log-pending', 'commit-pending']);
  });
});

/**
 * Gen0 (3.3) is not modelled as a whole: there NEWLEADER was part of a discovery without LEADERINFO and ACKEPOCH, which no decision point takes
 * out. What it lacked stands in mutations of its own (ZOOKEEPER-335, 1282, 962, 1154).
 */
describe('Gen1 (Zab 1.0): a snapshot after every sync, and a database read anew in every role', () => {
  test.each(['3.4.9', '3.5.2'])('%s, which is no preset', (release) => {
    const mutations = MUTATIONS.filter(({ versions }) => isInReleases(versions, release));
    const { zab } = applyMutations(FIXED, mutations);
    expect(zab).toMatchObject({ keepsDatabase: false, syncsSnapshotAfterSnap: false, syncsSnapshotAfterTrunc: false });
    expect((['DIFF', 'TRUNC', 'SNAP'] as const).map(zab.needsSnapshotAfter)).toEqual([true, true, true]);
    // There is nothing left to append: all that came is in the snapshot.
    expect(zab.newLeaderPlan).toEqual(['snapshot', 'append-synced', 'fsync', 'write-current-epoch', 'ack']);
  });
});

describe('how a learner ends [SYNC-52, SYNC-59, LIVE-12]', () => {
  const tail = (preset: string): readonly unknown[] => decisionsOf(preset).learnerShutdownPlan.slice(4);

  test('3.4.10 keeps its database as it is (ZOOKEEPER-2845)', () => {
    expect(tail('3.4.10')).toEqual(['drain-sync']);
  });

  test.each(['3.5.10', '3.6.3', '3.7.0', '3.8.0', '3.8.4', '3.9.1', '3.9.2'])(
    '%s leaves the SyncThread alone (ZOOKEEPER-4712)',
    (preset) => {
      expect(tail(preset)).toEqual(['fast-forward']);
    },
  );

  test.each(['3.9.3', '3.9.4', 'master'])('%s empties the SyncThread first', (preset) => {
    expect(tail(preset)).toEqual(['drain-sync', 'fast-forward']);
  });

  test('fixed waits for the CommitProcessor as well', () => {
    expect(tail('fixed')).toEqual(['join-commit', 'drain-sync', 'fast-forward']);
  });
});

describe('a leader that stops before UPTODATE (ZOOKEEPER-4785) [SYNC-53]', () => {
  const file = 'scenarios/releases/zookeeper-4785.yaml';
  const scenario = parseScenario(readFileSync(file, 'utf8'), file);
  const loses = (preset: string): boolean[] =>
    ['1', '2', '3'].map((seed) => runToEnd(openRun(scenario, { preset, mutations: [], seed })).violation?.id === 'I-LOSS');

  test.each(['3.4.14', '3.5.9', '3.5.10', '3.6.2', '3.6.3', '3.7.0', '3.8.0', '3.8.4', '3.9.1', '3.9.2'])(
    '%s: what the follower acknowledged is lost, since its memory lacks it',
    (preset) => {
      expect(loses(preset)).toEqual([true, true, true]);
    },
  );

  test.each(['3.9.3', '3.9.4', 'master', 'fixed'])('%s: what it acknowledged is in its log and in its memory', (preset) => {
    expect(loses(preset)).toEqual([false, false, false]);
  });
});

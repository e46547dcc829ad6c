// Mutations are lists of edits that compose: what each preset's decisions come to is pinned, and what contradicts is refused.

import { expect, test } from 'vitest';
import { FIXED } from '../../src/ensemble/spec.ts';
import { findMutation, MUTATIONS } from '../../src/mutations/catalogue.ts';
import { applyMutations, MutationConflict, type DecisionTable, type Mutation } from '../../src/mutations/mutation.ts';
import { presetMutations, PRESETS } from '../../src/mutations/presets.ts';
import { UNEDITED } from './exceptions.ts';

/** Where two tables differ, as `layer.name: value`; a function stands for itself by name. */
function differences(table: DecisionTable): string[] {
  const lines: string[] = [];
  for (const layer of ['zab', 'server', 'client', 'kernel'] as const) {
    const base: Readonly<Record<string, unknown>> = { ...FIXED[layer] };
    for (const [name, value] of Object.entries(table[layer])) {
      if (value === base[name]) continue;
      lines.push(`${layer}.${name}: ${typeof value === 'function' ? 'another function' : JSON.stringify(value)}`);
    }
  }
  return lines.toSorted((a, b) => (a < b ? -1 : 1));
}

function taken(name: string): Mutation {
  const mutation = findMutation(name);
  if (mutation === null) throw new Error(`no mutation ${name}`);
  return mutation;
}

test('what each preset makes of the decisions', async () => {
  const blocks = PRESETS.map((preset) => {
    const mutations = presetMutations(preset) ?? [];
    const lines = differences(applyMutations(FIXED, mutations)).map((line) => `  ${line}`);
    return [`${preset}: ${mutations.length} mutations`, ...lines].join('\n');
  });
  await expect(`${blocks.join('\n\n')}\n`).toMatchFileSnapshot('golden/presets.txt');
});

test('what each mutation makes of the decisions', async () => {
  const blocks = MUTATIONS.map((mutation) =>
    [mutation.id, ...differences(applyMutations(FIXED, [mutation])).map((line) => `  ${line}`)].join('\n'),
  );
  await expect(`${blocks.join('\n')}\n`).toMatchFileSnapshot('golden/edits.txt');
});

test('every mutation changes something', () => {
  const idle = MUTATIONS.filter((mutation) => differences(applyMutations(FIXED, [mutation])).length === 0);
  expect(idle.map(({ id }) => id)).toEqual([]);
});

test('fixed is the table as it stands', () => {
  expect(differences(applyMutations(FIXED, presetMutations('fixed') ?? []))).toEqual([]);
});

test('ids, slugs and letters name one mutation each', () => {
  const names = MUTATIONS.flatMap(({ id, slug, letter }) => [...new Set([id, slug, letter].map((name) => name.toLowerCase()))]);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

test('letters and slugs are aliases, in any case', () => {
  expect(findMutation('a3')).toBe(taken('ZOOKEEPER-4643'));
  expect(findMutation('EPOCH-BEFORE-HISTORY')).toBe(taken('ZOOKEEPER-4643'));
  expect(findMutation('nothing-of-the-kind')).toBeNull();
});

test('the numbers of all its issues name a mutation, and no number two', () => {
  expect(findMutation('ZOOKEEPER-4541')).toBe(taken('ZOOKEEPER-4712'));
  const numbers = MUTATIONS.flatMap(({ id, issues }) => [id, ...issues.map((number) => `ZOOKEEPER-${number}`)]);
  expect(numbers.filter((number, i) => numbers.indexOf(number) !== i)).toEqual([]);
});

test('a decision point exists only if a mutation edits it, or it is said what it waits for', () => {
  const edited = new Set(
    MUTATIONS.flatMap(({ edits }) => edits.map((edit) => ('set' in edit ? `${edit.layer}.${edit.set}` : `zab.${edit.plan}`))),
  );
  const points = Object.entries(FIXED).flatMap(([layer, decisions]) => Object.keys(decisions).map((name) => `${layer}.${name}`));
  expect(points.filter((point) => !edited.has(point))).toEqual(Object.keys(UNEDITED));
});

test('the edits of one mutation can build on those of another', () => {
  const generation3 = ['ZOOKEEPER-4646', 'ZOOKEEPER-4643', 'ZOOKEEPER-4685'].map(taken);
  const plan = ['snapshot', 'write-current-epoch', 'start-processors', 'enqueue-to-sync', 'ack'];
  expect(applyMutations(FIXED, generation3).zab.newLeaderPlan).toEqual(plan);
  expect(applyMutations(FIXED, [...generation3, taken('ZOOKEEPER-4646')]).zab.newLeaderPlan).toEqual(plan);
});

test('an atomic group is split by moving a step out of it', () => {
  const [first, second] = applyMutations(FIXED, [taken('ZOOKEEPER-962')]).zab.learnerSyncPlan;
  expect([first, second]).toEqual([['queue-sync'], 'start-forwarding']);
});

test.each([
  ['vote-without-epoch', 'ZOOKEEPER-1419', 'both change zab.voteBeats'],
  ['ZOOKEEPER-3911', 'ZOOKEEPER-4646', 'edits step append-synced, which another mutation has taken out of newLeaderPlan'],
  ['ZOOKEEPER-3911', 'ZOOKEEPER-4394', 'edits step append-synced'],
])('%s and %s contradict one another', (first, second, message) => {
  expect(() => applyMutations(FIXED, [taken(first), taken(second)])).toThrow(MutationConflict);
  expect(() => applyMutations(FIXED, [taken(first), taken(second)])).toThrow(message);
});

test('two mutations that contradict one another are refused', () => {
  const other: Mutation = { ...taken('ack-before-fsync'), id: 'other', edits: [{ plan: 'flushPlan', remove: 'fsync' }] };
  const moves: Mutation = { ...other, id: 'moves', edits: [{ plan: 'flushPlan', move: 'fsync', before: 'pass-on' }] };
  expect(() => applyMutations(FIXED, [other, moves])).toThrow(MutationConflict);
});

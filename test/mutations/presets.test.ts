// Mutations are lists of edits that compose: what each preset's decisions come to is pinned, and what contradicts is refused.

import { expect, test } from 'vitest';
import { FIXED } from '../../src/ensemble/spec.ts';
import { findMutation, MUTATIONS } from '../../src/mutations/catalogue.ts';
import { applyMutations, MutationConflict, type DecisionTable, type Mutation } from '../../src/mutations/mutation.ts';
import { presetMutations, PRESETS } from '../../src/mutations/presets.ts';

/** Where two tables differ, as `layer.name: value`; a function stands for itself by name. */
function differences(table: DecisionTable): string[] {
  const lines: string[] = [];
  for (const layer of ['zab', 'server', 'client'] as const) {
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

test('two mutations that contradict one another are refused', () => {
  const other: Mutation = { ...taken('ack-before-fsync'), id: 'other', edits: [{ plan: 'flushPlan', remove: 'fsync' }] };
  const moves: Mutation = { ...other, id: 'moves', edits: [{ plan: 'flushPlan', move: 'fsync', before: 'pass-on' }] };
  expect(() => applyMutations(FIXED, [other, moves])).toThrow(MutationConflict);
});

// WatchManager under random operations, compared with a list that is looked through for every change.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import type { ServerDecisions } from '../../src/server/decisions.ts';
import { watchesByConnection, watchesByPath, watchesSummary } from '../../src/server/watch-manager.ts';
import { addLastingWatch, checkWatches, removeConnectionWatches, removeWatches } from '../../src/server/watch-operations.ts';
import { addNaive, fireNaive, type NaiveMode, type NaiveWatches } from '../support/naive-watches.ts';
import { create, makeDatabase, read, remove, session, setData, write, type Database } from '../support/server-context.ts';

const PATHS = ['/', '/a', '/ab', '/a/b', '/a/b/c', '/a/bc'];

type Step =
  | { readonly do: 'create' | 'delete' | 'setData'; readonly path: string }
  | { readonly do: 'exists' | 'getChildren' | 'persistent' | 'recursive'; readonly path: string; readonly by: number }
  | { readonly do: 'check' | 'unwatch'; readonly path: string; readonly by: number; readonly type: number }
  | { readonly do: 'close'; readonly by: number };

const path = fc.constantFrom(...PATHS);
const by = fc.integer({ min: 1, max: 3 });
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('create', 'delete', 'setData'), path }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('exists', 'getChildren', 'persistent', 'recursive'), path, by }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('check', 'unwatch'), path, by, type: fc.integer({ min: 1, max: 5 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('close'), by }) },
  ),
  { maxLength: 60 },
);

/** What a step answers, and what it tells whom. */
function take(db: Database, step: Step): string[] {
  switch (step.do) {
    case 'create':
    case 'delete':
    case 'setData': {
      const operation = step.do === 'create' ? create(step.path) : step.do === 'delete' ? remove(step.path) : setData(step.path, 'x');
      const { error, events } = write(db, operation);
      return [error, ...events.map(({ connection, event, path: at }) => `${connection} ${event} ${at}`)];
    }
    case 'exists':
    case 'getChildren':
      return [read(db, { op: step.do, path: step.path, watch: true }, step.by, session(step.by)).error];
    case 'persistent':
    case 'recursive':
      return [addLastingWatch(db, { op: 'addWatch', path: step.path, mode: step.do === 'persistent' ? 0 : 1 }, watcher(step.by))];
    case 'check':
      return [checkWatches(db, { op: 'checkWatches', path: step.path, watcherType: step.type }, watcher(step.by))];
    case 'unwatch':
      return [removeWatches(db, { op: 'removeWatches', path: step.path, watcherType: step.type }, watcher(step.by))];
    default:
      removeConnectionWatches(db, step.by);
      return [];
  }
}

const watcher = (connection: number) => ({ connection, session: session(connection) });

const TYPES: readonly (readonly [table: 'data' | 'child', mode: NaiveMode])[][] = [
  [],
  [['child', 'STANDARD']],
  [['data', 'STANDARD']],
  [],
  [
    ['data', 'PERSISTENT'],
    ['child', 'PERSISTENT'],
  ],
  [['data', 'PERSISTENT_RECURSIVE']],
];

/** The entries that a watcher type names at a path; null for a type that the release does not know. */
function named(naive: NaiveWatches, step: Extract<Step, { by: number; type: number }>): NaiveWatches['entries'] | null {
  if (naive.oneMode && step.type > 3) return null;
  const any = step.type === 3;
  return naive.entries.filter(
    ({ path: at, table, mode }) =>
      at === step.path && (any || TYPES[step.type]!.some(([inTable, inMode]) => table === inTable && (naive.oneMode || mode === inMode))),
  );
}

/** What the naive twin expects; `error` of writes and reads is the tree's business. */
function expectation(naive: NaiveWatches, step: Step, error: string | undefined): string[] {
  switch (step.do) {
    case 'create':
    case 'delete':
    case 'setData':
      return ['OK', ...(error === 'OK' ? fireNaive(naive, step.do, step.path) : [])];
    case 'exists':
    case 'getChildren':
      if (error === 'OK' || step.do === 'exists')
        addNaive(naive, { table: step.do === 'exists' ? 'data' : 'child', path: step.path, connection: step.by, mode: 'STANDARD' });
      return [];
    case 'persistent':
    case 'recursive': {
      const mode = step.do === 'persistent' ? 'PERSISTENT' : 'PERSISTENT_RECURSIVE';
      addNaive(naive, { table: 'data', path: step.path, connection: step.by, mode });
      if (naive.oneMode || step.do === 'persistent') addNaive(naive, { table: 'child', path: step.path, connection: step.by, mode });
      return ['OK'];
    }
    case 'check': {
      const found = named(naive, step)?.some(({ connection }) => naive.oneMode || connection === step.by);
      return [found === undefined ? 'MARSHALLINGERROR' : found ? 'OK' : 'NOWATCHER'];
    }
    case 'unwatch': {
      const found = named(naive, step)?.filter(({ connection }) => connection === step.by);
      naive.entries = naive.entries.filter((entry) => found?.includes(entry) !== true);
      return [found === undefined ? 'MARSHALLINGERROR' : found.length > 0 ? 'OK' : 'NOWATCHER'];
    }
    default:
      naive.entries = naive.entries.filter(({ connection }) => connection !== step.by);
      return [];
  }
}

/** The order between connections is nobody's business (WATCH-19), that of each one's events is. */
function byConnection(lines: readonly string[]): string[] {
  return lines.toSorted((a, b) => Number(/^\d/.exec(a)?.[0] ?? 0) - Number(/^\d/.exec(b)?.[0] ?? 0));
}

const OLD: Partial<ServerDecisions> = { watchModes: 'last-set', watcherTypes: 'by-table' };

describe.for([
  ['fixed', {}],
  ['3.8.0', OLD],
] as const)('%s', ([, decisions]) => {
  test('random watches and changes: everybody hears what the twin says [WATCH-01..03, WATCH-10..18]', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const db = makeDatabase(decisions);
        const naive: NaiveWatches = { oneMode: 'watchModes' in decisions, entries: [] };
        for (const step of taken) {
          const found = take(db, step);
          const expected = expectation(naive, step, found[0]);
          if (step.do === 'create' || step.do === 'delete' || step.do === 'setData')
            expect(byConnection(found.slice(1))).toEqual(byConnection(expected.slice(1)));
          else if (expected.length > 0) expect(found).toEqual(expected);
          compareTables(db, naive);
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** The tables hold what the list holds, and their counts are right. */
function compareTables(db: Database, { entries }: NaiveWatches): void {
  const { parts, refs } = db;
  for (const table of ['data', 'child'] as const) {
    const own = entries.filter((each) => each.table === table);
    const { byPath, byConnection: paths, recursive } = peek(parts, refs.watches)[table];
    const pairs = (of: Iterable<readonly [string, Iterable<string | number>]>, swap: boolean): string[] =>
      [...of].flatMap(([key, others]) => [...others].map((other) => (swap ? `${other} ${key}` : `${key} ${other}`))).toSorted();
    const expected = [...new Set(own.map(({ path: at, connection }) => `${at} ${connection}`))].toSorted();
    expect(pairs(byPath, false)).toEqual(expected);
    expect(
      pairs(
        [...paths].map(([connection, of]) => [connection, of.keys()] as const),
        true,
      ),
    ).toEqual(expected);
    expect(recursive).toBe(own.filter(({ mode }) => mode === 'PERSISTENT_RECURSIVE').length);
  }
  const counts = watchesSummary(parts, refs.watches);
  const data = watchesByPath(parts, refs.watches);
  expect(counts.paths).toBe(data.length);
  expect(counts.watches).toBe(data.reduce((sum, { connections }) => sum + connections.length, 0));
  expect(counts.watches).toBe(watchesByConnection(parts, refs.watches).reduce((sum, { paths }) => sum + paths.length, 0));
}

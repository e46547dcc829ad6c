// kazoo's own test suite, as Debian's python3-kazoo ships it, run by pytest against servers of ours.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { suite } from '../support/suites.ts';
import { kazooNotMet, kazooNotMetByReference } from './not-met.ts';
import { failuresOf, type Results, runPytest } from './pytest.ts';
import { isReference } from './start-target.ts';
import { findKazoo } from './tools.ts';

const testsFolder = '/usr/lib/python3/dist-packages/kazoo/tests';

/** Modules that share a process of pytest and an ensemble. Most of the suite waits, so that the runs go side by side; the rest is one more run. */
const runs: readonly (readonly string[])[] = [
  ['test_eventlet_handler.py'],
  ['test_partitioner.py', 'test_connection.py'],
  ['test_client.py', 'test_gevent_handler.py'],
  ['test_watchers.py', 'test_lock.py'],
  ['test_sasl.py'],
];

/** Asked of the machine kazoo's authors test on, never of ours. */
const skippedEverywhere = [
  'test_build.py::TestBuildEnvironment::test_zookeeper_version',
  'test_sasl.py::TestSASLGSSAPIAuthentication::test_connect_gssapi_auth',
  'test_sasl.py::TestSASLGSSAPIAuthentication::test_invalid_gssapi_auth',
];

const notMet = isReference ? kazooNotMetByReference : kazooNotMet;

suite('kazoo', findKazoo(), (python) => {
  const modules = readdirSync(testsFolder).filter((name) => /^test_.*\.py$/.test(name));
  let results: Results;

  beforeAll(async () => {
    const named = new Set(runs.flat());
    const rest = modules.filter((name) => !named.has(name));
    const found = await Promise.all([...runs, rest].map((run) => runModules(python, run)));
    results = Object.assign({}, ...found) as Results;
  }, 300_000);

  describe('its own suite', () => {
    test.for(modules)('%s', (name) => {
      const mine = Object.entries(results).filter(([id]) => id.startsWith(`${name}::`));
      expect(mine.length).toBeGreaterThan(0);
      const required = mine.filter(([id]) => !(id in notMet));
      expect(failuresOf(Object.fromEntries(required))).toEqual([]);
    });

    test('skips only what it skips on the real server too', () => {
      const skipped = Object.keys(results).filter((id) => results[id]?.[0] === 'skipped');
      expect(skipped.toSorted()).toEqual(skippedEverywhere);
    });

    test('what is listed as not met is not met', () => {
      const notFailed = Object.keys(notMet).filter((id) => results[id]?.[0] !== 'failed');
      expect(notFailed, 'these pass or are gone: take them off the list').toEqual([]);
    });
  });
});

function runModules(python: string, modules: readonly string[]): Promise<Results> {
  const paths = modules.map((name) => join(testsFolder, name));
  return runPytest(python, { paths, plugins: ['zablab_kazoo'], withinMs: 240_000, target: { isWhole: true }, notMet: Object.keys(notMet) });
}

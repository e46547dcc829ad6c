// Writes over few paths, so that they meet: as fast-check values, which shrink.

import fc from 'fast-check';
import type { Operation } from '../../src/server/protocol.ts';
import { check, closeSession, create, multi, remove, session, setData } from '../support/server-context.ts';

export interface RandomWrite {
  readonly by: string;
  readonly operation: Operation;
}

const version = fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 }) });
const data = fc.constantFrom(null, '', 'x', 'yy');
const mode = fc.constantFrom('PERSISTENT', 'PERSISTENT', 'EPHEMERAL', 'PERSISTENT_SEQUENTIAL', 'EPHEMERAL_SEQUENTIAL');

/** Fewer names, and the writes meet more often. */
export function makeRandomWrite(names: readonly string[]): fc.Arbitrary<RandomWrite> {
  const path = makePath(fc.constantFrom(...names));
  const single: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 6, arbitrary: fc.tuple(path, data, mode).map(([at, bytes, kind]) => create(at, bytes, kind)) },
    { weight: 4, arbitrary: fc.tuple(path, version).map(([at, expected]) => remove(at, expected)) },
    {
      weight: 3,
      arbitrary: fc.tuple(fc.oneof(path, fc.constant('/')), data, version).map(([at, bytes, expected]) => setData(at, bytes, expected)),
    },
  );
  const checkOne = fc.tuple(path, version).map(([at, expected]) => check(at, expected));
  const several = fc.array(fc.oneof({ weight: 6, arbitrary: single }, { weight: 1, arbitrary: checkOne }), { maxLength: 4 });
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 10, arbitrary: single },
    { weight: 3, arbitrary: several.map((ops) => multi(...ops)) },
    { weight: 1, arbitrary: fc.constant(closeSession) },
  );
  return fc.record({ by: fc.constantFrom(session(1), session(2)), operation });
}

function makePath(name: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: name.map((a) => `/${a}`) },
    { weight: 4, arbitrary: fc.tuple(name, name).map(([a, b]) => `/${a}/${b}`) },
    { weight: 1, arbitrary: fc.tuple(name, name, name).map(([a, b, c]) => `/${a}/${b}/${c}`) },
  );
}

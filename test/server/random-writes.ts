// Writes over few paths, so that they meet: as fast-check values, which shrink.

import fc from 'fast-check';
import type { Bytes } from '../../src/base/bytes.ts';
import { digestId } from '../../src/server/auth-provider.ts';
import { OPEN_ACL_UNSAFE, PERMS, READ_ACL_UNSAFE, type Acl, type CreateMode, type Id, type Operation } from '../../src/server/protocol.ts';
import { check, closeSession, multi, remove, session, setData } from '../support/server-context.ts';

export interface RandomWrite {
  readonly by: string;
  /** What `by` has proved. */
  readonly authInfo: readonly Id[];
  readonly operation: Operation;
}

const alice: Id = { scheme: 'digest', id: digestId('alice:a') };

const version = fc.oneof({ weight: 3, arbitrary: fc.constant(-1) }, { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 }) });
const data = fc.constantFrom(null, '', 'x', 'yy');
const mode = fc.constantFrom<CreateMode>('PERSISTENT', 'PERSISTENT', 'EPHEMERAL', 'PERSISTENT_SEQUENTIAL', 'EPHEMERAL_SEQUENTIAL');
const acl: fc.Arbitrary<Acl> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(OPEN_ACL_UNSAFE) },
  { weight: 1, arbitrary: fc.constantFrom<Acl>(READ_ACL_UNSAFE, [], [{ perms: PERMS.ALL, scheme: 'auth', id: '' }]) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 31 }).map((perms) => [{ perms, ...alice }, ...READ_ACL_UNSAFE]) },
);

const setACL = (path: string, list: Acl, expected: number): Operation => ({ op: 'setACL', path, acl: list, version: expected });
const deleteContainer = (path: string): Operation => ({ op: 'deleteContainer', path });

/** Every kind of node; times to live need extended types. */
function makeCreate(path: fc.Arbitrary<string>): fc.Arbitrary<Operation> {
  const op = fc.constantFrom('create', 'create', 'create2', 'createContainer', 'createTTL');
  return fc.tuple(op, path, data, acl, mode).map(([kind, at, bytes, list, plain]): Operation => {
    const common = { path: at, data: bytes as Bytes | null, acl: list };
    switch (kind) {
      case 'createContainer':
        return { op: kind, ...common, mode: plain };
      case 'createTTL': {
        const isSequential = plain.endsWith('SEQUENTIAL');
        return { op: kind, ...common, mode: isSequential ? 'PERSISTENT_SEQUENTIAL_WITH_TTL' : 'PERSISTENT_WITH_TTL', ttlMs: 1 + at.length };
      }
      default:
        return { op: kind === 'create2' ? 'create2' : 'create', ...common, mode: plain };
    }
  });
}

/** Fewer names, and the writes meet more often. */
export function makeRandomWrite(names: readonly string[]): fc.Arbitrary<RandomWrite> {
  const path = makePath(fc.constantFrom(...names));
  const any = fc.oneof(path, fc.constant('/'));
  const inMulti: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 6, arbitrary: makeCreate(path) },
    { weight: 4, arbitrary: fc.tuple(path, version).map(([at, expected]) => remove(at, expected)) },
    { weight: 3, arbitrary: fc.tuple(any, data, version).map(([at, bytes, expected]) => setData(at, bytes, expected)) },
  );
  const single: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 13, arbitrary: inMulti },
    { weight: 1, arbitrary: fc.tuple(path, acl, version).map(([at, list, expected]) => setACL(at, list, expected)) },
    { weight: 1, arbitrary: path.map(deleteContainer) },
  );
  const checkOne = fc.tuple(path, version).map(([at, expected]) => check(at, expected));
  const several = fc.array(fc.oneof({ weight: 6, arbitrary: inMulti }, { weight: 1, arbitrary: checkOne }), { maxLength: 4 });
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    { weight: 10, arbitrary: single },
    { weight: 3, arbitrary: several.map((ops) => multi(...ops)) },
    { weight: 1, arbitrary: fc.constant(closeSession) },
  );
  return fc.record({
    by: fc.constantFrom(session(1), session(2)),
    authInfo: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.constant([alice]) },
      { weight: 1, arbitrary: fc.constant([{ scheme: 'super', id: '' }]) },
    ),
    operation,
  });
}

function makePath(name: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: name.map((a) => `/${a}`) },
    { weight: 4, arbitrary: fc.tuple(name, name).map(([a, b]) => `/${a}/${b}`) },
    { weight: 1, arbitrary: fc.tuple(name, name, name).map(([a, b, c]) => `/${a}/${b}/${c}`) },
  );
}

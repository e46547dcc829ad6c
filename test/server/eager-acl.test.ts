import { describe, expect, test } from 'vitest';
import { own } from '../../src/base/parts.ts';
import { createNode } from '../../src/server/data-tree.ts';
import { OPEN_ACL_UNSAFE, PERMS, READ_ACL_UNSAFE, type Acl, type Operation } from '../../src/server/protocol.ts';
import { CLIENT_WRITER, FOLLOWER_REQUEST, PREP } from '../../src/server/thread-kinds.ts';
import { check, create, multi, remove, setData } from '../support/server-context.ts';
import { attach, chain, enqueued, makeProcessors, request, sessionId, step, type Processors } from '../support/processors-context.ts';

const S = sessionId(1);

/** A server whose node /p, with /p/a below, anybody may read and nobody may change. */
function makeGuarded(role: 'leader' | 'follower' | 'observer', enableEagerACLCheck: boolean): Processors {
  const ctx = makeProcessors(role, { config: { enableEagerACLCheck } });
  for (const [path, parentCVersion] of [
    ['/p', 1],
    ['/p/a', 1],
  ] as const) {
    const acl: Acl = READ_ACL_UNSAFE;
    createNode(ctx.parts, ctx.refs, { path, data: null, acl, owner: '0000000000000000', parentCVersion, zxid: 1, time: 1 });
  }
  return ctx;
}

function refusalOf(ctx: Processors, operation: Operation): unknown {
  const connection = attach(ctx, S);
  const effects = step(ctx, chain(ctx).role === 'leader' ? PREP : FOLLOWER_REQUEST, request(S, 3, operation, connection));
  const replies = enqueued(effects).filter(({ to }) => Math.floor(to / 0x40000000000) === CLIENT_WRITER);
  return replies.length === 1 && effects.length === 1 ? replies[0]?.item : null;
}

const setAcl = (path: string, acl: Acl): Operation => ({ op: 'setACL', path, acl, version: -1 });
const bad: Acl = [{ perms: PERMS.ALL, scheme: 'nobody', id: '' }];

describe('with enableEagerACLCheck [ACL-12] [CFG-50]', () => {
  const refused: [operation: Operation, error: string][] = [
    [create('/p/b'), 'NOAUTH'],
    [remove('/p/a'), 'NOAUTH'],
    [setData('/p/a', 'x'), 'NOAUTH'],
    [setAcl('/p/a', OPEN_ACL_UNSAFE), 'NOAUTH'],
    [setAcl('/p/a', bad), 'INVALIDACL'],
    [{ op: 'create2', path: '/no/b', data: null, acl: bad, mode: 'PERSISTENT' }, 'INVALIDACL'],
  ];
  test.for(refused)('a server answers its own client, without a zxid: %j', ([operation, error]) => {
    for (const role of ['leader', 'follower', 'observer'] as const) {
      const ctx = makeGuarded(role, true);
      own(ctx.parts, ctx.refs.processors);
      const { hzxid, requestsInProcess } = chain(ctx);
      expect(refusalOf(ctx, operation)).toEqual({ type: 'REPLY', xid: 3, zxid: 0, error, result: null });
      expect([chain(ctx).hzxid, chain(ctx).requestsInProcess]).toEqual([hzxid, requestsInProcess - 1]);
    }
  });

  test('what it does not look at, and what may be, goes its way', () => {
    const others = [create('/b'), create('/no/b'), create('bad'), remove('/zookeeper'), multi(check('/p', 7), setData('/p', 'x'))];
    for (const operation of others) expect(refusalOf(makeGuarded('follower', true), operation)).toBeNull();
  });
});

test('without it nothing is refused ahead', () => {
  for (const operation of [create('/p/b'), setAcl('/p/a', bad)]) expect(refusalOf(makeGuarded('follower', false), operation)).toBeNull();
});

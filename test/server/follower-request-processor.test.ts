import { expect, test } from 'vitest';
import { peek } from '../../src/base/parts.ts';
import { COMMIT, FOLLOWER_REQUEST } from '../../src/server/thread-kinds.ts';
import { closeSession, create, multi, remove, setData } from '../support/server-context.ts';
import {
  attach,
  chain,
  getData,
  itemsFor,
  LEADER_LINK,
  makeProcessors,
  ping,
  request,
  run,
  sessionId,
  step,
  sync,
} from '../support/processors-context.ts';

const S = sessionId(1);

test.for(['follower', 'observer'] as const)(
  'a write goes to the %s’s own CommitProcessor first, then without its connection to the leader [PIPE-03] [PIPE-04] [PIPE-09]',
  (role) => {
    const ctx = makeProcessors(role);
    const effects = step(ctx, FOLLOWER_REQUEST, request(S, 1, create('/a'), attach(ctx, S)));
    expect(itemsFor(effects.slice(0, 1), COMMIT)).toEqual(['wakeup']);
    expect(effects[1]).toMatchObject({
      type: 'send',
      link: LEADER_LINK,
      packet: { type: 'REQUEST', zxid: -1, request: { session: S, connection: -1 } },
    });
  },
);

test('forwarded are the writes, sync, and the session requests; reads stay [PIPE-10]', () => {
  const ctx = makeProcessors('follower');
  const connection = attach(ctx, S);
  const operations = [
    create('/a'),
    remove('/a'),
    setData('/a', 'x'),
    multi(),
    sync,
    closeSession,
    { op: 'createSession', timeoutMs: 1 } as const,
    getData('/a'),
    ping,
    { op: 'exists', path: '/a', watch: true } as const,
  ];
  const forwards = operations.map((operation) =>
    run(ctx, FOLLOWER_REQUEST, request(S, 1, operation, connection)).some(({ type }) => type === 'send'),
  );
  expect(forwards).toEqual([true, true, true, true, true, true, true, false, false, false]);
});

test('a sync is remembered until its SYNC comes back [SYNCOP-02]', () => {
  const ctx = makeProcessors('follower');
  const asked = request(S, 1, sync, attach(ctx, S));
  run(ctx, FOLLOWER_REQUEST, asked);
  expect(chain(ctx).pendingSyncs).toEqual([asked]);
});

test('when the connection to the leader is broken the thread dies and the role with it [LOGT-08]', () => {
  const ctx = makeProcessors('follower');
  step(ctx, FOLLOWER_REQUEST, { type: 'failed', effect: null, error: 'broken' });
  expect(ctx.thread.ending).toBe(true);
  expect(peek(ctx.parts, ctx.refs.peer).failed).toBe(true);
});

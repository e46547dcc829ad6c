// Each property of sessions, watches and clients on runs told by hand: what holds, each kind of violation, and what does not exercise it.

import { describe, expect, test } from 'vitest';
import type { WorldReader } from '../../src/check/fact.ts';
import { OPEN_ACL_UNSAFE } from '../../src/server/protocol.ts';
import {
  boot,
  broadcast,
  committed,
  connect,
  createTxnBody,
  delivered,
  establish,
  join,
  makeToldRun,
  makeTxn,
  recovered,
  replied,
  returned,
  say,
  startEnsemble,
  verdictOf,
  violatedOperands,
  write,
  z,
  type ToldOptions,
  type ToldRun,
} from '../support/told-run.ts';

const C1 = 3;
const C2 = 4;

function running(options: ToldOptions = {}): ToldRun {
  const run = makeToldRun(options);
  startEnsemble(run);
  return run;
}

describe('I-FIFO', () => {
  test('replies in the order of xids hold, one reply does not exercise it', () => {
    const run = running();
    say(run, 1, replied(0, { xid: 1 }), replied(0, { xid: -2 }));
    expect(verdictOf(run, 'I-FIFO')).toBe('not-exercised');
    say(run, 1, replied(0, { xid: 2 }));
    expect(verdictOf(run, 'I-FIFO')).toBe('held');
    say(run, 1, replied(0, { xid: 2 }));
    expect(violatedOperands(run, 'I-FIFO')).toEqual({ sid: 2, session: 'S', xid: 2, last: 2 });
  });

  test('a new connection may begin its xids anew, and another server knows another connection', () => {
    const run = running();
    say(run, 1, replied(0, { xid: 8 }), { type: 'session-attached', session: 'S', link: 9, how: 'reattached' }, replied(0, { xid: 1 }));
    say(run, 2, replied(0, { xid: 1 }));
    expect(verdictOf(run, 'I-FIFO')).not.toBe('replies');
  });

  test('a client that is given an older answer sees disorder; a call that was lost has no place [CLI-11]', () => {
    const run = running();
    connect(run, C1, 0);
    say(run, C1, returned(0, { xid: 5 }), returned(-1, { xid: 4, error: 'CONNECTIONLOSS' }));
    expect(verdictOf(run, 'I-FIFO')).not.toBe('returns');
    say(run, C1, returned(0, { xid: 4 }));
    expect(verdictOf(run, 'I-FIFO')).toBe('returns');
  });

  test('a write that commits after a later one of its session is out of order, a refused one is not [SESS-25]', () => {
    const run = running();
    connect(run, C1, 0);
    write(run, 0, makeTxn(z(1, 1), { cxid: 7 }), [1, 2]);
    write(run, 0, makeTxn(z(1, 2), { cxid: 6, body: { type: 'error', error: 'SESSIONMOVED' } }), [1, 2]);
    write(run, 0, makeTxn(z(1, 3), { cxid: 5, session: 'not simulated' }), [1, 2]);
    expect(verdictOf(run, 'I-FIFO')).not.toBe('effects');
    write(run, 0, makeTxn(z(1, 4), { cxid: 6 }), [1, 2]);
    expect(violatedOperands(run, 'I-FIFO')).toEqual({ session: 'S', zxid: z(1, 4), xid: 6, last: 7 });
  });
});

describe('I-MONO', () => {
  test('a session that sees an older zxid on another server went back', () => {
    const run = running();
    connect(run, C1, 0);
    say(run, C1, returned(z(1, 4)));
    expect(verdictOf(run, 'I-MONO')).toBe('not-exercised');
    connect(run, C1, 1, 'reattached');
    say(run, C1, returned(z(1, 4), { xid: 2 }), returned(-1, { xid: 3, error: 'CONNECTIONLOSS' }));
    expect(verdictOf(run, 'I-MONO')).toBe('held');
    say(run, C1, returned(z(1, 3), { xid: 4 }));
    expect(violatedOperands(run, 'I-MONO')).toEqual({ client: 'c1', session: 'S', zxid: z(1, 3), last: z(1, 4) });
  });

  test('another client, or a new session, may see less', () => {
    const run = running();
    connect(run, C1, 0);
    connect(run, C2, 1, 'created', 'T');
    say(run, C1, returned(z(1, 4)));
    say(run, C2, returned(z(1, 1), { session: 'T' }), returned(z(1, 1), { session: 'T', xid: 2 }));
    connect(run, C1, 1, 'created', 'U');
    say(run, C1, returned(z(1, 2), { session: 'U' }));
    expect(verdictOf(run, 'I-MONO')).toBe('held');
  });
});

/** A reader of a world where the servers have these sessions and these ephemerals. */
function readerOf(sessions: readonly string[], ephemerals: Readonly<Record<string, readonly string[]>> = {}): WorldReader {
  return {
    treeDigest: () => null,
    sessions: () => sessions,
    ephemeralOwners: () => Object.keys(ephemerals),
    ephemeralsOf: (_, session) => ephemerals[session] ?? [],
    lastLogged: () => Infinity,
  };
}

const open = (counter: number, session = 'S') =>
  makeTxn(z(1, counter), { session, cxid: 0, body: { type: 'createSession', timeoutMs: 1000 } });
const close = (counter: number, paths2Delete: readonly string[] = [], session = 'S') =>
  makeTxn(z(1, counter), { session, body: { type: 'closeSession', paths2Delete } });

describe('I-EPH', () => {
  test('an ephemeral that is left on a server that applied the close survives it [SESS-22]', () => {
    const run = running({ reader: readerOf([], { S: ['/e'] }) });
    say(run, 1, { type: 'session-closed', session: 'T', zxid: z(1, 3), deleted: ['/t'] });
    expect(verdictOf(run, 'I-EPH')).toBe('held');
    say(run, 1, { type: 'session-closed', session: 'S', zxid: z(1, 4), deleted: [] });
    expect(violatedOperands(run, 'I-EPH')).toEqual({ sid: 2, session: 'S', path: '/e' });
  });

  test('a server that opens its door with an ephemeral of a closed session violates it', () => {
    const run = running({ reader: readerOf([], { S: ['/e'] }) });
    write(run, 0, open(1), [1, 2]);
    join(run, 2, 1);
    expect(verdictOf(run, 'I-EPH')).toBe('not-exercised');
    write(run, 0, close(2), [1, 2]);
    join(run, 2, 1);
    expect(verdictOf(run, 'I-EPH')).toBe('survives');
  });

  test('an ephemeral created after its session was closed violates it [SESS-20]', () => {
    const run = running();
    write(run, 0, open(1), [1, 2]);
    write(run, 0, makeTxn(z(1, 2), { body: createTxnBody('/e', true) }), [1, 2]);
    write(run, 0, close(3, ['/e']), [1, 2]);
    expect(verdictOf(run, 'I-EPH')).toBe('held');
    write(
      run,
      0,
      makeTxn(z(1, 4), {
        body: {
          type: 'multi',
          txns: [{ type: 'create', path: '/f', data: null, acl: OPEN_ACL_UNSAFE, ephemeral: true, parentCVersion: 1 }],
        },
      }),
      [1, 2],
    );
    expect(violatedOperands(run, 'I-EPH')).toEqual({ session: 'S', path: '/f', zxid: z(1, 4), closed: z(1, 3) });
  });
});

describe('I-SESS', () => {
  test('a table that lacks a session of the history, or has one that it has not, disagrees [SESS-08]', () => {
    for (const [sessions, kind] of [
      [['S'], 'held'],
      [[], 'missing'],
      [['S', 'T'], 'unknown'],
    ] as const) {
      const run = running({ reader: null as never });
      write(run, 0, open(1), [1, 2]);
      run.checker.state.ghost.reader = readerOf(sessions);
      join(run, 1, 1);
      expect(verdictOf(run, 'I-SESS')).toBe(kind);
    }
  });

  test('a server that lags has the table of its own history', () => {
    const run = running();
    say(run, 0, broadcast(open(1)), committed(open(1)), delivered(open(1)));
    run.checker.state.ghost.reader = readerOf([]);
    join(run, 1, 1);
    expect(verdictOf(run, 'I-SESS')).toBe('held');
  });

  test('a session id that is opened twice is reused', () => {
    const run = running();
    expect(verdictOf(run, 'I-SESS')).toBe('not-exercised');
    write(run, 0, open(1), [1, 2]);
    write(run, 0, close(2), [1, 2]);
    write(run, 0, open(3), [1, 2]);
    expect(violatedOperands(run, 'I-SESS')).toEqual({ session: 'S', zxid: z(1, 3), opened: z(1, 1) });
  });

  test('only a leader expires a session [SESS-14]', () => {
    const run = running();
    say(run, 0, { type: 'session-expired', session: 'S' });
    expect(verdictOf(run, 'I-SESS')).toBe('not-exercised');
    say(run, 1, { type: 'session-expired', session: 'S' });
    expect(verdictOf(run, 'I-SESS')).toBe('expired-elsewhere');
  });

  test('a write through the server that the client has left violates it, one made before the move does not [SESS-38]', () => {
    const run = running();
    connect(run, C1, 1);
    say(run, 0, broadcast(makeTxn(z(1, 1))));
    connect(run, C1, 2, 'reattached');
    say(run, 0, broadcast(makeTxn(z(1, 2))));
    say(run, 1, replied(z(1, 1), { txnZxid: z(1, 1) }));
    say(run, 2, replied(z(1, 2), { txnZxid: z(1, 2) }));
    say(run, 1, replied(z(1, 2), { xid: 2, txnZxid: z(1, 2), operation: { op: 'closeSession' } }));
    expect(verdictOf(run, 'I-SESS')).toBe('not-exercised');
    say(run, 1, replied(z(1, 2), { xid: 3, txnZxid: z(1, 2) }));
    expect(violatedOperands(run, 'I-SESS')).toEqual({ sid: 2, session: 'S', owner: 3, zxid: z(1, 2) });
  });

  test('a new leader lets the first comer in [SESS-32]', () => {
    const run = running();
    connect(run, C1, 2);
    establish(run, 1, 2, 0);
    say(run, 1, broadcast(makeTxn(z(2, 1))), replied(z(2, 1), { txnZxid: z(2, 1) }));
    expect(verdictOf(run, 'I-SESS')).toBe('not-exercised');
  });
});

describe('I-BOOT', () => {
  test('a server that cannot load its disk violates it, one that restarts exercises it', () => {
    const run = running();
    expect(verdictOf(run, 'I-BOOT')).toBe('not-exercised');
    say(run, 1, { type: 'node-down', how: 'kill', why: '' });
    boot(run, 1);
    expect(verdictOf(run, 'I-BOOT')).toBe('held');
    say(run, 2, { type: 'refused-to-start', why: 'history-newer-than-current-epoch', operands: [1, z(2, 1)] });
    expect(violatedOperands(run, 'I-BOOT')).toEqual({ sid: 3, why: 'history-newer-than-current-epoch', numbers: [1, z(2, 1)] });
  });

  test('a record damaged on a stopped machine may be refused', () => {
    const run = running();
    say(
      run,
      1,
      { type: 'node-down', how: 'kill', why: '' },
      { type: 'acted', action: { type: 'tear-tail', node: 1, file: 'log.1' }, bit: true },
    );
    say(run, 1, { type: 'refused-to-start', why: 'corrupt-log', operands: [] });
    expect(verdictOf(run, 'I-BOOT')).toBe('held');
  });
});

test('a recovery tells the properties of clients nothing', () => {
  const run = running();
  say(run, 1, recovered(-1, 0));
  expect(run.checker.violations).toEqual([]);
});

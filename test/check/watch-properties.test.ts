// The properties about watches on runs told by hand: what holds, what is late, what is lost, and what no watch promises.

import { describe, expect, test } from 'vitest';
import type { NoteOf } from '../../src/check/fact.ts';
import type { Note } from '../../src/ensemble/note.ts';
import type { Operation } from '../../src/server/protocol.ts';
import {
  connect,
  createTxnBody,
  endRun,
  makeToldRun,
  makeTxn,
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

function running(options: ToldOptions = {}): ToldRun {
  const run = makeToldRun(options);
  startEnsemble(run);
  return run;
}

/** A committed create, setData or delete. */
function change(run: ToldRun, counter: number, type: 'create' | 'setData' | 'delete', path: string): void {
  const body =
    type === 'create'
      ? createTxnBody(path)
      : type === 'delete'
        ? ({ type, path } as const)
        : ({ type, path, data: null, version: 1 } as const);
  write(run, 0, makeTxn(z(1, counter), { session: 'other', body }), [1, 2]);
}

function watchRead(op: 'getData' | 'exists' | 'getChildren', path: string, zxid: number, error: 'OK' | 'NONODE' = 'OK'): Note {
  const operation: Operation = { op, path, watch: true };
  return returned(zxid, { operation, error });
}

function event(type: NoteOf<'client-event'>['event'], path: string, zxid: number, consumed: NoteOf<'client-event'>['consumed']): Note {
  return { type: 'client-event', event: type, path, zxid, session: 'S', consumed };
}

function fired(type: NoteOf<'watch-fired'>['event'], path: string, zxid: number): Note {
  return { type: 'watch-fired', session: 'S', event: type, path, zxid };
}

describe('I-WORD and I-WLOST', () => {
  /** A client with a data watch on /a, set at zxid 1.1. */
  function watching(): ToldRun {
    const run = running();
    change(run, 1, 'create', '/a');
    connect(run, C1, 1);
    say(run, C1, watchRead('getData', '/a', z(1, 1)));
    return run;
  }

  test('an event before the reply that covers its change holds both [WATCH-28]', () => {
    const run = watching();
    change(run, 2, 'setData', '/a');
    expect(verdictOf(run, 'I-WORD')).toBe('not-exercised');
    say(run, 1, fired('NodeDataChanged', '/a', z(1, 2)));
    say(run, C1, event('NodeDataChanged', '/a', z(1, 2), ['data']), returned(z(1, 2), { xid: 2 }));
    expect(verdictOf(run, 'I-WORD')).toBe('held');
    expect(verdictOf(run, 'I-WLOST')).toBe('held');
  });

  test('a reply of a server that lags, or a change elsewhere, asks for no event', () => {
    const run = watching();
    change(run, 2, 'setData', '/a');
    change(run, 3, 'create', '/b');
    say(run, C1, returned(z(1, 1), { xid: 2 }));
    endRun(run);
    expect(run.checker.violations).toEqual([]);
  });

  test('a reply that overtakes an event already queued violates I-WORD at once', () => {
    const run = watching();
    change(run, 2, 'setData', '/a');
    say(run, 1, fired('NodeDataChanged', '/a', z(1, 2)));
    say(run, C1, returned(z(1, 2), { xid: 2 }));
    expect(violatedOperands(run, 'I-WORD')).toEqual({ client: 'c1', path: '/a', table: 'data', changed: z(1, 2), seen: z(1, 2) });
    expect(verdictOf(run, 'I-WLOST')).toBe('not-exercised');
  });

  test('an event that comes after the reply violates I-WORD', () => {
    const run = watching();
    change(run, 2, 'setData', '/a');
    say(run, C1, returned(z(1, 2), { xid: 2 }), event('NodeDataChanged', '/a', z(1, 2), ['data']));
    expect(verdictOf(run, 'I-WORD')).toBe('watch');
  });

  test('an event that never comes violates I-WLOST after the grace time, or at the end', () => {
    const run = watching();
    change(run, 2, 'setData', '/a');
    say(run, C1, returned(z(1, 2), { xid: 2 }));
    endRun(run);
    expect(violatedOperands(run, 'I-WLOST')).toEqual({ client: 'c1', path: '/a', table: 'data', changed: z(1, 2), seen: z(1, 2) });
    const later = watching();
    change(later, 2, 'setData', '/a');
    say(later, C1, returned(z(1, 2), { xid: 2 }));
    later.at += 2_000_000;
    say(later, C1, returned(z(1, 2), { xid: 3 }));
    expect(verdictOf(later, 'I-WLOST')).toBe('watch');
    expect(verdictOf(later, 'I-WORD')).toBe('not-exercised');
  });

  test('a client that asks nothing more has lost its watch when the run ends long after the change', () => {
    const run = running({ live: { withinUs: 1_000_000 } });
    change(run, 1, 'create', '/a');
    connect(run, C1, 1);
    say(run, C1, watchRead('getChildren', '/a', z(1, 1)));
    change(run, 2, 'create', '/a/x');
    endRun(run, 500_000);
    expect(verdictOf(run, 'I-WLOST')).toBe('not-exercised');
    endRun(run, 2_000_000);
    expect(verdictOf(run, 'I-WLOST')).toBe('watch');
  });

  test('a change that was committed before the reply with the watch arrived, but after its zxid, counts', () => {
    const run = running();
    change(run, 1, 'create', '/a');
    connect(run, C1, 1);
    change(run, 2, 'delete', '/a');
    say(run, C1, watchRead('getChildren', '/a', z(1, 1)), returned(z(1, 2), { xid: 2 }));
    endRun(run);
    expect(verdictOf(run, 'I-WLOST')).toBe('watch');
  });

  test('a multi touches each of its nodes, a failed one none [WATCH-06, WATCH-09]', () => {
    const run = watching();
    const sub = { type: 'setData', path: '/a', data: null, version: 2 } as const;
    write(run, 0, makeTxn(z(1, 2), { body: { type: 'multi', txns: [sub, { type: 'error', error: 'NONODE' }] } }), [1, 2]);
    say(run, C1, returned(z(1, 2), { xid: 2 }));
    write(run, 0, makeTxn(z(1, 3), { body: { type: 'multi', txns: [sub] } }), [1, 2]);
    say(run, C1, returned(z(1, 3), { xid: 3 }), event('NodeDataChanged', '/a', z(1, 3), ['data']));
    expect(violatedOperands(run, 'I-WORD')).toEqual({ client: 'c1', path: '/a', table: 'data', changed: z(1, 3), seen: z(1, 3) });
  });

  test('a watch that is not set again on the new connection is lost [CLI-09]', () => {
    const run = watching();
    say(run, C1, { type: 'client-state', state: 'CONNECTING', session: 'S', server: 1, why: 'eof' });
    change(run, 2, 'setData', '/a');
    connect(run, C1, 2, 'reattached');
    say(run, C1, returned(z(1, 2), { xid: 2 }));
    endRun(run);
    expect(verdictOf(run, 'I-WLOST')).toBe('watch');
  });

  test('what was fired on a connection that broke must be fired again [WATCH-34]', () => {
    const run = watching();
    change(run, 2, 'setData', '/a');
    say(run, 1, fired('NodeDataChanged', '/a', z(1, 2)));
    say(run, C1, { type: 'client-state', state: 'CONNECTING', session: 'S', server: 1, why: 'eof' });
    connect(run, C1, 2, 'reattached');
    say(run, C1, returned(z(1, 2), { xid: 2 }));
    endRun(run);
    expect(verdictOf(run, 'I-WORD')).toBe('not-exercised');
    expect(verdictOf(run, 'I-WLOST')).toBe('watch');
  });

  test('an exist watch misses a node that came and went while its client was away [WATCH-43]', () => {
    const run = running();
    connect(run, C1, 1);
    say(run, C1, watchRead('exists', '/a', 0, 'NONODE'));
    say(run, C1, { type: 'client-state', state: 'CONNECTING', session: 'S', server: 1, why: 'eof' });
    change(run, 1, 'create', '/a');
    connect(run, C1, 2, 'reattached');
    say(run, C1, { type: 'client-resets-watches', session: 'S', relativeZxid: 0, count: 1 });
    change(run, 2, 'delete', '/a');
    const operation: Operation = { op: 'setWatches', relativeZxid: 0, data: [], exist: ['/a'], child: [] };
    say(run, 2, replied(z(1, 2), { xid: -8, operation }));
    say(run, C1, returned(z(1, 2), { xid: 2 }));
    endRun(run);
    expect(run.checker.violations).toEqual([]);
    change(run, 3, 'create', '/a');
    say(run, C1, returned(z(1, 3), { xid: 3 }));
    endRun(run);
    expect(verdictOf(run, 'I-WLOST')).toBe('watch');
  });

  describe('persistent and recursive watches', () => {
    const add = (path: string, mode: 0 | 1, zxid: number): Note => returned(zxid, { operation: { op: 'addWatch', path, mode } });

    const lateOrLost = (run: ToldRun) => run.checker.violations.filter(({ property }) => property === 'I-WORD' || property === 'I-WLOST');

    /** A client with a persistent watch on /a and a recursive one on /r, set at zxid 1.1. */
    function lasting(): ToldRun {
      const run = running();
      change(run, 1, 'create', '/a');
      connect(run, C1, 1);
      say(run, C1, add('/a', 0, z(1, 1)), add('/r', 1, z(1, 1)));
      return run;
    }

    test('each change has its own event, of the node and of its children [WATCH-15] [WATCH-28]', () => {
      const run = lasting();
      change(run, 2, 'setData', '/a');
      change(run, 3, 'setData', '/a');
      change(run, 4, 'create', '/a/b');
      change(run, 5, 'create', '/r/x/y');
      say(run, C1, event('NodeDataChanged', '/a', z(1, 2), []), event('NodeDataChanged', '/a', z(1, 3), []));
      say(run, C1, event('NodeChildrenChanged', '/a', z(1, 4), []), event('NodeCreated', '/r/x/y', z(1, 5), []));
      say(run, C1, returned(z(1, 5), { xid: 2 }));
      endRun(run);
      expect([verdictOf(run, 'I-WORD'), verdictOf(run, 'I-WLOST')]).toEqual(['held', 'held']);
    });

    test.for<[change: 'create' | 'setData' | 'delete', path: string, table: 'persistent' | 'recursive', told: string]>([
      ['setData', '/a', 'persistent', '/a'],
      ['delete', '/a', 'persistent', '/a'],
      ['create', '/a/b', 'persistent', '/a'],
      ['delete', '/a/b', 'persistent', '/a'],
      ['create', '/r', 'recursive', '/r'],
      ['setData', '/r/x', 'recursive', '/r/x'],
      ['delete', '/r/x/y', 'recursive', '/r/x/y'],
    ])('a %s of %s that a %s watch is not told of is a lost watch', ([type, path, table, about]) => {
      const run = lasting();
      change(run, 2, type, path);
      say(run, C1, returned(z(1, 2), { xid: 2 }));
      endRun(run);
      expect(violatedOperands(run, 'I-WLOST')).toEqual({ client: 'c1', path: about, table, changed: z(1, 2), seen: z(1, 2) });
    });

    test('a second change must be told as the first was, also where events do not say their zxid [WATCH-16] [WATCH-22]', () => {
      const run = lasting();
      change(run, 2, 'setData', '/a');
      change(run, 3, 'setData', '/a');
      say(run, C1, event('NodeDataChanged', '/a', -1, []), returned(z(1, 3), { xid: 2 }));
      endRun(run);
      expect(violatedOperands(run, 'I-WLOST')).toMatchObject({ table: 'persistent', changed: z(1, 3) });
    });

    test('a change below a persistent watch, beside a recursive one, or before either asks for nothing [WATCH-15]', () => {
      const run = lasting();
      change(run, 2, 'setData', '/a/b');
      change(run, 3, 'setData', '/ra');
      say(run, C1, add('/late', 0, z(1, 3)), returned(z(1, 3), { xid: 2 }));
      endRun(run);
      expect(lateOrLost(run)).toEqual([]);
    });

    test('one event is enough for two watches and a one-shot one [WATCH-16] [WATCH-18]', () => {
      const run = lasting();
      say(run, C1, add('/', 1, z(1, 1)), watchRead('getData', '/a', z(1, 1)));
      change(run, 2, 'setData', '/a');
      say(run, C1, event('NodeDataChanged', '/a', z(1, 2), ['data']), returned(z(1, 2), { xid: 2 }));
      endRun(run);
      expect(lateOrLost(run)).toEqual([]);
    });

    test('a reply that overtakes a queued event, and an event after the reply, violate I-WORD [WATCH-28]', () => {
      const overtaken = lasting();
      change(overtaken, 2, 'setData', '/a');
      say(overtaken, 1, fired('NodeDataChanged', '/a', z(1, 2)));
      say(overtaken, C1, returned(z(1, 2), { xid: 2 }));
      expect(violatedOperands(overtaken, 'I-WORD')).toMatchObject({ table: 'persistent', changed: z(1, 2) });
      const late = lasting();
      change(late, 2, 'setData', '/a');
      say(late, C1, returned(z(1, 2), { xid: 2 }), event('NodeDataChanged', '/a', z(1, 2), []));
      expect(verdictOf(late, 'I-WORD')).toBe('watch');
    });

    test('what happens between the loss of the connection and the answer to setWatches2 is not told, what comes after is [WATCH-41]', () => {
      const run = lasting();
      change(run, 2, 'setData', '/a');
      say(run, C1, { type: 'client-state', state: 'CONNECTING', session: 'S', server: 1, why: 'eof' });
      change(run, 3, 'setData', '/r');
      connect(run, C1, 2, 'reattached');
      say(run, C1, returned(z(1, 3), { xid: 2 }));
      say(run, C1, { type: 'client-watches-on', session: 'S', zxid: z(1, 3), persistent: ['/a'], recursive: ['/r'] });
      say(run, C1, returned(z(1, 3), { xid: 3 }));
      endRun(run);
      expect(lateOrLost(run)).toEqual([]);
      change(run, 4, 'setData', '/r/x');
      say(run, C1, returned(z(1, 4), { xid: 4 }));
      endRun(run);
      expect(violatedOperands(run, 'I-WLOST')).toMatchObject({ table: 'recursive', changed: z(1, 4) });
    });

    test('a removal ends what is due from the moment it is asked for, and for good', () => {
      const run = lasting();
      const operation: Operation = { op: 'removeWatches', path: '/a', watcherType: 3 };
      say(run, C1, { type: 'client-invoked', call: 5, operation });
      change(run, 2, 'setData', '/a');
      say(run, C1, event('PersistentWatchRemoved', '/a', -1, ['persistent']), returned(z(1, 2), { xid: 2, operation }));
      change(run, 3, 'setData', '/a');
      say(run, C1, returned(z(1, 3), { xid: 3 }));
      endRun(run);
      expect(lateOrLost(run)).toEqual([]);
    });

    test('an event that is withheld from its client is not lost, of whatever watch [WATCH-23]', () => {
      const run = lasting();
      say(run, C1, watchRead('exists', '/r/x', z(1, 1), 'NONODE'));
      change(run, 2, 'create', '/r/x');
      say(run, 1, { type: 'watch-withheld', session: 'S', event: 'NodeCreated', path: '/r/x', zxid: z(1, 2) });
      say(run, C1, returned(z(1, 2), { xid: 2 }));
      endRun(run);
      expect(lateOrLost(run)).toEqual([]);
    });
  });

  test('a closed session, a dead client and a new handle have no watches', () => {
    for (const note of [
      { type: 'client-expired', session: 'S', by: 'server' },
      { type: 'client-state', state: 'CLOSED', session: 'S', server: null, why: 'closed' },
      { type: 'client-state', state: 'CONNECTING', session: 'S', server: null, why: 'opened' },
      { type: 'node-down', how: 'kill', why: '' },
    ] as const satisfies readonly Note[]) {
      const run = watching();
      say(run, C1, note);
      change(run, 2, 'setData', '/a');
      say(run, C1, returned(z(1, 2), { xid: 2 }));
      endRun(run);
      expect(run.checker.violations).toEqual([]);
    }
  });
});

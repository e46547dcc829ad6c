// Sessions: connecting, passwords, coming back, closing, expiry.

import { Buffer } from 'node:buffer';
import { bool, buffer, framed, int, long } from '../jute.ts';
import * as op from '../operations.ts';
import { cases } from '../script.ts';

export const connects = cases({
  'the timeout is clamped [SESS-03, SESS-42]': async (s) => {
    for (const timeoutMs of [0, -1, -2147483648, 1, 399, 400, 401, 5000, 59_999, 60_000, 60_001, 2147483647])
      await s.client(`${timeoutMs}`, { timeoutMs });
  },
  'ids go up [SESS-01]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    s.note({ isGreater: b.session > a.session });
  },
  'a new session takes a zxid, and so does its end [SESS-06, WIRE-11]': async (s) => {
    const a = await s.client('a');
    await a.call(op.exists('~'));
    await a.close();
    const b = await s.client('b');
    await b.call(op.exists('~'));
  },
  'the protocol version and the password of a new session mean nothing [SESS-42]': async (s) => {
    await s.client('version', { protocol: 77 });
    await s.client('short', { password: Buffer.from('abc') });
    await s.client('empty', { password: Buffer.alloc(0) });
    await s.client('null', { password: null });
    await s.client('long', { password: Buffer.alloc(100, 1) });
  },
  'readOnly is answered false, or not at all [WIRE-04, WIRE-05, SESS-42]': async (s) => {
    await s.client('false', { readOnly: false });
    await s.client('true', { readOnly: true });
    const old = await s.client('old', { readOnly: null });
    await old.call(op.create('~/a'));
  },
  'who has seen a newer zxid is turned away without a word [SESS-04]': async (s) => {
    await s.client('a', { lastZxid: 1n << 60n });
    const b = await s.client('b');
    await b.call(op.exists('~'));
    await s.client('same', { lastZxid: b.lastZxid });
    await s.client('ahead', { lastZxid: b.lastZxid + 50n });
  },
  'coming back to the session takes no zxid and negotiates anew [SESS-12, SESS-41]': async (s) => {
    const a = await s.client('a', { timeoutMs: 20_000 });
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    a.drop();
    const again = await s.client('again', { of: a, timeoutMs: 10_000 });
    await again.calls(op.exists('~/e'), op.getEphemerals('~'), op.create('~/f', { flags: op.EPHEMERAL }));
  },
  'coming back closes the connection that is there [SESS-05]': async (s) => {
    const a = await s.client('a');
    const again = await s.client('again', { of: a });
    await a.closed();
    await again.call(op.exists('~'));
  },
  'a wrong password is refused, and costs the other connection [SESS-05, SESS-10, SESS-11]': async (s) => {
    const a = await s.client('a');
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    const thief = await s.client('thief', { of: a, password: Buffer.alloc(16, 7) });
    await thief.closed();
    await a.closed();
    const again = await s.client('again', { of: a });
    await again.call(op.exists('~/e'));
  },
  'passwords of other lengths are wrong [SESS-11]': async (s) => {
    const a = await s.client('a');
    for (const password of [Buffer.alloc(0), Buffer.alloc(15), Buffer.concat([a.password, Buffer.alloc(1)])]) {
      const other = await s.client(`of ${password.length}`, { of: a, password });
      await other.closed();
    }
  },
  'a session that there is not is refused [SESS-10]': async (s) => {
    const a = await s.client('a', { session: 0x1234_5678n, password: Buffer.alloc(16, 1) });
    await a.closed();
  },
  'a closed session is refused, with its right password [SESS-10]': async (s) => {
    const a = await s.client('a');
    await a.close();
    const again = await s.client('again', { of: a });
    await again.closed();
  },
  'a refused session without the readOnly byte [WIRE-05, SESS-10]': async (s) => {
    const a = await s.client('a', { session: 99n, readOnly: null });
    await a.closed();
  },
  'closing a session takes its ephemerals [SESS-20, SESS-22]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await a.calls(...['x', 'y', 'z'].map((name) => op.create(`~/${name}`, { flags: op.EPHEMERAL })), op.create('~/stays'));
    await a.close();
    await b.calls(op.getChildren2('~'), op.exists('~/x'));
  },
  'requests behind the close are not answered [SESS-16, SESS-24]': async (s) => {
    const a = await s.client('a');
    a.send(op.create('~/a', { flags: op.EPHEMERAL }), op.closeSession());
    await a.closed();
    const b = await s.client('b');
    await b.calls(op.exists('~/a'));
  },
  'ephemerals that are still on their way when the session closes go too [SESS-20]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    a.send(op.create('~/a', { flags: op.EPHEMERAL }), op.create('~/b', { flags: op.EPHEMERAL }), op.remove('~/a'), op.closeSession());
    await a.closed();
    await b.calls(op.getChildren2('~'));
  },
  'a client may send createSession [SESS-44]': async (s) => {
    const a = await s.client('a');
    a.sendOnly(op.createSession(5000));
    await a.connected();
    await a.call(op.exists('~'));
  },
  'the first write of a dropped connection is still done': async (s) => {
    const a = await s.client('a');
    a.send(op.create('~/a'));
    await a.reply();
    a.drop();
    const again = await s.client('again', { of: a });
    await again.call(op.exists('~/a'));
  },
  'half-closed from the client side': async (s) => {
    const a = await s.client('a');
    a.endWriting();
    await a.closed();
    const again = await s.client('again', { of: a });
    await again.call(op.exists('~'));
  },
  'a request before the answer to the connect is done after it [SESS-09]': async (s) => {
    const a = s.socket('a');
    const request = op.create('~/a');
    a.raw(framed(int(0), long(0), int(30_000), long(0), buffer(Buffer.alloc(16)), bool(false)));
    a.send(request);
    await a.connected();
    await a.reply();
  },
});

export const expiries = cases({
  'a silent session expires: its ephemerals go, its connection is closed [SESS-15, SESS-46, WATCH-07]': async (s) => {
    const [a, b] = [await s.client('a', { timeoutMs: 400 }), await s.client('b')];
    await a.calls(op.create('~/e', { flags: op.EPHEMERAL }));
    await b.calls(op.exists('~/e', true), op.getChildren('~', true));
    await b.events(2);
    await a.closed();
    await b.calls(op.exists('~/e'), op.exists('~'));
    const again = await s.client('again', { of: a });
    await again.closed();
  },
  'a dropped session expires too [SESS-15]': async (s) => {
    const [a, b] = [await s.client('a', { timeoutMs: 400 }), await s.client('b')];
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    await b.call(op.exists('~/e', true));
    a.drop();
    await b.events(1);
    const again = await s.client('again', { of: a });
    await again.closed();
  },
  'pings keep a session [SESS-17, OP-11]': async (s) => {
    const a = await s.client('a', { timeoutMs: 800 });
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    await a.quietly(async () => {
      for (const until = Date.now() + 2000; Date.now() < until;) {
        await a.call(op.ping());
        await new Promise((resolve) => {
          setTimeout(resolve, 100);
        });
      }
    });
    await a.call(op.exists('~/e'));
  },
  'a session that comes back in time goes on [SESS-41]': async (s) => {
    const a = await s.client('a', { timeoutMs: 3000 });
    await a.call(op.create('~/e', { flags: op.EPHEMERAL }));
    a.drop();
    const again = await s.client('again', { of: a });
    await again.call(op.exists('~/e'));
  },
});

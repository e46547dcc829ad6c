// Bytes that no client library sends.

import { Buffer } from 'node:buffer';
import { bool, buffer, framed, int, long, vector } from '../jute.ts';
import * as op from '../operations.ts';
import type { Request } from '../request.ts';
import { cases, type Script } from '../script.ts';
import type { Stage } from '../stage.ts';

/** A new connection with a session, and what these bytes do to it; then whether the session is still there. */
function fatal(...bytes: readonly Buffer[]): Script {
  return async (s: Stage) => {
    const a = await s.client('a');
    a.raw(Buffer.concat(bytes));
    await a.closed();
    const again = await s.client('again', { of: a });
    await again.call(op.exists('~'));
  };
}

/** The first bytes of a connection. */
function greeting(...bytes: readonly Buffer[]): Script {
  return async (s) => {
    const a = s.socket('a');
    a.raw(Buffer.concat(bytes));
    await a.closed();
  };
}

/** Records cut short, one for each type: answered with MARSHALLINGERROR on a connection that goes on. */
function cutShort(...requests: readonly Request[]): Script {
  return async (s) => {
    const a = await s.client('a');
    for (const request of requests) {
      await a.call({ ...request, name: `${request.name} cut`, body: (text) => request.body(text).subarray(0, -1) });
      await a.call({ ...request, name: `${request.name} empty`, body: () => Buffer.alloc(0) });
    }
    await a.call(op.create('~/after'));
  };
}

/** Records with bytes behind them: done as if those were not there. */
function surplus(...requests: readonly Request[]): Script {
  return async (s) => {
    const a = await s.client('a');
    for (const request of requests)
      await a.call({
        ...request,
        name: `${request.name} and more`,
        body: (text) => Buffer.concat([request.body(text), Buffer.from([1, 2, 3])]),
      });
  };
}

function refusedType(type: number): Script {
  return async (s) => {
    const a = await s.client('a');
    await a.call(op.strange(`type ${type}`, type, buffer('/')));
    await a.closed();
    const again = await s.client('again', { of: a });
    await again.call(op.exists('~'));
  };
}

const connect = (...tail: readonly Buffer[]): Buffer => framed(int(0), long(0), int(30_000), long(0), ...tail);

export const frames = cases({
  'a frame of length 0 [WIRE-19]': fatal(int(0)),
  'a frame too short for a header [WIRE-19]': fatal(framed(int(1))),
  'a frame of half a header [WIRE-19]': fatal(framed(int(1), Buffer.from([0, 0, 0]))),
  'a negative length [WIRE-19]': fatal(int(-1)),
  'the most negative length [WIRE-19]': fatal(int(-2147483648)),
  'a length beyond jute.maxbuffer [WIRE-02, WIRE-19]': fatal(int(0xfffff + 1)),
  'the greatest length [WIRE-19]': fatal(int(2147483647)),
  'a four-letter word on a connection in use is a length [ADM-02, ADM-24]': fatal(Buffer.from('ruok')),
  'a frame of exactly jute.maxbuffer is taken [WIRE-19]': async (s) => {
    const a = await s.client('a');
    const without = 8 + op.create('~/a').body((path) => path.replace('~', '/k0000')).length;
    await a.call(op.create('~/a', { data: Buffer.alloc(0xfffff - without) }));
    await a.call(op.exists('~/a'));
  },
  'a frame that comes byte by byte': async (s) => {
    const a = await s.client('a');
    const bytes = framed(int(5), int(11));
    for (const byte of bytes) {
      a.raw(Buffer.from([byte]));
      await new Promise((resolve) => {
        setTimeout(resolve, 1);
      });
    }
    await a.reply();
  },
  'two frames in one write, and one in two': async (s) => {
    const a = await s.client('a');
    await a.pipeline(op.create('~/a'), op.exists('~/a'));
    const bytes = framed(int(9), int(11));
    a.raw(bytes.subarray(0, 6));
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    a.raw(bytes.subarray(6));
    await a.reply();
  },
});

export const greetings = cases({
  'a first frame of length 0 [WIRE-19]': greeting(int(0)),
  'a first frame with a negative length [WIRE-19]': greeting(int(-5)),
  'a first frame that is far too long [WIRE-19]': greeting(int(0x7fffffff)),
  'HTTP [ADM-24, WIRE-19]': greeting(Buffer.from('GET / HTTP/1.0\r\n\r\n')),
  'a word that there is not [ADM-24]': greeting(Buffer.from('abcd')),
  'a word in capitals [ADM-24]': greeting(Buffer.from('RUOK')),
  'a ConnectRequest of 43 bytes [WIRE-04]': async (s) => {
    const a = await s.client('a', { password: Buffer.alloc(15), readOnly: null });
    await a.call(op.exists('~'));
  },
  'a ConnectRequest cut within the password [WIRE-04]': greeting(connect(int(16), Buffer.alloc(3))),
  'a ConnectRequest cut within the session id [WIRE-04]': greeting(framed(int(0), long(0), int(30_000), int(0))),
  'a ConnectRequest with surplus bytes': async (s) => {
    const a = s.socket('a');
    a.raw(connect(buffer(Buffer.alloc(16)), bool(false), Buffer.from([1, 2, 3])));
    await a.connected();
    await a.call(op.exists('~'));
  },
  'a request header instead of a ConnectRequest [WIRE-19]': greeting(framed(int(1), int(11))),
  'a second ConnectRequest is read as a request [SESS-43]': async (s) => {
    const a = await s.client('a');
    a.raw(connect(buffer(Buffer.alloc(16)), bool(false)));
    await a.closed();
    const again = await s.client('again', { of: a });
    await again.call(op.exists('~'));
  },
  'nothing is said: the end of the input': async (s) => {
    const a = s.socket('a');
    a.endWriting();
    await a.closed();
  },
});

export const bodies = cases({
  'creates cut short [VAL-15, VAL-18]': cutShort(op.create('~/a'), op.create2('~/a'), op.createContainer('~/a')),
  'createTTL cut short [VAL-15, VAL-18]': cutShort(op.createTtl('~/a')),
  'delete, setData, setACL cut short [VAL-15, VAL-18]': cutShort(op.remove('~/a'), op.setData('~/a', 'x'), op.setAcl('~/a', op.OPEN)),
  'reads cut short [VAL-15, VAL-18]': cutShort(op.exists('~/a'), op.getData('~/a'), op.getChildren('~/a'), op.getChildren2('~/a')),
  'more reads cut short [VAL-15, VAL-18]': cutShort(op.getAcl('~/a'), op.getAllChildrenNumber('~/a'), op.getEphemerals('~/a')),
  'watch operations cut short [VAL-15, VAL-18]': cutShort(op.addWatch('~/a'), op.checkWatches('~/a', 3), op.removeWatches('~/a', 3)),
  'setWatches cut short [VAL-15, VAL-18]': cutShort(op.setWatches(0n, { child: ['~/a'] }), op.setWatches2(0n, { recursive: ['~/a'] })),
  'surplus bytes behind writes are ignored [VAL-18]': surplus(
    op.create('~/a'),
    op.setData('~/a', 'x'),
    op.setAcl('~/a', op.OPEN),
    op.remove('~/a'),
  ),
  'surplus bytes behind reads are ignored [VAL-18]': surplus(
    op.exists('~'),
    op.getData('~'),
    op.getChildren('~'),
    op.sync('~'),
    op.addWatch('~'),
    op.ping(),
    op.whoAmI(),
  ),
  'texts and vectors with lengths beyond the frame [VAL-15]': async (s) => {
    const a = await s.client('a');
    await a.call(op.strange('create, long path', 1, int(1000)));
    await a.call(op.strange('create, negative path', 1, int(-7)));
    await a.call(op.strange('exists, long path', 3, Buffer.concat([int(1_000_000), Buffer.from('/a')])));
    await a.call(op.strange('exists, negative path', 3, Buffer.concat([int(-2), bool(false)])));
    await a.call(op.strange('create, long acl', 1, Buffer.concat([buffer('/x'), buffer(''), int(100_000), int(0)])));
    await a.call(op.strange('setData, long data', 5, Buffer.concat([buffer('/x'), int(100_000)])));
    await a.call(op.exists('~'));
  },
  'a boolean that is neither 0 nor 1': async (s) => {
    const a = await s.client('a');
    await a.call(op.create('~/a'));
    const body = (value: number) => (text: (path: string) => string) => Buffer.concat([buffer(text('~/a')), Buffer.from([value])]);
    await a.call({ ...op.exists('~/a'), name: 'exists watch 2', body: body(2) });
    await a.call(op.setData('~/a', 'x'));
    await a.call({ ...op.exists('~/a'), name: 'exists watch 255', body: body(255) });
    await a.call(op.setData('~/a', 'y'));
  },
  'paths in broken UTF-8': async (s) => {
    const a = await s.client('a');
    const named =
      (...bytes: readonly number[]) =>
      (text: (path: string) => string) =>
        Buffer.concat([
          buffer(Buffer.concat([Buffer.from(text('~/')), Buffer.from(bytes)])),
          buffer('x'),
          vector([Buffer.concat([int(31), buffer('world'), buffer('anyone')])]),
          int(0),
        ]);
    await a.call({ ...op.create('~/ff'), body: named(0xff) });
    await a.call({ ...op.create('~/c0af'), body: named(0x61, 0xc0, 0xaf) });
    await a.call({ ...op.create('~/e282'), body: named(0x62, 0xe2, 0x82) });
    await a.call({ ...op.create('~/eda080'), body: named(0x63, 0xed, 0xa0, 0x80) });
    await a.call({ ...op.create('~/f0908080'), body: named(0x64, 0xf0, 0x90, 0x80, 0x80) });
    await a.call(op.getChildren('~'));
  },
});

export const types = cases({
  'type 0 is UNIMPLEMENTED, then the end [OP-01, PIPE-07]': refusedType(0),
  'an unknown type [PIPE-07, WIRE-08]': refusedType(999),
  'a negative unknown type [PIPE-07]': refusedType(-5),
  'the type of error transactions [OP-31, PIPE-07]': refusedType(-1),
  'type 10 [PIPE-07]': refusedType(10),
  'type 23 [PIPE-07]': refusedType(23),
  'reconfig where it is disabled [RCFG-01]': async (s) => {
    const a = await s.client('a');
    await a.call(op.reconfig({ leaving: '3' }));
    await a.call(op.exists('~'));
  },
  'xids: any is echoed [WIRE-18]': async (s) => {
    const a = await s.client('a');
    for (const xid of [5, 5, 0, 1, 2147483647, -3, -2147483648]) await a.call({ ...op.exists('~'), xid });
    await a.call({ ...op.ping(), xid: 77 });
    await a.call({ ...op.create('~/a'), xid: 0 });
    await a.call({ ...op.create('~/b'), xid: -100 });
    await a.call({ ...op.setWatches(0n, {}), xid: 12 });
  },
  'xids that have a meaning elsewhere, on reads [WIRE-18]': async (s) => {
    const a = await s.client('a');
    for (const xid of [-1, -2, -4, -8]) await a.call({ ...op.getData('~'), xid });
  },
  'a check at the top level that fails is an ordinary error [PIPE-08]': async (s) => {
    // One that succeeds would take the server down, and its log with it.
    const a = await s.client('a');
    await a.calls(op.create('~/a'), op.check('~/none', 0), op.check('~/a', 7), op.exists('~'));
  },
  'sasl without a configuration [OP-25]': async (s) => {
    const a = await s.client('a');
    await a.call({ ...op.strange('sasl', 102, buffer('token')), name: 'sasl' });
    await a.flush();
  },
});

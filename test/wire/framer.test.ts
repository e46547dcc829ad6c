import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JUTE_MAXBUFFER, makeFramer, piecesOf, type Framer, type Piece } from '../../src/wire/framer.ts';

function frame(body: Uint8Array): Uint8Array {
  const whole = new Uint8Array(4 + body.length);
  new DataView(whole.buffer).setInt32(0, body.length);
  whole.set(body, 4);
  return whole;
}

function lengthPrefix(length: number): Uint8Array {
  const prefix = new Uint8Array(4);
  new DataView(prefix.buffer).setInt32(0, length);
  return prefix;
}

const letters = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const concat = (...arrays: readonly Uint8Array[]): Uint8Array => Uint8Array.from(arrays.flatMap((array) => [...array]));

/** One frame with that body; `toEqual` takes seconds for a megabyte. */
function bodiesEqual(pieces: readonly Piece[], body: Uint8Array): boolean {
  const [piece] = pieces;
  return pieces.length === 1 && piece?.type === 'frame' && Buffer.compare(piece.body, body) === 0;
}

/** The pieces of `stream` when it comes cut at the given places. */
function cutPieces(framer: Framer, stream: Uint8Array, cuts: readonly number[]): Piece[] {
  const places = [...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b);
  const pieces: Piece[] = [];
  let start = 0;
  for (const place of places) {
    pieces.push(...piecesOf(framer, stream.slice(start, place)));
    start = place;
  }
  return pieces;
}

describe('bytes to frames', () => {
  test('a stream gives the same frames however it is cut, empty ones included', () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 6 });
    fc.assert(
      fc.property(bodies, fc.array(fc.nat(), { maxLength: 12 }), (bodies, cuts) => {
        const pieces = cutPieces(makeFramer('server'), concat(...bodies.map(frame)), cuts);
        expect(pieces).toEqual(bodies.map((body) => ({ type: 'frame', body })));
      }),
      { numRuns: 1000 },
    );
  });

  test('a frame that came whole in a chunk is not copied, one that was put together stays as it is', () => {
    const framer = makeFramer('server');
    const chunk = frame(Uint8Array.of(1, 2, 3));
    const [whole] = piecesOf(framer, chunk);
    expect(whole?.type === 'frame' && whole.body.buffer === chunk.buffer).toBe(true);
    piecesOf(framer, chunk.subarray(0, 6));
    const [kept] = piecesOf(framer, chunk.subarray(6));
    piecesOf(framer, frame(Uint8Array.of(7, 7, 7, 7)).subarray(0, 7));
    expect(kept).toEqual({ type: 'frame', body: Uint8Array.of(1, 2, 3) });
  });

  test('WIRE-19: a frame of exactly jute.maxbuffer bytes is one, a byte more or a negative length is not, and nothing follows', () => {
    const body = new Uint8Array(JUTE_MAXBUFFER);
    expect(bodiesEqual(piecesOf(makeFramer('server'), frame(body)), body)).toBe(true);
    for (const length of [JUTE_MAXBUFFER + 1, 0x7fffffff, -1, -0x80000000]) {
      const framer = makeFramer('server');
      expect(piecesOf(framer, concat(lengthPrefix(length), frame(Uint8Array.of(1))))).toEqual([{ type: 'bad-length', length }]);
      expect(piecesOf(framer, frame(Uint8Array.of(1)))).toEqual([]);
    }
  });

  test('what is kept grows with what has come, not with what was announced', () => {
    const framer = makeFramer('server');
    piecesOf(framer, concat(lengthPrefix(JUTE_MAXBUFFER), new Uint8Array(10)));
    expect(framer.held.length).toBeLessThanOrEqual(20);
  });

  test('a megabyte byte by byte is copied less than three times over', () => {
    const framer = makeFramer('server');
    piecesOf(framer, lengthPrefix(JUTE_MAXBUFFER));
    const one = Uint8Array.of(9);
    let copied = 0;
    let before = framer.held;
    for (let i = 0; i < JUTE_MAXBUFFER - 1; i++) {
      piecesOf(framer, one);
      if (framer.held !== before) copied += before.length;
      before = framer.held;
    }
    expect(copied).toBeLessThan(3 * JUTE_MAXBUFFER);
    expect(bodiesEqual(piecesOf(framer, one), new Uint8Array(JUTE_MAXBUFFER).fill(9))).toBe(true);
  });
});

describe('four-letter words (ADM-01)', () => {
  test('a known word at the beginning of a connection is one, in pieces too, and nothing follows it', () => {
    for (const word of ['ruok', 'srvr', 'mntr', 'isro', 'hash', 'wchp']) {
      const pieces = cutPieces(makeFramer('server'), letters(`${word}\n${word}`), [1, 3]);
      expect(pieces).toEqual([{ type: 'four-letter-word', word }]);
    }
  });

  test('what telnet sends when it is interrupted is a word of its own name (ADM-01)', () => {
    expect(piecesOf(makeFramer('server'), Uint8Array.of(0xff, 0xf4, 0xff, 0xfd))).toEqual([
      { type: 'four-letter-word', word: 'telnet close' },
    ]);
  });

  test('ADM-24: other letters are a length far beyond jute.maxbuffer', () => {
    expect(piecesOf(makeFramer('server'), letters('lead'))).toEqual([{ type: 'bad-length', length: 0x6c656164 }]);
    expect(piecesOf(makeFramer('server'), letters('RUOK'))).toEqual([{ type: 'bad-length', length: 0x52554f4b }]);
  });

  test('after a frame, and on the client side, a word is a length (ADM-02)', () => {
    const later = piecesOf(makeFramer('server'), concat(frame(Uint8Array.of(1)), letters('ruok')));
    expect(later[1]).toEqual({ type: 'bad-length', length: 0x72756f6b });
    expect(piecesOf(makeFramer('client'), letters('ruok'))).toEqual([{ type: 'bad-length', length: 0x72756f6b }]);
  });

  test('with a jute.maxbuffer beyond the letters a word still is a word', () => {
    expect(piecesOf(makeFramer('server', 0x7fffffff), letters('ruok'))).toEqual([{ type: 'four-letter-word', word: 'ruok' }]);
  });
});

/*
 * A stream of bytes to frames, piece by piece as they arrive (WIRE-02). It keeps at most one unfinished frame, in an array that grows with
 * what has come and not with what was announced: ten thousand connections that announce a megabyte and send nothing cost nothing.
 */
import { readerOfFrame, readInt } from './reader.ts';

/** Integer.getInteger("jute.maxbuffer", 0xfffff). */
export const JUTE_MAXBUFFER = 0xfffff;

const lengthSize = 4;
const NOTHING = new Uint8Array(0);

/** ADM-01. As the first four bytes of a connection they are no length. */
const FOUR_LETTER_WORDS: ReadonlySet<string> = new Set(
  'conf cons crst dirs dump envi gtmk hash isro mntr ruok srst srvr stat stmk wchc wchp wchs'.split(' '),
);
/** What a telnet client sends when it is interrupted, and how FourLetterCommands calls it. */
const TELNET_CLOSE = '\xff\xf4\xff\xfd';

export type Piece =
  /** A view of the chunk where the frame came in one: use it before the chunk is used again. */
  | { readonly type: 'frame'; readonly body: Uint8Array }
  | { readonly type: 'four-letter-word'; readonly word: string }
  /** WIRE-19. Nothing follows it. */
  | { readonly type: 'bad-length'; readonly length: number };

export interface Framer {
  readonly frameMax: number;
  /** Words count only before the first frame. */
  expectsWord: boolean;
  /** True once a word or a bad length has come: what follows is not looked at. */
  isOver: boolean;
  /** The length of the frame under way; null while it is the length that is incomplete. */
  length: number | null;
  /** What has come of the frame or of the length, in `held` up to before `heldLength`. */
  held: Uint8Array;
  heldLength: number;
}

/** `frameMax` bytes are still accepted. A client's side of a connection gets no words. */
export function makeFramer(side: 'client' | 'server', frameMax = JUTE_MAXBUFFER): Framer {
  return { frameMax, expectsWord: side === 'server', isOver: false, length: null, held: NOTHING, heldLength: 0 };
}

/** Takes the next bytes of the stream and gives what is complete with them. */
export function piecesOf(framer: Framer, chunk: Uint8Array): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; !framer.isOver;) {
    const size = framer.length ?? lengthSize;
    const part = chunk.subarray(at, at + size - framer.heldLength);
    at += part.length;
    const whole = wholeOf(framer, part, size);
    if (whole === null) break; // the chunk is used up
    if (framer.length === null) {
      onLength(framer, whole, pieces);
    } else {
      framer.length = null;
      pieces.push({ type: 'frame', body: whole });
    }
  }
  return pieces;
}

/** The `size` bytes that `part` completes, or null. */
function wholeOf(framer: Framer, part: Uint8Array, size: number): Uint8Array | null {
  if (framer.heldLength === 0 && part.length === size) return part;
  const length = framer.heldLength + part.length;
  if (framer.held.length < length) {
    // Doubling, so that a frame in many small chunks is not copied once for each of them.
    const larger = new Uint8Array(Math.min(size, Math.max(length, 2 * framer.held.length)));
    larger.set(framer.held.subarray(0, framer.heldLength));
    framer.held = larger;
  }
  framer.held.set(part, framer.heldLength);
  framer.heldLength = length;
  if (length < size) return null;
  const whole = framer.held.subarray(0, size);
  framer.held = NOTHING;
  framer.heldLength = 0;
  return whole;
}

function onLength(framer: Framer, bytes: Uint8Array, pieces: Piece[]): void {
  const word = framer.expectsWord ? wordOf(bytes) : null;
  framer.expectsWord = false;
  const length = readInt(readerOfFrame(bytes));
  if (word !== null) pieces.push({ type: 'four-letter-word', word });
  else if (length < 0 || length > framer.frameMax) pieces.push({ type: 'bad-length', length });
  else framer.length = length;
  framer.isOver = framer.length === null;
}

function wordOf(bytes: Uint8Array): string | null {
  const letters = String.fromCharCode(...bytes);
  if (letters === TELNET_CLOSE) return 'telnet close';
  return FOUR_LETTER_WORDS.has(letters) ? letters : null;
}

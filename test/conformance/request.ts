// A request of a script: what to send, and how to read what it is answered with.

import type { Buffer } from 'node:buffer';
import type { Reader } from './jute.ts';
import type { Names } from './names.ts';

export type Json = string | number | boolean | null | readonly Json[] | Fields;

export interface Fields {
  readonly [key: string]: Json;
}

export interface Request {
  /** How the transcript calls it. */
  readonly name: string;
  readonly type: number;
  /** Without one the connection's next is taken. */
  readonly xid?: number;
  /** `text` puts the folder of the case in the place of `~`. */
  body(text: (path: string) => string): Buffer;
  read(r: Reader, names: Names): Fields;
}

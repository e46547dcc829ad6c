/* MultiHeader: in front of each operation or result of a multi, and behind the last (WIRE-12). */
import { boolean, int, record, type Codec } from './codec.ts';

interface MultiHeader {
  readonly type: number;
  readonly done: boolean;
  readonly error: number;
}

export const multiHeader: Codec<MultiHeader> = record<MultiHeader>({ type: int, done: boolean, error: int });

/** MULTI-07. */
export const END_OF_MULTI: MultiHeader = { type: -1, done: true, error: -1 };

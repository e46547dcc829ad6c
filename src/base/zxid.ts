/* A transaction id: epoch in the high 32 bits, counter in the low 32, as one safe integer epoch * 2^32 + counter (ID-01). */
import { assert } from './assert.ts';

/** Ordered by `<`. Never use bitwise operators on it: they would cut off the epoch. */
export type Zxid = number;

/** What a server without history reports; epoch -1, hex ffffffffffffffff. */
export const noZxid: Zxid = -1;

/** Epochs at and above this would leave the safe integers. */
export const epochLimit = 0x20_0000;
export const counterMax = 0xffff_ffff;

const twoTo32 = 0x1_0000_0000;

/** Throws Bug unless 0 <= epoch < 2^21 and 0 <= counter < 2^32. */
export function makeZxid(epoch: number, counter: number): Zxid {
  assert(Number.isInteger(epoch) && epoch >= 0 && epoch < epochLimit, () => `epoch ${epoch} out of range`);
  assert(Number.isInteger(counter) && counter >= 0 && counter <= counterMax, () => `counter ${counter} out of range`);
  return epoch * twoTo32 + counter;
}

export function epochOf(zxid: Zxid): number {
  return Math.floor(zxid / twoTo32);
}

/** The unsigned low 32 bits. */
export function counterOf(zxid: Zxid): number {
  return zxid - epochOf(zxid) * twoTo32;
}

/** As ZooKeeper writes it in file names and logs: lowercase hex without padding or prefix. */
export function zxidHex(zxid: Zxid): string {
  return zxid === noZxid ? 'ffffffffffffffff' : zxid.toString(16);
}

/** As people say it: 'epoch.counter' in decimal, or '-1' for none. */
export function zxidText(zxid: Zxid): string {
  return zxid === noZxid ? '-1' : `${epochOf(zxid)}.${counterOf(zxid)}`;
}

/** Reads '3.17', '0x300000011' or '-1'; null when the text is none of these or out of range. */
export function parseZxid(text: string): Zxid | null {
  if (text === '-1') return noZxid;
  const parts = /^(\d{1,7})\.(\d{1,10})$/.exec(text);
  if (parts !== null) {
    const epoch = Number(parts[1]);
    const counter = Number(parts[2]);
    return epoch < epochLimit && counter <= counterMax ? makeZxid(epoch, counter) : null;
  }
  if (!/^0x[0-9a-f]{1,16}$/i.test(text)) return null;
  if (/^0xf{16}$/i.test(text)) return noZxid;
  const zxid = Number(text);
  return Number.isSafeInteger(zxid) ? zxid : null;
}

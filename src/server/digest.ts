/**
 * The digest of the tree: the sum of its nodes' checksums (G7). Each is below 2^32 and only what was added is ever subtracted, so up to two
 * million nodes the 64-bit sum is a safe integer; it becomes 16 hex digits where it travels.
 */
import { bytesOfUtf8 } from '../base/bytes.ts';
import type { Bytes } from '../base/bytes.ts';
import { crc32OfBytes, crc32OfWords } from '../base/crc32.ts';
import { hiOf, int64OfNumber, loOf } from '../base/int64.ts';
import { NO_SESSION } from './protocol.ts';
import type { StatPersisted } from './znode.ts';

const subtree = '/zookeeper/';
const statWords = new Int32Array(15);

/** DIG-02: CRC-32 over path, data and stat; DIG-03: nothing below /zookeeper counts. The root's key is ''. */
export function nodeDigest(key: string, data: Bytes | null, stat: StatPersisted): number {
  if (key.startsWith(subtree)) return 0;
  putLong(0, stat.czxid);
  putLong(2, stat.mzxid);
  putLong(4, stat.pzxid);
  putLong(6, stat.ctime);
  putLong(8, stat.mtime);
  statWords[10] = stat.version;
  statWords[11] = stat.cversion;
  statWords[12] = stat.aversion;
  const owned = stat.ephemeralOwner !== NO_SESSION;
  statWords[13] = owned ? hiOf(stat.ephemeralOwner) : 0;
  statWords[14] = owned ? loOf(stat.ephemeralOwner) : 0;
  const crc = crc32OfBytes(bytesOfUtf8(key));
  return crc32OfWords(statWords, data === null ? crc : crc32OfBytes(data, crc));
}

function putLong(at: number, value: number): void {
  statWords[at] = Math.floor(value / 0x1_0000_0000);
  statWords[at + 1] = value;
}

/*
 * The texts of sums met lately: every replica comes by the same ones. Only a memory; no result depends on it.
 */
const memorySize = 256;
const sums = new Float64Array(memorySize).fill(NaN);
const texts: string[] = Array.from({ length: memorySize }, () => '');

export function digestText(sum: number): string {
  const slot = sum & (memorySize - 1);
  if (sums[slot] !== sum) {
    sums[slot] = sum;
    texts[slot] = int64OfNumber(sum);
  }
  return texts[slot] ?? '';
}

import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfUtf8 } from '../../src/base/bytes.ts';
import { peek } from '../../src/base/parts.ts';
import { dumpTree } from '../../src/server/data-tree.ts';
import { digestText, nodeDigest } from '../../src/server/digest.ts';
import { treeDigest } from '../../src/server/read-operations.ts';
import { create, digestMismatches, ephemeral, makeDatabase, session, setData, write } from '../support/server-context.ts';

test('a fresh tree has the digest that a real server logs for an empty one: 1371985504 [DIG-01] [DIG-03]', () => {
  expect(treeDigest(makeDatabase())).toBe(digestText(1371985504));
});

test('a node counts with path, data and sixty bytes of stat [DIG-02]', () => {
  const stat = {
    czxid: 0x3_0000_0001,
    mzxid: 0x3_0000_0002,
    pzxid: 0x4_0000_0003,
    ctime: 1_700_000_000_123,
    mtime: 1_700_000_000_456,
    version: 7,
    cversion: 8,
    aversion: -1,
    ephemeralOwner: '0200001234567890',
  };
  const bytes = Buffer.alloc(60);
  const longs = [stat.czxid, stat.mzxid, stat.pzxid, stat.ctime, stat.mtime];
  longs.forEach((long, i) => bytes.writeBigInt64BE(BigInt(long), 8 * i));
  [stat.version, stat.cversion, stat.aversion].forEach((int, i) => bytes.writeInt32BE(int, 40 + 4 * i));
  bytes.writeBigInt64BE(0x0200001234567890n, 52);
  const whole = Buffer.concat([Buffer.from('/grüße/日本'), Buffer.from('data'), bytes]);
  expect(nodeDigest('/grüße/日本', bytesOfUtf8('data'), stat)).toBe(crc32(whole));
  expect(nodeDigest('/zookeeper/quota', bytesOfUtf8('data'), stat)).toBe(0);
  expect(nodeDigest('/a', null, stat)).toBe(nodeDigest('/a', bytesOfUtf8(''), stat));
});

test('the digest of the tree is the sum over its nodes', () => {
  const db = makeDatabase();
  for (const operation of [create('/a', 'x'), ephemeral('/a/e'), setData('/', 'root'), setData('/a', null), create('/b')])
    write(db, operation);
  const sum = dumpTree(db.parts, db.refs).reduce((total, { node }) => total + node.digest, 0);
  expect(peek(db.parts, db.refs.tree).digest).toBe(sum);
});

test('each transaction tells the digest after it, and every apply notes it [DIG-04]', () => {
  const db = makeDatabase();
  write(db, create('/a', 'x'), session(2));
  write(db, setData('/missing', 'x'));
  expect(db.notes.filter((note) => note.type === 'digest')).toHaveLength(2);
  expect(digestMismatches(db)).toEqual([]);
});

test('the text of a sum is its 64-bit two’s complement, whatever was asked before', () => {
  expect(digestText(-1)).toBe('ffffffffffffffff');
  fc.assert(
    fc.property(fc.maxSafeInteger(), (sum) => {
      expect(digestText(sum)).toBe(BigInt.asUintN(64, BigInt(sum)).toString(16).padStart(16, '0'));
    }),
  );
});

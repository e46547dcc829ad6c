import { describe, expect, test } from 'vitest';
import { bytesOfUtf8, utf8OfBytes } from '../../src/base/bytes.ts';
import { own, peek } from '../../src/base/parts.ts';
import { nodeAt } from '../../src/server/data-tree.ts';
import type { ErrorCode, Operation } from '../../src/server/protocol.ts';
import { parseStats, quotaPrefix, setupQuotas, statsText } from '../../src/server/quota.ts';
import { bodyOf } from '../../src/server/txn-body.ts';
import {
  apply,
  create,
  digestMismatches,
  ephemeral,
  makeDatabase,
  multi,
  prepare,
  remove,
  setData,
  statAt,
  write,
  type Database,
} from '../support/server-context.ts';

/** As zkCli sets a quota: the path to it, the limits, then the stats. */
function setQuota(db: Database, path: string, limits: string): void {
  const parents = path.split('/').slice(1);
  parents.forEach((_, i) => write(db, create(`/zookeeper/quota/${parents.slice(0, i + 1).join('/')}`)));
  write(db, create(`/zookeeper/quota${path}/zookeeper_limits`, limits));
  write(db, create(`/zookeeper/quota${path}/zookeeper_stats`, 'count=-1,bytes=-1'));
}

function usage(db: Database, path: string): string | null {
  const data = nodeAt(db.parts, db.refs, `/zookeeper/quota${path}/zookeeper_stats`)?.data ?? null;
  return data === null ? null : utf8OfBytes(data);
}

function errorOf(db: Database, operation: Operation): ErrorCode {
  const body = bodyOf(prepare(db, operation));
  return body.type === 'error' ? body.error : 'OK';
}

describe('the text of limits and usage [QUOTA-07]', () => {
  const parse = (text: string): unknown => {
    const stats = parseStats(bytesOfUtf8(text));
    return stats === null ? null : [stats.count, stats.bytes, stats.countHardLimit, stats.byteHardLimit];
  };

  test('is pairs between commas or semicolons, in any order, with -1 for what is not said', () => {
    expect(parse('count=4,bytes=5=;byteHardLimit=6;countHardLimit=7')).toEqual([4, 5, 7, 6]);
    expect(parse('bytes=5;;count=4,')).toEqual([4, 5, -1, -1]);
    expect(parse('count=,bytes=')).toBeNull(); // Java finds no second half
    expect(parse('countHardLimit=3')).toEqual([-1, -1, 3, -1]);
    expect(parse('')).toEqual([-1, -1, -1, -1]);
  });

  test('cannot be read when a value is no number', () => {
    expect(['count', 'count=x', 'count=1.5', ',count=1', 'count=1,=bytes'].map(parse)).toEqual([null, null, null, null, null]);
    expect(parseStats(null)).toBeNull();
  });

  test('begins with count and bytes; the rest follows where it was said', () => {
    expect(utf8OfBytes(statsText(2, 3))).toBe('count=2,bytes=3');
    const said = parseStats(bytesOfUtf8('byteHardLimit=6,count=1,a=0'))!.said;
    expect(utf8OfBytes(statsText(2, 3, said))).toBe('count=2,bytes=3=;a=0;byteHardLimit=6');
  });
});

describe('usage', () => {
  test('begins with what is there, and follows creates, sets and deletes below [QUOTA-02] [QUOTA-03] [QUOTA-04]', () => {
    const db = makeDatabase();
    for (const operation of [create('/q', 'ab'), create('/q/a', 'c'), create('/r', 'zzz')]) write(db, operation);
    setQuota(db, '/q', 'count=3,bytes=-1');
    expect(usage(db, '/q')).toBe('count=2,bytes=3');
    write(db, create('/q/b', 'dddd'));
    write(db, setData('/q', null));
    write(db, setData('/r', ''));
    expect(usage(db, '/q')).toBe('count=3,bytes=5');
    write(db, remove('/q/b'));
    write(db, ephemeral('/q/e'));
    expect(usage(db, '/q')).toBe('count=3,bytes=1');
    expect(digestMismatches(db)).toEqual([]);
  });

  test('changes the data of the stats node and nothing else [QUOTA-04] [QUOTA-07]', () => {
    const db = makeDatabase();
    write(db, create('/q'));
    setQuota(db, '/q', 'count=3,bytes=-1');
    const before = statAt(db, '/zookeeper/quota/q/zookeeper_stats');
    for (let i = 0; i < 9; i++) write(db, create(`/q/${i}`, ''));
    expect(usage(db, '/q')).toBe('count=10,bytes=0');
    expect(statAt(db, '/zookeeper/quota/q/zookeeper_stats')).toEqual({ ...before, dataLength: 'count=10,bytes=0'.length });
  });

  test('is charged to the nearest quota above, and to no other [QUOTA-03]', () => {
    const db = makeDatabase();
    for (const path of ['/q', '/q/in', '/qq']) write(db, create(path));
    for (const path of ['/q', '/q/in']) setQuota(db, path, 'count=9,bytes=9');
    write(db, create('/q/in/x', '1'));
    write(db, create('/q/out', '22'));
    write(db, create('/qq/x', '333'));
    expect([usage(db, '/q'), usage(db, '/q/in')]).toEqual(['count=3,bytes=2', 'count=2,bytes=1']);
    expect(['/q/in/x/y', '/q/in', '/q/inn', '/q', '/qq', '/'].map((path) => quotaPrefix(db.parts, db.refs, path))).toEqual([
      '/q/in',
      '/q/in',
      '/q',
      '/q',
      null,
      null,
    ]);
  });

  test('ends with its limits [QUOTA-02]', () => {
    const db = makeDatabase();
    for (const path of ['/q', '/q/in']) write(db, create(path));
    for (const path of ['/q', '/q/in']) setQuota(db, path, 'count=9,bytes=9');
    write(db, remove('/zookeeper/quota/q/in/zookeeper_limits'));
    write(db, create('/q/in/x'));
    expect([usage(db, '/q'), usage(db, '/q/in')]).toEqual(['count=3,bytes=0', 'count=1,bytes=0']);
  });

  test('that a client has made unreadable stays as it is', () => {
    const db = makeDatabase({}, { enforceQuota: true });
    write(db, create('/q'));
    setQuota(db, '/q', 'countHardLimit=5');
    write(db, setData('/zookeeper/quota/q/zookeeper_stats', 'nonsense'));
    expect(errorOf(db, create('/q/a'))).toBe('MARSHALLINGERROR'); // PIPE-13
    expect(errorOf(db, multi(create('/b'), create('/q/a')))).toBe('MARSHALLINGERROR');
    expect(errorOf(db, create('/b'))).toBe('OK');
    write(db, setData('/zookeeper/quota/q/zookeeper_limits', null));
    expect(errorOf(db, setData('/q', 'x'))).toBe('MARSHALLINGERROR');
    expect(usage(db, '/q')).toBe('nonsense');
  });

  test('is counted anew from a tree that was loaded [DISK-19]', () => {
    const db = makeDatabase();
    for (const path of ['/q', '/q/a', '/r']) write(db, create(path, 'xx'));
    setQuota(db, '/q', 'count=9,bytes=9');
    write(db, setData('/zookeeper/quota/q/zookeeper_stats', 'count=77,bytes=77'));
    own(db.parts, db.refs.quotas).set('/r', true);
    setupQuotas(db.parts, db.refs);
    expect([...peek(db.parts, db.refs.quotas).keys()]).toEqual(['/q']);
    expect(usage(db, '/q')).toBe('count=2,bytes=4');
  });
});

describe('limits [QUOTA-05]', () => {
  function makeLimited(limits: string, enforceQuota = true): Database {
    const db = makeDatabase({}, { enforceQuota });
    write(db, create('/q', 'abc'));
    setQuota(db, '/q', limits);
    Object.assign(db, { traced: true });
    db.notes.length = 0;
    return db;
  }
  const notes = (db: Database): unknown => db.notes.filter(({ type }) => type === 'quota-exceeded');

  test('a hard limit refuses what goes beyond it, and only that', () => {
    const db = makeLimited('count=9,bytes=9=;countHardLimit=2;byteHardLimit=5');
    expect(errorOf(db, create('/q/a', 'xyz'))).toBe('QUOTAEXCEEDED');
    expect(errorOf(db, create('/q/a', 'xy'))).toBe('OK');
    write(db, create('/q/b', 'xy'));
    expect(errorOf(db, create('/q/c', null))).toBe('QUOTAEXCEEDED');
    expect(errorOf(db, setData('/q', 'abcd'))).toBe('QUOTAEXCEEDED');
    expect(errorOf(db, setData('/q', 'xyz'))).toBe('OK');
    expect(errorOf(db, create('/elsewhere', 'xxxxxxxxxxxx'))).toBe('OK');
  });

  test('a soft limit is told of, and one that is not enforced is not even that', () => {
    const db = makeLimited('count=1,bytes=3');
    expect(errorOf(db, create('/q/a', 'x'))).toBe('OK');
    expect(notes(db)).toEqual([
      { type: 'quota-exceeded', path: '/q', of: 'count', value: 2, limit: 1, isHard: false },
      { type: 'quota-exceeded', path: '/q', of: 'bytes', value: 4, limit: 3, isHard: false },
    ]);
    const lax = makeLimited('countHardLimit=1', false);
    expect(errorOf(lax, create('/q/a', 'x'))).toBe('OK');
    expect(notes(lax)).toEqual([]);
  });

  test('a hard limit stands in for the soft one', () => {
    const db = makeLimited('count=1;countHardLimit=3');
    expect(errorOf(db, create('/q/a'))).toBe('OK');
    expect(notes(db)).toEqual([]);
  });

  test('what is pending does not count [QUOTA-06]', () => {
    const db = makeLimited('countHardLimit=2');
    const txns = ['/q/a', '/q/b'].map((path) => prepare(db, create(path)));
    expect(txns.map((txn) => apply(db, txn).error)).toEqual(['OK', 'OK']);
    expect(usage(db, '/q')).toBe('count=3,bytes=3');
  });

  test('the version comes after, the ephemeral parent before the quota [VAL-01] [VAL-03]', () => {
    const db = makeLimited('byteHardLimit=3');
    write(db, ephemeral('/q/e'));
    expect(errorOf(db, setData('/q', 'abcd', 7))).toBe('QUOTAEXCEEDED');
    expect(errorOf(db, create('/q/e/x', 'abcd'))).toBe('NOCHILDRENFOREPHEMERALS');
  });
});

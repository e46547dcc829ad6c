import { describe, expect, test } from 'vitest';
import { own } from '../../src/base/parts.ts';
import { application } from '../../src/server/application.ts';
import { closeConnection, connectionAt, openConnection, slotOf } from '../../src/server/connections.ts';
import type { ServerConfig } from '../../src/server/config.ts';
import { fourLetterWordText } from '../../src/server/four-letter-word.ts';
import { averageOf, dateText, doubleText } from '../../src/server/java-text.ts';
import { countAnswered, countCreated, countProposal, countReceived, countSent, logDigest } from '../../src/server/server-stats.ts';
import { CLIENT_READER } from '../../src/server/thread-kinds.ts';
import type { Role } from '../../src/server/thread-state.ts';
import { addWatch } from '../../src/server/watch-manager.ts';
import { attach, enqueued, makeProcessors, sessionId, step, type Processors } from '../support/processors-context.ts';

const S = sessionId(1);
const ALL = { fourLetterWhitelist: '*' };

/** 23:50:30 on a Monday, with a server of the role and one client that has read something. */
function makeServer(role: Role, config: Partial<ServerConfig> = ALL): Processors {
  const ctx = makeProcessors(role, { config });
  ctx.now = 1_796_082_630_000_000;
  const { parts, refs } = ctx;
  const slot = slotOf(attach(ctx, S));
  countReceived(parts, refs.stats, slot);
  countCreated(parts, refs.stats, slot, 2, 1_796_082_629_997);
  countAnswered(parts, refs.stats, slot, { cxid: 2, zxid: 0x1_0000_0002, operation: 'GETD', nowMs: 1_796_082_630_000 });
  countSent(parts, refs.stats, slot);
  return ctx;
}

/** A connection that begins with the word: what is sent, and whether the connection closes behind it. */
function ask(ctx: Processors, word: string): { readonly text: string; readonly closes: boolean } {
  const id = openConnection(ctx, 60, '127.0.0.1:4444');
  const input = { type: 'packet', packet: { type: 'FOUR-LETTER-WORD', word }, link: 60, zxid: 0 };
  const items = enqueued(step(ctx, CLIENT_READER, input, slotOf(id), Math.floor(id / 0x100000))).map(({ item }) => item);
  const text = items.map((item) => ('text' in item ? item.text : '')).join('');
  const closes = items.some(({ type }) => type === 'close-conn') || connectionAt(ctx, id) === null;
  closeConnection(ctx, id, 'test');
  return { text, closes };
}

const SERVER_LINES = `Latency min/avg/max: 3/3.0/3
Received: 2
Sent: 1
Connections: 2
Outstanding: 0
Zxid: 0x100000000
`;

describe('four-letter words', () => {
  test('srvr, on a leader with the sizes of its proposals [ADM-04] [ADM-13]', () => {
    const version = 'Zookeeper version: 3.8.0-test, built on a day\n';
    const config = { ...ALL, version: '3.8.0-test, built on a day' };
    expect(ask(makeServer('follower', config), 'srvr')).toEqual({
      text: `${version}${SERVER_LINES}Mode: follower\nNode count: 5\n`,
      closes: true,
    });
    expect(ask(makeServer('standalone', config), 'srvr').text).toBe(`${version}${SERVER_LINES}Mode: standalone\nNode count: 5\n`);
    const leader = makeServer('leader', config);
    const srvr = (sizes: string): string => `${version}${SERVER_LINES}Mode: leader\nNode count: 5\nProposal sizes last/min/max: ${sizes}\n`;
    expect(ask(leader, 'srvr').text).toBe(srvr('-1/-1/-1'));
    for (const bytes of [86, 48, 87]) countProposal(leader.parts, leader.refs.stats, bytes);
    expect(ask(leader, 'srvr').text.split('\n').at(-2)).toBe('Proposal sizes last/min/max: 87/48/87');
  });

  test('stat lists the clients, the asking one too, which is not read any more [ADM-14]', () => {
    const lines = ask(makeServer('follower'), 'stat').text.split('\n');
    expect(lines.slice(1, 6)).toEqual([
      'Clients:',
      ' /127.0.0.1:1024[1](queued=0,recved=1,sent=1)',
      ' /127.0.0.1:4444[0](queued=0,recved=1,sent=0)',
      '',
      'Latency min/avg/max: 3/3.0/3',
    ]);
  });

  test('cons tells of each connection what its session did; the least latency is 0 until the first crst [ADM-05] [ADM-15] [ADM-16]', () => {
    const ctx = makeServer('follower');
    const line = (of: string): string => ` /127.0.0.1:1024[1](${of})`;
    expect(ask(ctx, 'cons').text.split('\n')).toEqual([
      line(
        'queued=0,recved=1,sent=1,sid=0x100000000000001,lop=GETD,est=1796082630000,to=4000,lcxid=0x2,lzxid=0x100000002,' +
          'lresp=1796082630000,llat=3,minlat=0,avglat=3,maxlat=3',
      ),
      ' /127.0.0.1:4444[0](queued=0,recved=1,sent=0)',
      '',
      '',
    ]);
    expect(ask(ctx, 'crst').text).toBe('Connection stats reset.\n');
    expect(ask(ctx, 'cons').text.split('\n')[0]).toBe(
      line(
        'queued=0,recved=0,sent=0,sid=0x100000000000001,lop=NA,est=1796082630000,to=4000,lzxid=0xffffffffffffffff,' +
          'lresp=0,llat=0,minlat=0,avglat=0,maxlat=0',
      ),
    );
  });

  test('mntr has a server’s gauges, and more on a leader [ADM-07] [ADM-18] [ADM-19]', () => {
    const keys = (role: Role): string[] =>
      ask(makeServer(role), 'mntr')
        .text.trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[0]!);
    const text = ask(makeServer('leader'), 'mntr').text;
    for (const line of [
      'server_state\tleader',
      'peer_state\tleading - broadcast',
      'avg_latency\t3.0',
      'znode_count\t5',
      'approximate_data_size\t44',
      'quorum_size\t3',
      'learners\t0',
    ]) {
      expect(text).toContain(`zk_${line}\n`);
    }
    const extra = (role: Role): string[] => keys(role).filter((key) => !keys('standalone').includes(key));
    expect(extra('follower')).toEqual(['zk_peer_state', 'zk_quorum_size']);
    expect(extra('leader')).toContain('zk_synced_followers');
  });

  test('dump: sessions by bucket where they can expire, by id elsewhere; ephemerals; connections by bucket [ADM-09] [ADM-20]', () => {
    const leader = makeServer('leader');
    own(leader.parts, leader.refs.ephemerals).set(S, ['/e', '/f']);
    const [head, ...rest] = ask(leader, 'dump').text.split('\n');
    expect([head, ...rest]).toEqual([
      'SessionTracker dump:',
      'Session Sets (1)/(1):',
      '1 expire at Mon Nov 30 23:50:36 UTC 2026:',
      '\t0x100000000000001',
      'ephemeral nodes dump:',
      'Sessions with Ephemerals (1):',
      '0x100000000000001:',
      '\t/e',
      '\t/f',
      'Connections dump:',
      'Connections Sets (0)/(2):',
      '',
    ]);
    expect(ask(makeServer('observer'), 'dump').text).toContain('dump:\nGlobal Sessions(1):\n0x100000000000001\t4000ms\nephemeral');
  });

  test('connections have buckets of 10 s; one that all have left is listed until its time [ADM-20]', () => {
    const ctx = makeServer('follower');
    const id = openConnection(ctx, 61, '10.0.0.9:7');
    step(ctx, CLIENT_READER, { type: 'start' }, slotOf(id), Math.floor(id / 0x100000));
    expect(ask(ctx, 'dump').text).toContain('Sets (1)/(3):\n1 expire at Mon Nov 30 23:50:50 UTC 2026:\n\tip: /10.0.0.9:7 sessionId: 0x0\n');
    closeConnection(ctx, id, 'test');
    expect(ask(ctx, 'dump').text).toContain('Sets (1)/(2):\n0 expire at Mon Nov 30 23:50:50 UTC 2026:\n');
  });

  test('wchs, wchc and wchp show the data table only [ADM-08] [ADM-22]', () => {
    const ctx = makeServer('follower');
    const connection = [...own(ctx.parts, ctx.refs.connections).bySession.values()][0]!;
    for (const [table, path] of [
      ['data', '/a'],
      ['data', '/b'],
      ['child', '/c'],
    ] as const) {
      addWatch(ctx.parts, ctx.refs.watches, { table, path, connection }, 'STANDARD', true);
    }
    expect(ask(ctx, 'wchs').text).toBe('1 connections watching 2 paths\nTotal watches:2\n');
    expect(ask(ctx, 'wchc').text).toBe('0x100000000000001\n\t/a\n\t/b\n\n');
    expect(ask(ctx, 'wchp').text).toBe('/a\n\t0x100000000000001\n/b\n\t0x100000000000001\n\n');
  });

  test('conf ends, in an ensemble, with the membership and no newline [ADM-06] [ADM-17]', () => {
    const config = { ...ALL, clientPorts: '24191,24192,24193', dataDir: '/d', serverLines: 'server.1=h1:24201:24211:participant' };
    expect(ask(makeServer('follower', config), 'conf').text.split('\n')).toEqual([
      'clientPort=24191',
      'secureClientPort=-1',
      'dataDir=/d/version-2',
      'dataDirSize=0',
      'dataLogDir=/d/version-2',
      'dataLogSize=0',
      'tickTime=2000',
      'maxClientCnxns=60',
      'minSessionTimeout=4000',
      'maxSessionTimeout=40000',
      'clientPortListenBacklog=-1',
      'serverId=1',
      'initLimit=10',
      'syncLimit=5',
      'electionAlg=3',
      'electionPort=24211',
      'quorumPort=24201',
      'peerType=0',
      'membership: ',
      'server.1=h1:24201:24211:participant',
      'server.2=127.0.0.1:2889:3889:participant',
      'server.3=127.0.0.1:2890:3890:participant',
      'version=0',
    ]);
  });

  test('ruok, isro, gtmk, dirs, srst, hash, envi [ADM-23] [DIG-07]', () => {
    const ctx = makeServer('leader');
    expect(['ruok', 'isro', 'gtmk', 'dirs', 'hash', 'srst'].map((word) => ask(ctx, word).text)).toEqual([
      'imok',
      'rw',
      '306',
      'datadir_size: 0\nlogdir_size: 0\n',
      '',
      'Server stats reset.\n',
    ]);
    for (const zxid of [127, 128, 256]) logDigest(ctx.parts, ctx.refs.stats, zxid, zxid);
    expect(ask(ctx, 'hash').text).toBe('80: 128\n100: 256\n');
    expect(ask(ctx, 'envi').text).toMatch(/^Environment:\nzookeeper.version=[^\n]*\nhost.name=/);
    expect(ask(ctx, 'srvr').text).toContain('Latency min/avg/max: 0/0.0/0\nReceived: 3\nSent: 0\n');
  });

  test('while nobody serves some answer as usual, and isro says null [ADM-03] [ADM-21]', () => {
    const ctx = makeServer('follower');
    application.unpublish(ctx);
    const notServing = 'This ZooKeeper instance is not currently serving requests';
    for (const word of ['srvr', 'stat', 'cons', 'mntr', 'dump', 'conf', 'dirs', 'wchs', 'wchc', 'wchp', 'crst', 'srst']) {
      expect([word, ask(ctx, word)]).toEqual([word, { text: `${notServing}\n`, closes: true }]);
    }
    expect(['hash', 'ruok', 'isro', 'gtmk'].map((word) => ask(ctx, word).text)).toEqual([notServing, 'imok', 'null', '306']);
  });

  test('only srvr is in the whitelist unless it is set [ADM-01] [ADM-02] [CFG-56]', () => {
    const refused = 'ruok is not executed because it is not in the whitelist.\n';
    expect(ask(makeServer('follower', {}), 'ruok')).toEqual({ text: refused, closes: true });
    expect(ask(makeServer('follower', {}), 'srvr').text).toMatch(/^Zookeeper version: /);
    expect(ask(makeServer('follower', { fourLetterWhitelist: 'mntr, ruok' }), 'ruok').text).toBe('imok');
  });

  test('what is no word, or stmk without its mask, closes without a byte [ADM-24]', () => {
    const ctx = makeServer('follower');
    for (const word of ['lead', 'abcd', 'stmk']) {
      expect(fourLetterWordText(ctx, word, -1)).toBeNull();
      expect(ask(ctx, word)).toEqual({ text: '', closes: true });
    }
  });
});

test('numbers and times as Java prints them [ADM-13] [ADM-20]', () => {
  expect([0, 4, 0.0497, 12.3333, 0.0005, 0.00012, 12_345_678].map(doubleText)).toEqual([
    '0.0',
    '4.0',
    '0.0497',
    '12.3333',
    '5.0E-4',
    '1.2E-4',
    '1.2345678E7',
  ]);
  expect(averageOf(37, 3)).toBe(12.3333);
  expect([0, 1_796_082_642_000, 951_782_400_000, 1_709_251_199_000].map(dateText)).toEqual([
    'Thu Jan 01 00:00:00 UTC 1970',
    'Mon Nov 30 23:50:42 UTC 2026',
    'Tue Feb 29 00:00:00 UTC 2000',
    'Thu Feb 29 23:59:59 UTC 2024',
  ]);
});

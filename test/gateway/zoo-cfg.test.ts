import { describe, expect, test } from 'vitest';
import { readZooCfg, type ZooCfg } from '../../src/gateway/zoo-cfg.ts';
import type { Setting } from '../../src/gateway/zoo-settings.ts';
import { parseScenario } from '../../src/scenario/parse-scenario.ts';
import { serversOf } from '../../src/scenario/spec-of.ts';

const LIMITS = 'tickTime=500\ninitLimit=10\nsyncLimit=5\n';
const THREE = `${LIMITS}clientPort=2181\nserver.1=zoo1:2888:3888\nserver.2=zoo2:2888:3888\nserver.3=zoo3:2888:3888\n`;

function read(text: string, properties: readonly Setting[] = [], other: string | null = null): ZooCfg {
  return readZooCfg(text, 'zoo.cfg', properties, () => other);
}

function property(key: string, value: string): Setting {
  return { key, value, place: { file: `-D${key}`, line: 0, column: 0 } };
}

function servers({ scenario }: ZooCfg): string[] {
  return serversOf(parseScenario(scenario, 'zoo.cfg').document).map(({ name, sid, learnerType }) => `${name} ${sid} ${learnerType}`);
}

describe('the servers', () => {
  test('all of the file, not the one whose myid lies beside it; with ports of their own where the file has one for all', () => {
    const cfg = read(THREE);
    expect(servers(cfg)).toEqual(['s1 1 PARTICIPANT', 's2 2 PARTICIPANT', 's3 3 PARTICIPANT']);
    expect(cfg.ports).toEqual([2181, 2182, 2183]);
    expect(cfg.warnings).toEqual([
      'several servers have client port 2181, which works on machines of their own; here they have 2181 to 2183',
    ]);
  });

  test('by the order of ids, observers among them, each with the client port of its line', () => {
    const cfg = read(
      `${LIMITS}server.10=[::1]:2888:3888:observer;0.0.0.0:2190\nserver.2=b:2888:3888:participant;2182\nserver.1=a:2888:3888;2181\n`,
    );
    expect(servers(cfg)).toEqual(['s1 1 PARTICIPANT', 's2 2 PARTICIPANT', 's10 10 OBSERVER']);
    expect(cfg).toMatchObject({ ports: [2181, 2182, 2190], warnings: [] });
  });

  test('without a server line, and with one (CFG-09), it is a standalone server', () => {
    expect(read('clientPort=2191\ndataDir=/tmp\n')).toMatchObject({ ports: [2191] });
    expect(servers(read('clientPort=2191\nserver.7=a:1:2\n'))).toEqual(['s7 7 PARTICIPANT']);
  });

  test('a dynamic configuration file has the servers', () => {
    const dynamic = 'server.1=a:1:2;2181\nserver.2=b:1:2;2182\nversion=100000000\n';
    expect(servers(read(`${LIMITS}dynamicConfigFile=zoo.cfg.dynamic\n`, [], dynamic))).toEqual(['s1 1 PARTICIPANT', 's2 2 PARTICIPANT']);
  });
});

describe('the settings', () => {
  test('limits and ticks are those of the file; a key that is none becomes a property', () => {
    const cfg = read(`${THREE}snapCount=50\npreAllocSize=64\nminSessionTimeout=300\nenforceQuota=true\n`);
    expect(cfg.zoo).toEqual({ tickTimeMs: 500, initLimit: 10, syncLimit: 5, snapCount: 50, preAllocBytes: 65_536 });
    expect(cfg.server).toMatchObject({
      minSessionTimeoutMs: 300,
      enforceQuota: true,
      initialConfig: expect.stringContaining('snapCount=50'),
    });
    const lines = 'server.1=zoo1:2888:3888:participant\nserver.2=zoo2:2888:3888:participant\nserver.3=zoo3:2888:3888:participant';
    expect(cfg.server).toMatchObject({ serverLines: lines, quorumConfig: `${lines}\nversion=0` });
  });

  test('the command line goes before the file', () => {
    const given = [property('zookeeper.snapCount', '7'), property('jute.maxbuffer', '1000'), property('zookeeper.skipACL', 'yes')];
    expect(read(`${THREE}snapCount=50\n`, given)).toMatchObject({ zoo: { snapCount: 7 }, server: { skipACL: true }, frameMax: 1000 });
  });

  test.each([
    ['snapshotSizeFactor=0.5', { snapshotSizePermille: 500 }],
    ['snapshotSizeFactor=-1', { snapshotSizePermille: -1 }],
    ['snapshotSizeFactor=7', {}],
    ['commitLogCount=5', { commitLogCount: 500 }],
  ])('%s as ZooKeeper takes it (CFG-25, CFG-26)', (line, zoo) => {
    expect(read(`${line}\n`).zoo).toEqual(zoo);
  });

  test('what means nothing here is told once, with the nearest name that does; what every file has is not told', () => {
    expect(read('dataDir=/d\nautopurge.purgeInterval=1\nsnapcount=9\nfsync.warningthresholdms=5\n').warnings).toEqual([
      'zoo.cfg:3: snapcount means nothing here; did you mean snapCount?',
      'zoo.cfg:4: fsync.warningthresholdms means nothing here',
    ]);
  });
});

describe('bad input is refused with its place and what was expected', () => {
  test.each([
    ['tickTime=fast\n', 'zoo.cfg:1:1: found tickTime=fast, expected a whole number from 1 to 2147483647'],
    ['\n  clientPort=70000\n', 'zoo.cfg:2:3: found "70000", expected a port, 0 to 65535'],
    ['server.0=a:1:2\n', 'zoo.cfg:1:1: found server.0, expected the id of a server, 1 to 254'],
    ['server.1=a:1\n', 'zoo.cfg:1:1: found server.1=a:1, expected host:port:port[:participant|observer][;[host:]clientPort]'],
    ['server.1=a:1:2:king\n', 'zoo.cfg:1:1: found king, expected participant or observer'],
    ['server.1=a:1:1\n', 'zoo.cfg:1:1: found port 1 for both of them, expected another one for the election'],
    ['server.1=a:1:2|b:1:2\n', 'zoo.cfg:1:1: found several addresses of server.1, expected one: host:port:port'],
    ['server.1=a:1:2\nserver.2=a:1:2\nsyncLimit=5\n', 'zoo.cfg: initLimit is missing, expected a number of ticks'],
    ['server.1=a:1:2\nserver.2=a:1:2:observer\n', 'zoo.cfg:2:1: found an observer beside 1 voters, expected at least two'],
    [`${THREE}group.1=1:2\n`, 'zoo.cfg:8:1: found group.1, but there are no weighted quorums here'],
    ['reconfigEnabled=true\n', 'zoo.cfg:1:1: found reconfigEnabled=true, but there is no dynamic reconfiguration here'],
    ['secureClientPort=2281\n', 'zoo.cfg:1:1: found secureClientPort=2281, but there is no TLS here, expected no such line'],
    ['electionAlg=2\n', 'zoo.cfg:1:1: found electionAlg=2, expected 3, the only election there is'],
    ['tickTime=10\nminSessionTimeout=900\n', 'zoo.cfg:2:1: found a minSessionTimeout above maxSessionTimeout, expected it below'],
    ['dynamicConfigFile=gone\n', 'zoo.cfg:1:1: found dynamicConfigFile=gone, which cannot be read'],
    ['dynamicConfigFile=d\nserver.1=a:1:2\n', 'zoo.cfg:2:1: found server.1 beside dynamicConfigFile, expected it in that file'],
  ])('%j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  test('a line of the dynamic file that is no server', () => {
    expect(() => read('dynamicConfigFile=d\n', [], 'tickTime=5\n')).toThrow('d:1:1: found tickTime, expected server.N and version');
  });

  test('what is turned off may stand there', () => {
    expect(read('reconfigEnabled=false\nlocalSessionsEnabled=false\n').warnings).toEqual([]);
  });
});

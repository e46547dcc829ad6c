// The commands that are typed here make the requests that ZooKeeper's own zkCli makes: both are overheard, and compared.

import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientFact } from '../../src/client/note.ts';
import { startEnsemble } from '../../src/gateway/library.ts';
import type { RunningEnsemble } from '../../src/gateway/library-types.d.ts';
import { decodeRequest } from '../../src/wire/client-packet.ts';
import { makeFramer, piecesOf } from '../../src/wire/framer.ts';
import { operationText } from '../../src/words/english-operations.ts';
import { call, hush, makeServing, notesOf } from '../support/serving-ensemble.ts';
import { suite } from '../support/suites.ts';
import { talkWith } from './process.ts';
import { findZkCli } from './tools.ts';

const LINES: readonly string[] = [
  'create /a one',
  'create /a/b two world:anyone:cdrwa',
  'create /a/c',
  'create -e /a/e x',
  'create -s /a/s- x',
  'create -s -e /a/se- x',
  'create -c /a/box',
  'create /a/b/deep',
  'create /a/b/deep/er',
  'get /a',
  'get -w -s /a',
  'set /a three',
  'set -v 1 -s /a four',
  'stat -w /a',
  'ls /a',
  'ls -w /a',
  'ls -s /a',
  'ls -R /a',
  'ls -R -w /a',
  'ls -R /none',
  'getAcl /a',
  'getAcl -s /a',
  'setAcl /a world:anyone:cdrwa',
  'setAcl -v 1 -s /a world:anyone:cdrwa',
  'setAcl -R /a/b world:anyone:cdrwa',
  'addauth digest alice:secret',
  'whoami',
  'getAllChildrenNumber /a',
  'getEphemerals',
  'getEphemerals /a',
  'addWatch /a',
  'addWatch -m PERSISTENT /a',
  'removewatches /a',
  'setquota -n 50 /a/b',
  'setquota -B 1000 /a/b',
  'setquota -n 5 /a',
  'setquota -n 5 /a/b/deep',
  'setquota -n 5 /none',
  'listquota /a/b',
  'listquota /a',
  'delquota -n /a/b',
  'delquota /a/b',
  'delquota /a/b',
  'delete /a/c',
  'delete -v 7 /a/b',
  'deleteall /a/b',
  'deleteall -b 2 /a',
  'deleteall -b 0 /none',
  'config',
  'sync /',
];

/** Between two lines zkCli is told to sync something that tells where the next one begins. */
const mark = (i: number): string => `sync /mark-${i}`;

interface Tap {
  readonly port: number;
  readonly overheard: string[];
  readonly server: Server;
}

/** Passes everything on, and writes down what a client asks for. */
function tap(toPort: number): Promise<Tap> {
  const overheard: string[] = [];
  const server = createServer((client) => {
    const upstream = connect(toPort, '127.0.0.1');
    const framer = makeFramer('server');
    let isGreeted = false;
    client.on('data', (chunk: Uint8Array) => {
      for (const piece of piecesOf(framer, chunk)) {
        if (piece.type === 'frame' && isGreeted) note(piece.body);
        isGreeted = true;
      }
    });
    const note = (body: Uint8Array): void => {
      const packet = decodeRequest(body);
      if (packet.type === 'OP' && packet.operation.op !== 'ping') overheard.push(operationText(packet.operation));
    };
    client.pipe(upstream).pipe(client);
    for (const socket of [client, upstream]) socket.on('error', () => socket.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ port: (server.address() as AddressInfo).port, overheard, server }));
  });
}

type Invoked = Extract<ClientFact, { type: 'client-invoked' }>;

function ours(): string[][] {
  const it = makeServing({ clients: [['s1']] });
  return LINES.map((line) => {
    hush(it);
    call(it, 'c1', line, 1000);
    return (notesOf(it, 'client-invoked') as unknown as Invoked[]).map(({ operation }) => operationText(operation));
  });
}

suite('zkCli', findZkCli(), (jar) => {
  let ensemble: RunningEnsemble;
  beforeAll(async () => {
    ensemble = await startEnsemble({ servers: 3 });
    await ensemble.untilServing();
  });
  afterAll(() => ensemble.stop());

  test('every command makes the requests of the real zkCli, in its order', { timeout: 120_000 }, async () => {
    const { port, overheard, server } = await tap(ensemble.servers[0]!.port);
    const shell = talkWith('java', ['-Xmx128m', '-cp', jar, 'org.apache.zookeeper.ZooKeeperMain', '-server', `127.0.0.1:${port}`]);
    try {
      for (const [i, line] of LINES.entries()) {
        // Its answer is that of the mark as well.
        if (line.startsWith('sync')) await shell.ask(line, /Sync is OK\n/, 30_000);
        else shell.say(line);
        await shell.ask(mark(i), /Sync is OK\n/, 30_000);
      }
    } finally {
      await shell.end();
      server.close();
    }
    const real: string[][] = [];
    let rest = overheard;
    for (let i = 0; i < LINES.length; i++) {
      const end = rest.indexOf(mark(i));
      real.push(rest.slice(0, end));
      rest = rest.slice(end + 1);
    }
    const mine = ours();
    expect(LINES.map((line, i) => [line, ...(mine[i] ?? [])])).toEqual(LINES.map((line, i) => [line, ...(real[i] ?? [])]));
  });
});

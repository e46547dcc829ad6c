// A relay between a learner and its leader, which can hold what the leader sends.

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Relay {
  readonly port: number;
  hold(): void;
  release(): void;
  close(): void;
}

export async function openRelay(toPort: number): Promise<Relay> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isHeld = false;
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', () => {}); // its close follows, and takes the other along
      socket.on('close', () => {
        pairs.delete(pair);
        pair.forEach((each) => each.destroy());
      });
    }
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => near.write(bytes));
    if (isHeld) far.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a relay without a port');
  return {
    port: address.port,
    hold: () => {
      isHeld = true;
      for (const [, far] of pairs) far.pause();
    },
    release: () => {
      isHeld = false;
      for (const [, far] of pairs) far.resume();
    },
    close: () => {
      server.close();
      for (const [near, far] of pairs) {
        near.destroy();
        far.destroy();
      }
    },
  };
}

// A client's suite in another process reaches the target by HTTP on loopback: POST /crash/2, POST /restart/2, GET /leader.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Target } from './target.ts';

export interface Door {
  readonly url: string;
  close(): Promise<void>;
}

export function openDoor(target: Target): Promise<Door> {
  const server = createServer((request, response) => void answer(target, request, response));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const close = (): Promise<void> => new Promise((done) => server.close(() => done()));
      resolve({ url: `http://127.0.0.1:${port}`, close });
    });
  });
}

async function answer(target: Target, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [, verb, sid] = /^\/(crash|restart)\/(\d+)$/.exec(request.url ?? '') ?? [];
  try {
    if (request.url === '/leader') return void response.end(String(await target.leader()));
    if (verb === 'crash') await target.crash(Number(sid));
    else if (verb === 'restart') await target.restart(Number(sid));
    else throw new Error(`POST /crash/SID or /restart/SID, not ${request.url}`);
    response.end();
  } catch (error) {
    response.writeHead(400).end(String(error));
  }
}

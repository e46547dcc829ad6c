/**
 * The control door: faults while clients are connected, by HTTP on loopback. `POST /fault` takes one line of the scenario language, `GET /status`
 * tells how the servers are. Web pages are kept out: only names of this machine are accepted as the host, and nothing that names an origin.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { InputError } from '../scenario/input-error.ts';
import type { Serving } from './serving.ts';
import { statusOf } from './status.ts';

export interface ControlDoor {
  readonly url: string;
  readonly close: () => void;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const BODY_MAX = 64 * 1024;
const LOOPBACK_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i;
const FORM = 'one line of a script, such as kill: leader, or {"kill":"leader"}';

/** Rejects with the system's error when the port is taken. */
export function openControlDoor(serving: Serving, port: number): Promise<ControlDoor> {
  const server = createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(serving, request).then(
      ({ status, body }) => send(response, status, body),
      () => response.destroy(), // the other side went away while it was speaking
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      server.on('error', () => undefined);
      resolve({ url: urlOf(server), close: () => shut(server) });
    });
  });
}

function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function urlOf(server: Server): string {
  const address = server.address();
  return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}

function refusal(status: number, error: string): Answer {
  return { status, body: { formatVersion: 1, error } };
}

async function answer(serving: Serving, request: IncomingMessage): Promise<Answer> {
  const { host = '', origin } = request.headers;
  if (!LOOPBACK_HOST.test(host)) return refusal(403, `found host "${host}", expected localhost or 127.0.0.1`);
  if (origin !== undefined) return refusal(403, `found origin "${origin}": web pages are not let in`);
  const path = (request.url ?? '').replace(/\?.*$/, '');
  if (path !== '/status' && path !== '/fault') return refusal(404, `there is no ${path}, expected GET /status or POST /fault`);
  const method = path === '/status' ? 'GET' : 'POST';
  if (request.method !== method) return refusal(405, `found ${request.method ?? ''}, expected ${method} ${path}`);
  if (path === '/status') return { status: 200, body: statusOf(serving.gateway) };
  const body = await readBody(request);
  return body === null ? refusal(413, `found more than ${BODY_MAX} bytes, expected ${FORM}`) : fault(serving, body);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const piece = Buffer.from(chunk as Uint8Array);
    size += piece.length;
    if (size > BODY_MAX) return null;
    chunks.push(piece);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fault(serving: Serving, body: string): Answer {
  const line = body.trim();
  if (line === '') return refusal(400, `found nothing, expected ${FORM}`);
  try {
    const { did, bit } = serving.act(line);
    return { status: 200, body: { formatVersion: 1, did, bit, status: statusOf(serving.gateway) } };
  } catch (error) {
    if (error instanceof InputError) return refusal(400, error.message);
    throw error;
  }
}

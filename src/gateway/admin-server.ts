/**
 * The AdminServer of each simulated server (ADM-10): `/commands` lists the commands, `/commands/<name>` answers with JSON. It lives in the server's
 * process: its port is closed while that is down, and nobody answers while it stands still or its machine is dark.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { peek } from '../base/parts.ts';
import { serverContextOf } from '../ensemble/views.ts';
import { answers } from '../kernel/link-path.ts';
import { nodeOf } from '../kernel/nodes.ts';
import { ADMIN_COMMANDS, adminCommand, adminReset } from '../server/admin-commands.ts';
import type { Gateway } from './gateway.ts';

interface AdminHooks {
  readonly host: string;
  /** Can the server's process be reached, and does it run? */
  readonly power: () => 'up' | 'down' | 'silent';
  /** Null for a command that there is not. */
  readonly run: (name: string) => ReturnType<typeof adminCommand>;
}

export interface AdminServer {
  readonly port: number;
  readonly close: () => void;
}

/** Longer questions than any command has. */
const HEADER_MAX = 8192;
const CONNECTIONS_MAX = 100;

/** One for each server; rejects with the system's error when a port is taken, and then there is none. */
export async function openAdminServers(gateway: Gateway, host: string, ports: readonly number[]): Promise<AdminServer[]> {
  const opened: AdminServer[] = [];
  try {
    for (const [node, port] of ports.entries()) opened.push(await openAdminServer(port, hooksOf(gateway, node, host)));
  } catch (error) {
    for (const { close } of opened) close();
    throw error;
  }
  return opened;
}

function hooksOf(gateway: Gateway, node: number, host: string): AdminHooks {
  const { ensemble } = gateway;
  const { world, outside } = ensemble;
  return {
    host,
    power: () => {
      const { power, paused } = peek(world.parts, nodeOf(world, node).part);
      if (paused || (outside !== null && !answers(world, outside.node, node))) return 'silent';
      return power === 'up' ? 'up' : 'down';
    },
    run: (name) => {
      const of = adminReset(name);
      const answered = adminCommand(serverContextOf(ensemble, node), name);
      // A part of the run, and so of what is recorded.
      if (of !== null && answered !== null && !('error' in answered.fields)) gateway.act({ type: 'reset-stats', node, of });
      return answered;
    },
  };
}

function openAdminServer(port: number, hooks: AdminHooks): Promise<AdminServer> {
  const server = createServer({ maxHeaderSize: HEADER_MAX }, (request, response) => answer(request, response, hooks));
  server.maxConnections = CONNECTIONS_MAX;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, hooks.host, () => {
      server.removeListener('error', reject);
      server.on('error', () => undefined);
      const address = server.address();
      resolve({ port: address !== null && typeof address === 'object' ? address.port : 0, close: () => shut(server) });
    });
  });
}

function shut(server: Server): void {
  server.close();
  server.closeAllConnections();
}

function answer(request: IncomingMessage, response: ServerResponse, { power, run }: AdminHooks): void {
  const state = power();
  if (state === 'silent') return; // whoever asks gives up in their own time
  if (state === 'down') {
    request.socket.destroy();
    return;
  }
  const path = (request.url ?? '').replace(/\?.*$/, '');
  const name = /^\/commands\/([^/]+)\/?$/.exec(path)?.[1];
  if (request.method !== 'GET') return send(response, 405, 'text/plain', 'GET only\n');
  if (name !== undefined) return sendCommand(response, name, run(name));
  if (/^\/commands\/?$/.test(path)) return send(response, 200, 'text/html', listing());
  send(response, 404, 'text/plain', 'see /commands\n');
}

/** The fields with the command's name and its error, as CommandResponse.toMap has them. */
function sendCommand(response: ServerResponse, name: string, answered: ReturnType<typeof adminCommand>): void {
  const { command, fields } = answered ?? { command: name, fields: { error: `Unknown command: ${name}` } };
  send(response, 200, 'application/json', `${jsonText({ ...fields, command, error: fields['error'] ?? null })}\n`);
}

/** A long is a number in the text: none of JavaScript could hold it. */
function jsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, each: unknown) => (isLong(each) ? `\u0001${each.long}` : each), 2);
  return text.replace(/"\\u0001(-?\d+)"/g, '$1');
}

function isLong(value: unknown): value is { readonly long: string } {
  return typeof value === 'object' && value !== null && 'long' in value && typeof value.long === 'string';
}

function listing(): string {
  return ADMIN_COMMANDS.map((name) => `<a href="/commands/${name}">${name}</a>\n<br/>\n`).join('');
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' });
  response.end(body);
}

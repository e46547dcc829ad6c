/** HostConnectionManager: which server is dialled next (CLI-05). */
import { assert } from '../base/assert.ts';
import type { ClientState } from './client-state.ts';
import type { ClientContext } from './context.ts';

/** Sleep before a host is tried again that was the last one connected to: the whole list has failed. */
const SPIN_DELAY_MS = 1000;

/** The connect string in the order of this handle: Collections.shuffle, once. */
export function orderServers(ctx: ClientContext): readonly number[] {
  const { servers, shufflesServers } = ctx.config;
  assert(servers.length > 0, 'a client knows at least one server');
  if (!shufflesServers) return servers;
  const order = servers.slice();
  for (let i = order.length - 1; i > 0; i--) {
    const j = ctx.draw('client-shuffle', i + 1);
    const swapped = order[i] ?? -1;
    order[i] = order[j] ?? -1;
    order[j] = swapped;
  }
  return order;
}

/** Chooses the next server and when to dial it: next() and the sleep of startConnect. */
export function chooseNextServer(ctx: ClientContext, client: ClientState): void {
  const { hosts } = client;
  hosts.current = (hosts.current + 1) % hosts.servers.length;
  let delayMs = hosts.current === hosts.last ? SPIN_DELAY_MS : 0;
  if (hosts.last === -1) hosts.last = 0;
  const { connectDelayMs } = ctx.config;
  if (client.hasConnected && connectDelayMs > 0) delayMs += ctx.draw('client-connect-delay', connectDelayMs);
  client.server = hosts.servers[hosts.current] ?? -1;
  client.dialAt = ctx.now + delayMs * 1000;
}

/** Told where to go: at once. The round goes on from there, if the server is on the list. */
export function chooseServer(ctx: ClientContext, client: ClientState, server: number): void {
  const index = client.hosts.servers.indexOf(server);
  if (index !== -1) client.hosts.current = index;
  client.server = server;
  client.dialAt = ctx.now;
}

export function onHostConnected(client: ClientState): void {
  client.hosts.last = client.hosts.current;
}

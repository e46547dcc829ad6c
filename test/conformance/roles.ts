// Who leads, who follows: asked of the servers themselves.

import { connect } from 'node:net';
import type { Address } from './client.ts';
import type { Role, Setup } from './setups.ts';

/** Starting a JVM on a busy machine takes its time. */
const START_MS = 60_000;

async function askSrvr({ host, port }: Address): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, host, () => socket.write('srvr'));
    socket.on('data', (bytes) => (text += bytes.toString('utf8')));
    socket.on('error', () => {});
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('close', () => resolve(text));
  });
}

/** Waits until the server serves, and gives its mode. */
export async function waitForWord(address: Address): Promise<string> {
  const until = Date.now() + START_MS;
  for (;;) {
    const mode = /^Mode: (\w+)/m.exec(await askSrvr(address))?.[1];
    if (mode !== undefined) return mode;
    if (Date.now() > until) throw new Error(`the server at ${address.port} does not serve`);
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
}

export interface Candidate {
  readonly sid: number;
  /** `leader`, `follower`, `observer`, `standalone`; `dead` when it is not running. */
  readonly mode: string;
}

/** Each role of the setup, in its order, goes to the lowest sid that can play it; the dead play `other`. */
export function rolesOf(setup: Setup, candidates: readonly Candidate[]): Map<Role, number> {
  const free = [...setup.roles];
  const sids = new Map<Role, number>();
  for (const { sid, mode } of candidates.toSorted((a, b) => Number(a.mode === 'dead') - Number(b.mode === 'dead'))) {
    const role = free.find((each) => (mode === 'dead' ? each === 'other' : mode === modeOf(each)));
    if (role === undefined) throw new Error(`server ${sid} is ${mode}, which '${setup.name}' has no role for`);
    free.splice(free.indexOf(role), 1);
    sids.set(role, sid);
  }
  return sids;
}

function modeOf(role: Role): string {
  return role === 'alone' ? 'standalone' : role === 'other' ? 'follower' : role;
}

export function placesOf(ports: readonly (readonly [number, string])[]): (readonly [RegExp, string])[] {
  return ports.map(([port, name]) => [new RegExp(`(?<=:|=)${port}\\b`, 'g'), `<${name}>`] as const);
}

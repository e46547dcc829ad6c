/** What clients do to an ensemble while it is measured: a closed loop, a pipeline, or nothing but pings. */
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from './measure.ts';
import { ask, openClient, type Address, type Call, type WireClient } from './wire-client.ts';

export interface Load {
  /** Requests that each client has under way: 1 is a closed loop. */
  readonly window: number;
  readonly durationMs: number;
  readonly call: Call;
}

export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds from a request's leaving to its answer. */
  readonly p50: number;
  readonly p99: number;
}

/** Each client asks again as soon as it is answered, until the time is over and everything is answered. */
export async function drive(clients: readonly WireClient[], { window, durationMs, call }: Load): Promise<LoadResult> {
  const latencies: number[] = [];
  const start = performance.now();
  const end = start + durationMs;
  const loop = async (client: WireClient): Promise<void> =>
    new Promise((resolve, reject) => {
      const next = (): void => {
        const left = performance.now();
        if (left >= end) return resolve();
        client.call(call, ({ error }) => {
          if (error !== 'OK') return reject(new Error(`${call.op} was answered by ${error}`));
          latencies.push(performance.now() - left);
          next();
        });
      };
      next();
    });
  await Promise.all(clients.flatMap((client) => Array.from({ length: window }, () => loop(client))));
  const seconds = (performance.now() - start) / 1000;
  return { perSecond: latencies.length / seconds, p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99) };
}

const RETRY_MS = 5;
const PATIENCE_MS = 60_000;

/** Milliseconds from `start` to the first answer, of an ensemble that may not even listen yet. */
export async function untilServed([address]: readonly Address[], start: number): Promise<number> {
  if (address === undefined) throw new Error('an ensemble without servers');
  for (;;) {
    try {
      const client = await openClient(address, SESSION_MS);
      const reply = await ask(client, { op: 'exists', path: '/', watch: false });
      const took = performance.now() - start;
      client.close();
      if (reply.error === 'OK') return took;
    } catch (error) {
      if (performance.now() - start > PATIENCE_MS) throw error;
      await pause(RETRY_MS);
    }
  }
}

/** So many handshakes at a time, as a burst of real clients would be. */
const OPENING_MAX = 200;
/** What an idle client asks for, and three pings in that time. */
const SESSION_MS = 30_000;

export interface Crowd {
  readonly clients: readonly WireClient[];
  /** How many of them still have their connection. */
  readonly alive: () => number;
  readonly leave: () => void;
}

/** `count` sessions, each of which pings from its beginning on as an idle client does. */
export async function gather(addresses: readonly Address[], count: number): Promise<Crowd> {
  const clients: WireClient[] = [];
  const pings: NodeJS.Timeout[] = [];
  let opened = 0;
  const open = async (): Promise<void> => {
    for (let i = opened++; i < count; i = opened++) {
      const address = addresses[i % addresses.length];
      if (address === undefined) return;
      const client = await openClient(address, SESSION_MS);
      clients.push(client);
      pings.push(setInterval(() => client.call({ op: 'ping' }, () => undefined), client.timeoutMs / 3));
    }
  };
  await Promise.all(Array.from({ length: Math.min(OPENING_MAX, count) }, open));
  return {
    clients,
    alive: () => clients.filter((client) => !client.isLost()).length,
    leave: () => {
      pings.forEach((ping) => clearInterval(ping));
      clients.forEach((client) => client.close());
    },
  };
}

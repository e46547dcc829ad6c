/** One ensemble under the loads that the figures name: the same client and the same requests for the gateway and for a real one. */
import { setTimeout as pause } from 'node:timers/promises';
import { bytesOfUtf8 } from '../../base/bytes.ts';
import { OPEN_ACL_UNSAFE } from '../../server/protocol.ts';
import type { ServerProcesses } from './server-process.ts';
import { ask, type Call } from './wire-client.ts';
import { drive, gather, untilServed, type LoadResult } from './wire-load.ts';

export interface LoadSize {
  readonly warmUpMs: number;
  readonly durationMs: number;
  /** How many sessions are idle while one works; each count is measured by itself. */
  readonly crowds: readonly number[];
  /** How long the crowd pings before it is counted. */
  readonly idleMs: number;
}

export interface CrowdResult {
  readonly count: number;
  readonly openedPerSecond: number;
  readonly alive: number;
  readonly memory: number | null;
  /** One client in a closed loop beside them. */
  readonly reads: LoadResult;
}

export interface UnderLoad {
  readonly reads: LoadResult;
  readonly writes: LoadResult;
  readonly readAlone: LoadResult;
  readonly writeAlone: LoadResult;
  /** After those loads. */
  readonly memory: number | null;
  readonly crowds: readonly CrowdResult[];
}

const CLIENTS = 10;
const WINDOW = 100;
const PATH = '/bench';
const DATA = bytesOfUtf8('x'.repeat(100));
const READ: Call = { op: 'getData', path: PATH, watch: false };
const WRITE: Call = { op: 'setData', path: PATH, data: DATA, version: -1 };

export async function measureUnderLoad(processes: ServerProcesses, size: LoadSize): Promise<UnderLoad> {
  const { addresses } = processes;
  for (const address of addresses) await untilServed([address], processes.start);
  const crowd = await gather(addresses, CLIENTS);
  const [one] = crowd.clients;
  if (one === undefined) throw new Error('there is nobody to measure');
  await ask(one, { op: 'create', path: PATH, data: DATA, acl: OPEN_ACL_UNSAFE, mode: 'PERSISTENT' });
  for (const client of crowd.clients) await ask(client, { op: 'sync', path: PATH }); // or a read could come before the node
  const { warmUpMs, durationMs } = size;
  for (const call of [READ, WRITE]) await drive(crowd.clients, { window: WINDOW, durationMs: warmUpMs / 2, call });
  const reads = await drive(crowd.clients, { window: WINDOW, durationMs, call: READ });
  const writes = await drive(crowd.clients, { window: WINDOW, durationMs, call: WRITE });
  const readAlone = await drive([one], { window: 1, durationMs, call: READ });
  const writeAlone = await drive([one], { window: 1, durationMs, call: WRITE });
  const memory = processes.memory();
  crowd.leave();
  const crowds: CrowdResult[] = [];
  for (const count of size.crowds) crowds.push(await measureCrowd(processes, count, size));
  return { reads, writes, readAlone, writeAlone, memory, crowds };
}

async function measureCrowd({ addresses, memory }: ServerProcesses, count: number, { durationMs, idleMs }: LoadSize): Promise<CrowdResult> {
  const start = performance.now();
  const crowd = await gather(addresses, count);
  const openedPerSecond = (count * 1000) / (performance.now() - start);
  await pause(idleMs);
  const [one] = crowd.clients;
  if (one === undefined) throw new Error('there is nobody to measure');
  const reads = await drive([one], { window: 1, durationMs, call: READ });
  const result = { count, openedPerSecond, alive: crowd.alive(), memory: memory(), reads };
  crowd.leave();
  return result;
}

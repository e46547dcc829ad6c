/**
 * What a run has been through, as abstract states: of each server its role and phase, how its epoch stands to the newest established one, how
 * its log stands to what is committed, and how much of it is not yet durable. Which server is which does not count. Two runs with the same
 * states have tried the same things, as far as this eye can see.
 */
import { epochOf } from '../base/zxid.ts';
import { lastCommitted, type Ghost, type ServerGhost } from '../check/ghost.ts';
import type { World } from '../kernel/world.ts';

export type Coverage = Set<number>;

export function makeCoverage(): Coverage {
  return new Set();
}

/** Adds what another run saw; returns how much of it is new. */
export function addCoverageOf(coverage: Coverage, other: ReadonlySet<number>): number {
  const before = coverage.size;
  for (const state of other) coverage.add(state);
  return coverage.size - before;
}

/** Notes that change an abstract state. */
const TELLING: ReadonlySet<string> = new Set([
  'state',
  'zab-state',
  'logged',
  'log-synced',
  'committed',
  'current-epoch',
  'accepted-epoch',
  'node-down',
  'node-up',
  'truncated',
  'snapshot-installed',
  'database-cleared',
  'fast-forwarded',
  'learner-acked-newleader',
  'recovered',
]);

export function addCoverage(coverage: Coverage, ghost: Ghost, { record }: World): void {
  for (const note of record.notes) {
    if (!TELLING.has(note.type)) continue;
    coverage.add(abstractState(ghost));
    return;
  }
}

const STATES: readonly string[] = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];
const ZAB_STATES: readonly string[] = ['ELECTION', 'DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST'];

function abstractState(ghost: Ghost): number {
  const committed = lastCommitted(ghost);
  let sum = 0;
  for (const server of ghost.servers) if (server !== undefined) sum = (sum + mixed(ofServer(server, ghost, committed))) | 0;
  return sum;
}

/** Some 13 bits. */
function ofServer(server: ServerGhost, { maxEstablished }: Ghost, committed: number): number {
  if (!server.up) return server.refused ? 2 : 1;
  const role = STATES.indexOf(server.state) * 4 + ZAB_STATES.indexOf(server.zabState);
  const epoch = Math.sign(server.currentEpoch - maxEstablished) + 1;
  const log = Math.sign(server.lastLogged - committed) + 1;
  const logEpoch = Math.sign(epochOf(Math.max(0, server.lastLogged)) - server.currentEpoch) + 1;
  const acked = Math.sign(server.ackedEpoch - server.currentEpoch) + 1;
  return 4 + role + 16 * (epoch + 3 * (log + 3 * (logEpoch + 3 * (acked + 3 * (server.incoming === null ? 0 : 1)))));
}

/** Spreads the bits, so that a sum stands for a set. */
function mixed(value: number): number {
  let x = Math.imul(value + 1, 0x9e37_79b1);
  x ^= x >>> 15;
  x = Math.imul(x, 0x85eb_ca77);
  return (x ^ (x >>> 13)) | 0;
}

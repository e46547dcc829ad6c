/** What a hunt knows so far. */
import type { ChunkReport } from '../fleet/chunk.ts';
import type { Find } from '../hunt/campaign.ts';
import { addCoverageOf, type Coverage } from '../hunt/coverage.ts';
import type { FoundJson } from './hunt-json.ts';
import type { HuntOptions } from './hunt-options.ts';

export interface Hunt {
  readonly options: HuntOptions;
  readonly reports: ChunkReport[];
  readonly coverage: Coverage;
  readonly found: FoundJson[];
  canary: { readonly mutation: string; readonly found: boolean; readonly runs: number };
  firstSync: { readonly runs: number; readonly events: number; readonly wallMs: number } | null;
  wallMs: number;
  complete: boolean;
}

export function addReport(hunt: Hunt, report: ChunkReport): void {
  const { totals } = report;
  if (hunt.firstSync === null && totals.firstSync !== null) {
    const before = sumOf(hunt, 'runs');
    hunt.firstSync = {
      runs: before + totals.firstSync.runs,
      events: sumOf(hunt, 'events') + totals.firstSync.events,
      wallMs: Math.round(hunt.wallMs),
    };
  }
  hunt.reports.push(report);
  addCoverageOf(hunt.coverage, totals.coverage);
}

export function sumOf(hunt: Hunt, what: 'runs' | 'events' | 'undecided'): number {
  return hunt.reports.reduce((sum, { totals }) => sum + totals[what], 0);
}

/** The mutation to set aside, if it is new or known. */
export function onFind(hunt: Hunt, find: Find, wallMs: number): string | null {
  const [mutation = null] = find.mutations;
  const isKnown = hunt.found.some((known) => known.property === find.property && known.mutations.join() === find.mutations.join());
  if (!isKnown && find.repro !== null) {
    hunt.found.push({
      property: find.property,
      mutations: [...find.mutations],
      mutation,
      strategy: find.strategy,
      seed: find.seed,
      runsToFind: sumOf(hunt, 'runs'),
      wallMsToFind: Math.round(wallMs),
      eventsInRun: find.eventsInRun,
      deviations: find.deviations,
      shrunk: false,
      repro: find.repro,
    });
  }
  return mutation;
}

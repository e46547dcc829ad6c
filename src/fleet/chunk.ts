/** A chunk of a hunt: the unit that goes to a worker, to another machine, and into a report. It is the same wherever it runs. */
import { addRun, huntSeeds, makeTotals, type Find, type HuntSettings, type Totals } from '../hunt/campaign.ts';

export interface ChunkTask {
  readonly settings: HuntSettings;
  readonly first: number;
  readonly last: number;
}

export interface ChunkReport {
  readonly settings: HuntSettings;
  readonly first: number;
  /** The last seed that was run: the chunk ends with its first find. */
  readonly last: number;
  readonly wallMs: number;
  readonly totals: Totals;
  readonly find: Find | null;
}

export function runChunk({ settings, first, last }: ChunkTask): ChunkReport {
  const start = performance.now();
  const totals = makeTotals();
  let done = first - 1;
  let find: Find | null = null;
  for (const ran of huntSeeds(settings, first, last)) {
    addRun(totals, ran);
    done = ran.seed;
    find = ran.find;
    if (find !== null) break;
  }
  return { settings, first, last: done, wallMs: performance.now() - start, totals, find };
}

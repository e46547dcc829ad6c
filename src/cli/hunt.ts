/**
 * `zablab hunt`: chunks of seeds go to worker threads; what is found is shrunk, written as a scenario and, where a preset has more than one
 * thing wrong, set aside so that the next one can be seen.
 */
import type { ChunkReport, ChunkTask } from '../fleet/chunk.ts';
import { openPool, type Pool } from '../fleet/pool.ts';
import { makeCoverage } from '../hunt/coverage.ts';
import { openShrinking, shrunkOf } from '../hunt/shrink.ts';
import type { HuntSettings } from '../hunt/campaign.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { countText } from './figures.ts';
import { addReport, onFind, sumOf, type Hunt } from './hunt-state.ts';
import { huntBaseOf, huntOptionsOf, type HuntFlags, type HuntOptions } from './hunt-options.ts';
import { huntJsonOf, huntText, mergeHunts, writeHunt } from './hunt-report.ts';
import { readScenarioInput } from './scenario-input.ts';
import { makeProgress, type Terminal } from './terminal.ts';

/** Seeds of a chunk. */
const CHUNK = 16;
/** What every hunt must find, or it does not find. */
const CANARY = 'commit-with-minority';
const CANARY_RUNS = 400;

export async function huntCommand(named: string | undefined, flags: HuntFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.merge !== undefined) return mergeHunts(flags.merge, flags, terminal);
  const input = named === undefined ? null : await readScenarioInput(named, terminal);
  const options = huntOptionsOf(flags, input === null ? null : huntBaseOf(parseScenario(input.text, input.file)));
  const hunt: Hunt = {
    options,
    reports: [],
    coverage: makeCoverage(),
    found: [],
    canary: { mutation: CANARY, found: false, runs: 0 },
    firstSync: null,
    wallMs: 0,
    complete: false,
  };
  const pool = openPool(options.jobs, new URL('./hunt-worker.js', import.meta.url));
  try {
    await releaseCanary(hunt, pool);
    await work(hunt, pool, terminal);
  } finally {
    await pool.close();
  }
  writeHunt(hunt, flags);
  terminal.out(flags.json === true ? `${JSON.stringify(huntJsonOf(hunt), null, 2)}\n` : huntText(hunt, terminal));
  if (!hunt.canary.found)
    terminal.err(`zablab: the canary, ${CANARY}, was not found in ${hunt.canary.runs} runs: do not trust what was not found\n`);
  if (hunt.found.length > 0) return EXIT.failed;
  return hunt.complete ? EXIT.ok : EXIT.interrupted;
}

async function releaseCanary(hunt: Hunt, pool: Pool): Promise<void> {
  const settings: HuntSettings = { ...hunt.options.settings, preset: 'fixed', mutations: [CANARY], without: [], properties: [] };
  const { totals, find } = await pool.run({ settings, first: 1, last: CANARY_RUNS });
  hunt.canary = { mutation: CANARY, found: find !== null, runs: totals.runs };
}

/** Keeps the workers busy until the seeds or the time are over, something is found, or Ctrl-C. */
async function work(hunt: Hunt, pool: Pool, terminal: Terminal): Promise<void> {
  const { options } = hunt;
  const start = performance.now();
  const progress = makeProgress(terminal);
  const queue = chunksOf(options);
  const busy = new Set<Promise<void>>();
  let settings = options.settings;
  let isOver = false;
  let isInterrupted = false;
  const again: Seeds[] = [];
  const onReport = (report: ChunkReport, { last }: ChunkTask): void => {
    hunt.wallMs = performance.now() - start;
    addReport(hunt, report);
    const culprit = report.find === null ? null : onFind(hunt, report.find, hunt.wallMs);
    if (culprit !== null && options.goesOn && !settings.without.includes(culprit))
      settings = { ...settings, without: [...settings.without, culprit] };
    if (report.find !== null && !options.goesOn) isOver = true;
    if (report.last < last) again.push({ first: report.last + 1, last });
  };
  const runOne = async (task: ChunkTask): Promise<void> => onReport(await pool.run(task), task);
  while (!isOver && !isInterrupted) {
    while (busy.size < options.jobs) {
      const seeds = again.pop() ?? nextOf(queue);
      if (seeds === null) break;
      const running = runOne({ settings, first: seeds.first, last: seeds.last }).finally(() => busy.delete(running));
      busy.add(running);
    }
    if (busy.size === 0) break;
    await Promise.race(busy);
    progress.show(() => progressText(hunt));
    isInterrupted = await terminal.breathe();
    isOver ||= performance.now() - start > options.budgetMs;
  }
  hunt.complete = !isInterrupted;
  progress.clear();
  hunt.wallMs = performance.now() - start;
  if (options.shrinks) await shrinkFound(hunt, terminal);
}

interface Seeds {
  readonly first: number;
  readonly last: number;
}

function nextOf(queue: Generator<Seeds, void>): Seeds | null {
  const next = queue.next();
  return next.done === true ? null : next.value;
}

/** The seeds of this shard, a chunk at a time. */
function* chunksOf({ first, last, shard }: HuntOptions): Generator<Seeds, void> {
  for (let at = first, n = 0; at <= last; at += CHUNK, n++)
    if (n % shard.of === shard.index - 1) yield { first: at, last: Math.min(last, at + CHUNK - 1) };
}

async function shrinkFound(hunt: Hunt, terminal: Terminal): Promise<void> {
  const progress = makeProgress(terminal);
  for (const [i, found] of hunt.found.entries()) {
    const open = openShrinking(found.repro, `${found.property}.yaml`);
    if (open === null) continue;
    let isInterrupted = false;
    while (!isInterrupted && open.passes.next().done !== true) {
      progress.show(() => `shrinking ${found.property} of seed ${found.seed}: ${countText(open.shrinking.runs)} runs`);
      isInterrupted = await terminal.breathe();
    }
    const { text, deviations } = shrunkOf(open);
    hunt.found[i] = { ...found, repro: text, deviations, shrunk: !isInterrupted };
  }
  progress.clear();
}

function progressText(hunt: Hunt): string {
  const events = sumOf(hunt, 'events');
  const rate = Math.round(events / Math.max(0.001, hunt.wallMs / 1000));
  return `${countText(sumOf(hunt, 'runs'))} runs, ${countText(rate)} events/s, ${countText(hunt.coverage.size)} states, ${hunt.found.length} found`;
}

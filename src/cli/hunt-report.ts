/** What a hunt found, for people, programs and the folder of `--out`; and the folders of several hunts as one report. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../gateway/version.ts';
import type { ChunkReport } from '../fleet/chunk.ts';
import { junitText, type ReportedResult } from '../hunt/report-junit.ts';
import { InputError } from '../scenario/input-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { countText } from './figures.ts';
import { sumOf, type Hunt } from './hunt-state.ts';
import { huntJson, type ChunkJson, type HuntJson } from './hunt-json.ts';
import type { HuntFlags } from './hunt-options.ts';
import type { Terminal } from './terminal.ts';

export function huntJsonOf(hunt: Hunt): HuntJson {
  const { settings } = hunt.options;
  return {
    formatVersion: 1,
    version: VERSION,
    preset: settings.preset,
    mutations: [...settings.mutations],
    strategy: settings.strategy,
    properties: [...settings.properties],
    found: hunt.found,
    runs: sumOf(hunt, 'runs'),
    events: sumOf(hunt, 'events'),
    wallMs: Math.round(hunt.wallMs),
    undecided: sumOf(hunt, 'undecided'),
    coverage: hunt.coverage.size,
    ...talliesOf(hunt.reports.map(chunkJsonOf)),
    firstSync: hunt.firstSync,
    canary: hunt.canary,
    complete: hunt.complete,
    chunks: hunt.reports.map(chunkJsonOf),
  };
}

function chunkJsonOf({ settings, first, last, wallMs, totals }: ChunkReport): ChunkJson {
  const { runs, events, undecided, faults, syncs, excuses } = totals;
  return {
    first,
    last,
    without: [...settings.without],
    runs,
    events,
    wallMs: Math.round(wallMs),
    undecided,
    faults: Object.fromEntries(faults),
    syncs: Object.fromEntries(syncs),
    excuses: Object.fromEntries(excuses),
  };
}

type Tallies = Pick<ChunkJson, 'faults' | 'syncs' | 'excuses'>;

function talliesOf(chunks: readonly Tallies[]): Tallies {
  const sum = (what: keyof Tallies): Record<string, number> => {
    const totals: Record<string, number> = {};
    for (const chunk of chunks) for (const [name, n] of Object.entries(chunk[what])) totals[name] = (totals[name] ?? 0) + n;
    return totals;
  };
  return { faults: sum('faults'), syncs: sum('syncs'), excuses: sum('excuses') };
}

/** Each counterexample as a file, and hunt.json, in which the others name these files; the result as JUnit XML. */
export function writeHunt(hunt: Hunt, flags: HuntFlags): void {
  writeOut({ ...huntJsonOf(hunt), states: [...hunt.coverage] }, flags);
}

function writeOut(json: HuntJson, { out, junit }: HuntFlags): void {
  if (out !== undefined) write(out, json);
  if (junit === undefined) return;
  try {
    writeFileSync(junit, junitText(resultsOf(json)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file: junit, line: 0, column: 0 }, `it cannot be written (${why}), expected a file for the result`);
  }
}

/** A case for each find; one that passed where there is none. */
function resultsOf({ found, preset, mutations, strategy, runs, wallMs }: HuntJson): ReportedResult[] {
  const what = [`preset ${preset}`, ...mutations].join(' + ');
  const name = `${what}, strategy ${strategy}`;
  if (found.length === 0) return [{ name: `${name}, ${runs} runs`, property: 'hunt', message: null, seconds: wallMs / 1000, repro: '' }];
  return found.map(({ property, mutations: needed, seed, wallMsToFind, repro }) => ({
    name: `${name}, seed ${seed}`,
    property,
    message: `${property} violated: ${needed.join(' + ') || `nothing known to be wrong with ${preset}`}`,
    seconds: wallMsToFind / 1000,
    repro,
  }));
}

function write(out: string, json: HuntJson): void {
  try {
    mkdirSync(out, { recursive: true });
    const found = json.found.map((each, i) => {
      const file = `${String(i + 1).padStart(2, '0')}-${each.property}-${each.mutation ?? json.preset}-${each.seed}.yaml`;
      writeFileSync(join(out, file), each.repro);
      return { ...each, repro: file };
    });
    writeFileSync(join(out, 'hunt.json'), `${JSON.stringify({ ...json, found }, null, 1)}\n`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file: out, line: 0, column: 0 }, `it cannot be written to (${why}), expected a folder for what is found`);
  }
}

export function huntText(hunt: Hunt, terminal: Terminal): string {
  return textOf(huntJsonOf(hunt), hunt.options.out, terminal);
}

function textOf(json: HuntJson, out: string | null, { colours }: Terminal): string {
  const { preset, mutations, strategy, runs, events, wallMs, coverage, canary, firstSync } = json;
  const what = [`preset ${preset}`, ...mutations].join(' + ');
  const lines = [colours.bold(`Hunt: ${what}, strategy ${strategy}`)];
  for (const each of json.found) {
    lines.push(colours.red(`${each.property} violated: ${each.mutations.join(' + ') || `nothing known to be wrong with ${preset}`}`));
    const shrunk = each.shrunk ? `shrunk to ${each.deviations} deviations` : `${each.deviations} deviations, not shrunk`;
    lines.push(
      `  seed ${each.seed} (${each.strategy}), after ${countText(each.runsToFind)} runs and ${seconds(each.wallMsToFind)}; ${shrunk}`,
    );
  }
  if (json.found.length === 0) lines.push(colours.green('Nothing found.'));
  lines.push(
    `${countText(runs)} runs, ${countText(events)} events in ${seconds(wallMs)}, ${countText(coverage)} abstract states, ${json.undecided} undecided`,
    `faults that bit: ${tallyText(json.faults)}`,
    `synchronisations: ${tallyText(json.syncs)}${firstSync === null ? '' : `; the first with data in epoch 2 or later after ${firstSync.runs} runs, ${countText(firstSync.events)} events`}`,
    ...(Object.keys(json.excuses).length === 0 ? [] : [`stuck with good reason: ${tallyText(json.excuses)}`]),
    `canary ${canary.mutation}: ${canary.found ? `found after ${canary.runs} runs` : `NOT found in ${canary.runs} runs`}`,
  );
  if (json.found.length > 0)
    lines.push(
      out === null ? colours.dim('With --out DIR the counterexamples are written as scenarios for zablab replay.') : `Written to ${out}`,
    );
  return `${lines.join('\n')}\n`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function tallyText(tally: Readonly<Record<string, number>>): string {
  return Object.entries(tally)
    .map(([name, n]) => `${name} ${countText(n)}`)
    .join(', ');
}

/** Adds up by (version, settings, seeds): a chunk that two folders have counts once. */
export function mergeHunts(folders: readonly string[], flags: HuntFlags, terminal: Terminal): ExitCode {
  const read = folders.map((folder) => ({ folder, json: readHunt(folder) }));
  const [first] = read;
  if (first === undefined)
    throw new InputError({ file: '--merge', line: 0, column: 0 }, 'found no folder, expected those of earlier hunts');
  for (const { folder, json } of read) {
    if (settingsOf(json) === settingsOf(first.json)) continue;
    throw new InputError(
      { file: folder, line: 0, column: 0 },
      `found a hunt with ${settingsOf(json)}, expected ${settingsOf(first.json)} as in ${first.folder}`,
    );
  }
  const chunks = new Map<string, ChunkJson>();
  for (const { json } of read) for (const chunk of json.chunks) chunks.set(`${chunk.first}..${chunk.last} ${chunk.without.join()}`, chunk);
  const rows = [...chunks.values()].sort((a, b) => a.first - b.first || a.last - b.last);
  const found = new Map<string, HuntJson['found'][number]>();
  for (const { folder, json } of read) {
    for (const each of json.found) {
      const key = `${each.property} ${each.mutations.join()}`;
      if (!found.has(key)) found.set(key, { ...each, repro: readText(join(folder, each.repro)) });
    }
  }
  const states = new Set(read.flatMap(({ json }) => json.states ?? []));
  const sum = (what: 'runs' | 'events' | 'wallMs' | 'undecided'): number => rows.reduce((total, chunk) => total + chunk[what], 0);
  const merged: HuntJson = {
    ...first.json,
    found: [...found.values()],
    runs: sum('runs'),
    events: sum('events'),
    wallMs: sum('wallMs'),
    undecided: sum('undecided'),
    coverage: states.size,
    ...talliesOf(rows),
    complete: read.every(({ json }) => json.complete),
    chunks: rows,
    states: [...states],
  };
  writeOut(merged, flags);
  const { states: _, ...shown } = merged;
  terminal.out(flags.json === true ? `${JSON.stringify(shown, null, 2)}\n` : textOf(merged, flags.out ?? null, terminal));
  return merged.found.length > 0 ? EXIT.failed : EXIT.ok;
}

function settingsOf({ version, preset, mutations, strategy, properties }: HuntJson): string {
  return `version ${version}, ${[`preset ${preset}`, ...mutations, ...properties].join(' + ')}, strategy ${strategy}`;
}

function readHunt(folder: string): HuntJson {
  const file = join(folder, 'hunt.json');
  const text = readText(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError({ file, line: 0, column: 0 }, 'found no JSON, expected what `zablab hunt --out` writes');
  }
  const parsed = huntJson.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(
      { file, line: 0, column: 0 },
      `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not readable'}, expected what \`zablab hunt --out\` writes`,
    );
  }
  return parsed.data;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InputError({ file, line: 0, column: 0 }, `it cannot be read (${why}), expected what \`zablab hunt --out\` writes`);
  }
}

/** `zablab bench`: the figures of this machine beside what they should be and what others reach. */
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { countText } from '../figures.ts';
import { table, type Terminal } from '../terminal.ts';
import { VERSION } from '../../gateway/version.ts';
import type { BenchJson, HuntBenchJson } from './bench-json.ts';
import { measureStates } from './explore.ts';
import type { Figure } from './figure.ts';
import { measureFork } from './fork.ts';
import { measureLoads, measureReadyCall, measureReadyProcess } from './gateway.ts';
import { measureHistory } from './history.ts';
import { huntTable } from './hunt-table.ts';
import { huntedMutations, measureHunts, type HuntSize } from './hunts.ts';
import { findZooKeeper, JVM_FLAGS, type Java } from './server-process.ts';
import { measureBare, measureThroughput, measureTraced } from './throughput.ts';
import { measureProcess } from './whole-process.ts';

export interface BenchFlags {
  readonly quick?: boolean;
  readonly json?: boolean;
}

/** What can be measured by itself. */
export type BenchPart = 'simulator' | 'gateway' | 'hunt' | 'museum';

interface Step {
  readonly part: BenchPart;
  readonly what: string;
  readonly measure: () => readonly Figure[] | Promise<readonly Figure[]>;
}

function simulatorSteps(isQuick: boolean): Omit<Step, 'part'>[] {
  const size = isQuick ? { events: 10_000, repetitions: 1, warmUpMs: 0 } : { events: 300_000, repetitions: 7, warmUpMs: 3000 };
  return [
    { what: 'events, coarse', measure: () => measureThroughput('coarse', size) },
    { what: 'events, fine', measure: () => measureThroughput('fine', size) },
    { what: 'events, bare', measure: () => [measureBare(size)] },
    { what: 'events with their history', measure: () => [measureTraced(size)] },
    { what: 'seeks', measure: () => measureHistory(isQuick ? 20_000 : 1_000_000, isQuick ? 20 : 400) },
    { what: 'forks', measure: () => [measureFork(isQuick ? 100 : 4000)] },
    { what: 'states', measure: () => [isQuick ? measureStates(2000, 1) : measureStates(500_000, 3)] },
    { what: 'the whole process', measure: () => measureProcess(isQuick ? 1 : 9) },
  ];
}

/** A small run has no ten thousand sessions, and no time for Java. */
const SMALL = { starts: 1, warmUpMs: 0, durationMs: 100, crowds: [], idleMs: 0 };
const WHOLE = { starts: 9, warmUpMs: 6000, durationMs: 4000, crowds: [1000, 10_000], idleMs: 15_000 };

function gatewaySteps(isQuick: boolean, real: Java | null): Omit<Step, 'part'>[] {
  const size = isQuick ? SMALL : WHOLE;
  return [
    { what: 'a start by the library', measure: () => measureReadyCall(size) },
    { what: 'starts of processes', measure: () => measureReadyProcess(size, real) },
    { what: 'clients', measure: () => measureLoads(size, real) },
  ];
}

export async function benchCommand(part: BenchPart | undefined, flags: BenchFlags, terminal: Terminal): Promise<ExitCode> {
  const isQuick = flags.quick === true;
  const real = isQuick ? null : findZooKeeper();
  const all: Step[] = [
    ...simulatorSteps(isQuick).map((step) => ({ part: 'simulator', ...step }) as const),
    ...gatewaySteps(isQuick, real).map((step) => ({ part: 'gateway', ...step }) as const),
  ];
  const steps = all.filter((step) => part === undefined || step.part === part);
  const figures: Figure[] = [];
  const hunts: HuntBenchJson[] = [];
  let isComplete = true;
  for (const [i, { what, measure }] of steps.entries()) {
    if (terminal.errIsTerminal) terminal.err(`\r\u001B[2K${i + 1} of ${steps.length}: ${what}`);
    isComplete = !(await terminal.breathe());
    if (!isComplete) break;
    figures.push(...(await measure()));
  }
  // Some minutes, and for the museum hours: only when they are asked for.
  if (part === 'hunt' || part === 'museum') isComplete = await hunt(hunts, part === 'museum', huntSizeOf(part, isQuick), terminal);
  if (terminal.errIsTerminal) terminal.err('\r\u001B[2K');
  const bench = benchJsonOf(figures, hunts, { quick: isQuick, complete: isComplete }, real);
  terminal.out(flags.json === true ? `${JSON.stringify(bench, null, 2)}\n` : textOf(bench));
  return isComplete ? EXIT.ok : EXIT.interrupted;
}

function huntSizeOf(part: 'hunt' | 'museum', isQuick: boolean): HuntSize {
  const usual = part === 'hunt' ? { ranges: 20, budgetMs: 60_000 } : { ranges: 3, budgetMs: 20_000 };
  return { ...(isQuick ? { ranges: 1, budgetMs: 500 } : usual), strategy: 'mixed' };
}

/** False when Ctrl-C came first; what was measured by then is there. */
async function hunt(hunts: HuntBenchJson[], isWhole: boolean, size: HuntSize, terminal: Terminal): Promise<boolean> {
  const mutations = huntedMutations(isWhole);
  for (const [i, mutation] of mutations.entries()) {
    if (terminal.errIsTerminal) terminal.err(`\r\u001B[2K${i + 1} of ${mutations.length}: ${mutation.id}`);
    const measuring = measureHunts(mutation, size);
    for (let next = measuring.next(); ; next = measuring.next()) {
      if (next.done === true) {
        hunts.push(next.value);
        break;
      }
      if (await terminal.breathe()) return false;
    }
  }
  return true;
}

interface Circumstances {
  readonly quick: boolean;
  readonly complete: boolean;
}

function benchJsonOf(figures: readonly Figure[], hunts: HuntBenchJson[], { quick, complete }: Circumstances, real: Java | null): BenchJson {
  const machine = {
    node: process.version,
    platform: `${platform()} ${arch()}`,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
  };
  const listed = figures.map(({ id, what, mode, value, unit, runs, target, peers }) => ({
    id,
    what,
    mode,
    value: rounded(value),
    unit,
    runs: runs.map(rounded),
    target,
    peers,
  }));
  return {
    formatVersion: 1,
    version: VERSION,
    machine,
    zooKeeper: real === null ? null : howRun(real),
    quick,
    complete,
    figures: listed,
    hunts,
  };
}

/** What stands behind the figures that begin with ZooKeeper. */
function howRun({ release }: Java): string {
  return `${release}, three JVMs: java ${JVM_FLAGS.load.join(' ')}; for starts also ${JVM_FLAGS.quickStart.join(' ')}`;
}

/** Four digits that count. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function textOf({ version, machine, zooKeeper, quick, complete, figures, hunts }: BenchJson): string {
  const rows = figures.map(({ what, mode, value, unit, runs, target, peers }) => [
    what,
    mode ?? '',
    `${amount(value)} ${unit}`.trim(),
    rangeOf(runs),
    target,
    peers,
  ]);
  const head = `Zablab ${version}, Node ${machine.node}, ${machine.platform}, ${machine.cores} cores, ${machine.cpu}\n`;
  const notes = [
    ...(zooKeeper === null ? [] : [`ZooKeeper ${zooKeeper}`]),
    ...(quick ? ['Small runs: the figures are rough.'] : []),
    ...(complete ? [] : ['Interrupted: what was measured so far.']),
  ];
  if (hunts.length > 0 || figures.length === 0) return `${head}\n${huntTable(hunts)}${notes.map((note) => `\n${note}\n`).join('')}`;
  return `${head}\n${table([['figure', 'mode', 'median', 'runs', 'target', 'peers'], ...rows])}${notes.map((note) => `\n${note}\n`).join('')}`;
}

/** How far the repetitions lie apart: on a busy machine far. */
function rangeOf(runs: readonly number[]): string {
  return runs.length < 2 ? '' : `${amount(Math.min(...runs))} to ${amount(Math.max(...runs))}`;
}

function amount(value: number): string {
  return value >= 1000 ? countText(value) : String(value);
}

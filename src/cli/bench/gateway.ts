/**
 * The figures of the gateway, and beside them those of Debian's ZooKeeper where it is installed: three servers each, on this machine, driven by
 * the same client from another process.
 */
import { startEnsemble } from '../../gateway/library.ts';
import { countText } from '../figures.ts';
import { figureOf, type Figure, type FigureId } from './figure.ts';
import { quantile, type Sample } from './measure.ts';
import { JVM_FLAGS, startGateway, startZooKeeper, type Java, type ServerProcesses } from './server-process.ts';
import { measureUnderLoad, type LoadSize, type UnderLoad } from './under-load.ts';
import { launcherPath } from './whole-process.ts';
import { untilServed } from './wire-load.ts';

export interface GatewaySize extends LoadSize {
  /** Starts whose median is taken. */
  readonly starts: number;
}

/** Null where Debian's package is not installed, or the run is too small to wait for it. */
type Real = Java | null;

/** What a test waits for: from the call to the first answered request. */
export async function measureReadyCall({ starts }: GatewaySize): Promise<Figure[]> {
  const run = async (): Promise<number> => {
    const start = performance.now();
    const ensemble = await startEnsemble();
    const took = await untilServed(ensemble.servers, start);
    await ensemble.stop();
    return took;
  };
  await run(); // the engine has seen the code, as it has in the second test of a file
  return [figureOf('ready-call', await medianOf(starts, run))];
}

/** What a person waits for: from the start of the process, or of three. */
export async function measureReadyProcess({ starts }: GatewaySize, real: Real): Promise<Figure[]> {
  const launcher = launcherPath();
  if (launcher === null) return [];
  const ready = async (start: () => Promise<ServerProcesses>): Promise<Sample> =>
    medianOf(starts, async () => withProcesses(start, async (processes) => untilServed(processes.addresses, processes.start)));
  const gateway = await ready(async () => startGateway(launcher));
  const zooKeeper = real === null ? null : await ready(async () => startZooKeeper(real, [...JVM_FLAGS.load, ...JVM_FLAGS.quickStart]));
  return [beside('ready-process', gateway, zooKeeper?.value ?? null, real)];
}

export async function measureLoads(size: GatewaySize, real: Real): Promise<Figure[]> {
  const launcher = launcherPath();
  if (launcher === null) return [];
  const gateway = await underLoad(() => startGateway(launcher), size);
  const zooKeeper = real === null ? null : await underLoad(() => startZooKeeper(real, JVM_FLAGS.load), size);
  const values = valuesOf(gateway);
  const others = zooKeeper === null ? [] : valuesOf(zooKeeper);
  return values.flatMap(([id, value]) => {
    const other = others.find(([otherId]) => otherId === id)?.[1] ?? null;
    return value === null ? [] : [beside(id, { value, runs: [] }, other, real)];
  });
}

async function underLoad(start: () => Promise<ServerProcesses>, size: LoadSize): Promise<UnderLoad> {
  return withProcesses(start, async (processes) => measureUnderLoad(processes, size));
}

async function withProcesses<T>(start: () => Promise<ServerProcesses>, act: (processes: ServerProcesses) => Promise<T>): Promise<T> {
  const processes = await start();
  try {
    return await act(processes);
  } finally {
    await processes.stop();
  }
}

function valuesOf({ reads, writes, readAlone, writeAlone, memory, crowds }: UnderLoad): (readonly [FigureId, number | null])[] {
  const [small, large] = crowds;
  return [
    ['reads', reads.perSecond],
    ['writes', writes.perSecond],
    ['read-p50', readAlone.p50],
    ['read-p99', readAlone.p99],
    ['write-p50', writeAlone.p50],
    ['write-p99', writeAlone.p99],
    ['memory', memory],
    ['opened-1000', small?.openedPerSecond ?? null],
    ['read-p99-1000', small?.reads.p99 ?? null],
    ['opened-10000', large?.openedPerSecond ?? null],
    ['alive-10000', large?.alive ?? null],
    ['read-p99-10000', large?.reads.p99 ?? null],
    ['memory-10000', large?.memory ?? null],
  ];
}

/** The real one's figure, as what others reach. */
function beside(id: FigureId, sample: Sample, other: number | null, real: Real): Figure {
  const peers = real === null || other === null ? 'ZooKeeper not measured' : `ZooKeeper ${real.release} ${amount(other)}`;
  return figureOf(id, sample, peers);
}

function amount(value: number): string {
  return value >= 1000 ? countText(Math.round(value)) : String(Number(value.toPrecision(3)));
}

async function medianOf(repetitions: number, run: () => Promise<number>): Promise<Sample> {
  const runs: number[] = [];
  while (runs.length < repetitions) runs.push(await run());
  return { value: quantile(runs, 0.5), runs };
}

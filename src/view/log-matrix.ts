/** The logs of all servers side by side: a row for each server, a column for each zxid that any of them has. */
import { counterOf, epochOf, zxidText, type Zxid } from '../base/zxid.ts';
import type { Ensemble } from '../ensemble/ensemble.ts';
import { logView, serverContextOf, serverView } from '../ensemble/views.ts';

export interface LogColumn {
  readonly zxid: Zxid;
  readonly epoch: number;
  readonly counter: number;
  readonly text: string;
}

/** absent: not in this log. cached: in the page cache only. synced: on the disk. */
export interface LogCell {
  readonly kept: 'absent' | 'cached' | 'synced';
  readonly committed: boolean;
  readonly applied: boolean;
}

export interface LogRow {
  readonly node: number;
  readonly name: string;
  readonly isUp: boolean;
  readonly cells: readonly LogCell[];
  /** Zxids of the snapshots on its disk, ascending. */
  readonly snapshots: readonly string[];
  readonly records: number;
}

export interface LogMatrix {
  readonly columns: readonly LogColumn[];
  readonly rows: readonly LogRow[];
  /** Columns before the first one shown. */
  readonly before: number;
  readonly total: number;
}

interface OneLog {
  readonly node: number;
  readonly name: string;
  readonly isUp: boolean;
  readonly applied: Zxid;
  readonly kept: ReadonlyMap<Zxid, LogCell['kept']>;
  readonly snapshots: readonly string[];
}

/** The last `width` columns. `committed`: the largest committed counter of each epoch. */
export function logMatrix(ensemble: Ensemble, committed: ReadonlyMap<number, number>, width: number): LogMatrix {
  const logs = ensemble.servers.map(({ node }) => oneLog(ensemble, node));
  const zxids = [...new Set(logs.flatMap(({ kept }) => [...kept.keys()]))].sort((a, b) => a - b);
  const before = Math.max(0, zxids.length - width);
  const columns = zxids
    .slice(before)
    .map((zxid): LogColumn => ({ zxid, epoch: epochOf(zxid), counter: counterOf(zxid), text: zxidText(zxid) }));
  const rows = logs.map(({ node, name, isUp, applied, kept, snapshots }): LogRow => ({
    node,
    name,
    isUp,
    snapshots,
    records: kept.size,
    cells: columns.map(({ zxid, epoch, counter }): LogCell => ({
      kept: kept.get(zxid) ?? 'absent',
      committed: kept.has(zxid) && counter <= (committed.get(epoch) ?? 0),
      applied: isUp && kept.has(zxid) && zxid <= applied,
    })),
  }));
  return { columns, rows, before, total: zxids.length };
}

function oneLog(ensemble: Ensemble, node: number): OneLog {
  const { name, power, lastProcessedZxid } = serverView(ensemble, node);
  const kept = new Map<Zxid, LogCell['kept']>();
  for (const { zxid, synced } of logView(ensemble, node)) kept.set(zxid, synced ? 'synced' : 'cached');
  return { node, name, isUp: power === 'up', applied: lastProcessedZxid, kept, snapshots: snapshotsOf(ensemble, node) };
}

/** Files named `snapshot.<hex zxid>`; those under another name are not finished. */
function snapshotsOf(ensemble: Ensemble, node: number): string[] {
  const zxids = serverContextOf(ensemble, node)
    .disk.names()
    .flatMap((file) => {
      const match = /^snapshot\.([0-9a-f]{1,14})$/.exec(file);
      return match === null ? [] : [Number.parseInt(match[1] ?? '', 16)];
    });
  return zxids.sort((a, b) => a - b).map(zxidText);
}

/** What a cell is, in words for those who do not see it. */
export function cellText({ kept, committed, applied }: LogCell): string {
  if (kept === 'absent') return 'not in the log';
  const where = kept === 'cached' ? 'in the page cache' : 'on disk';
  return `${where}, ${committed ? 'committed' : 'not committed'}${applied ? ', applied' : ''}`;
}

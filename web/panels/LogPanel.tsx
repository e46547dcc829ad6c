/** The logs side by side: what each server has of each transaction, and how firmly. */
import { useEffect, useRef, type ReactElement } from 'react';
import { hueOf } from '../../src/view/epoch.ts';
import { cellText, type LogCell, type LogColumn } from '../../src/view/log-matrix.ts';
import { useSize } from '../doors/use-size.ts';
import { refresh } from '../run/controller.ts';
import { update, useStore } from '../store/store.ts';

const COLUMN = 26;
const HEAD = 88;

export function LogPanel(): ReactElement {
  const logs = useStore((state) => state.logs);
  const selected = useStore((state) => state.selected);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const columns = Math.max(4, Math.floor((width - HEAD - 8) / COLUMN));
  useEffect(() => {
    if (width === 0) return;
    update((draft) => void (draft.logColumns = columns));
    refresh();
  }, [columns, width]);

  return (
    <section className="panel logs" aria-label="Logs">
      <div className="panel-head">
        <h2>Logs</h2>
        <LogLegend />
      </div>
      <div className="log-box" ref={box}>
        {logs !== null && logs.columns.length === 0 && <p className="empty">No transaction has been logged yet.</p>}
        {logs !== null && logs.columns.length > 0 && (
          <table className="log-table">
            <caption className="hidden">
              Transaction logs. {logs.before > 0 ? `${logs.before} older transactions are not shown.` : ''}
            </caption>
            <thead>
              <tr className="epochs">
                <th scope="col">
                  <span className="hidden">Server</span>
                  {logs.before > 0 && <span className="muted">{logs.before} older …</span>}
                </th>
                {epochBands(logs.columns).map(({ epoch, length, key }) => (
                  <th key={key} colSpan={length} scope="colgroup" className={`band hue-${hueOf(epoch)}`}>
                    <span>{length > 2 ? `epoch ${epoch}` : epoch}</span>
                  </th>
                ))}
              </tr>
              <tr className="counters">
                <th scope="col">
                  <span className="hidden">Counter of the zxid</span>
                </th>
                {logs.columns.map(({ zxid, counter, text }) => (
                  <th key={zxid} scope="col" title={`zxid ${text}`}>
                    {counter}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {logs.rows.map((row) => (
                <tr key={row.node} className={`${row.isUp ? '' : 'is-down'} ${row.node === selected ? 'is-selected' : ''}`}>
                  <th scope="row">
                    {row.name}
                    <small>{row.snapshots.length === 0 ? '' : `snap ${row.snapshots.at(-1) ?? ''}`}</small>
                  </th>
                  {row.cells.map((cell, i) => {
                    const column = logs.columns[i];
                    return column === undefined ? null : <Cell key={column.zxid} cell={cell} column={column} name={row.name} />;
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}

interface Band {
  readonly epoch: number;
  readonly length: number;
  readonly key: number;
}

function epochBands(columns: readonly LogColumn[]): Band[] {
  const bands: { epoch: number; length: number; key: number }[] = [];
  for (const { epoch, zxid } of columns) {
    const last = bands.at(-1);
    if (last !== undefined && last.epoch === epoch) last.length += 1;
    else bands.push({ epoch, length: 1, key: zxid });
  }
  return bands;
}

function Cell({ cell, column, name }: { readonly cell: LogCell; readonly column: LogColumn; readonly name: string }): ReactElement {
  const text = cellText(cell);
  return (
    <td title={`${name}, zxid ${column.text}: ${text}`}>
      <CellMark cell={cell} epoch={column.epoch} />
      <span className="hidden">{text}</span>
    </td>
  );
}

function CellMark({ cell, epoch }: { readonly cell: LogCell; readonly epoch: number }): ReactElement {
  if (cell.kept === 'absent') return <span className="cell absent" />;
  const firm = cell.committed ? 'committed' : cell.kept === 'synced' ? 'synced' : 'cached';
  return (
    <span className={`cell ${firm} hue-${hueOf(epoch)} ${cell.kept === 'cached' ? 'curl' : ''}`}>
      {cell.applied && (
        <svg viewBox="0 0 18 18" aria-hidden="true">
          <path d="M4.5 9.5L8 13L13.5 5.5" />
        </svg>
      )}
    </span>
  );
}

const KINDS: readonly (readonly [cell: LogCell, text: string])[] = [
  [{ kept: 'cached', committed: false, applied: false }, 'page cache'],
  [{ kept: 'synced', committed: false, applied: false }, 'on disk'],
  [{ kept: 'synced', committed: true, applied: false }, 'committed'],
  [{ kept: 'synced', committed: true, applied: true }, 'applied'],
];

function LogLegend(): ReactElement {
  return (
    <ul className="log-legend">
      {KINDS.map(([cell, text]) => (
        <li key={text}>
          <CellMark cell={cell} epoch={0} /> {text}
        </li>
      ))}
    </ul>
  );
}

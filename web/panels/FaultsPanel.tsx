/** Faults: who reaches whom, as a grid of switches, and the faults that stand. */
import { useRef, type KeyboardEvent, type ReactElement, type RefObject } from 'react';
import type { StagePicture } from '../../src/view/stage.ts';
import { actOrTell } from '../run/controller.ts';
import { useStore } from '../store/store.ts';

export function FaultsPanel(): ReactElement {
  const stage = useStore((state) => state.stage);
  const leader = stage.servers.find(({ role, serving }) => role === 'leading' && serving);
  const faults = faultsOf(stage);
  return (
    <div className="faults">
      <div className="actions">
        <button type="button" disabled={leader === undefined} onClick={() => void actOrTell('kill', 'leader')}>
          Kill the leader
        </button>
        <button type="button" disabled={leader === undefined} onClick={() => void actOrTell('partition', [['leader']])}>
          Cut the leader off
        </button>
        <button type="button" onClick={() => void actOrTell('heal', 'all')}>
          Heal all links
        </button>
        <button type="button" onClick={() => void actOrTell('calm', 'all')}>
          End all faults
        </button>
      </div>
      <h3>Who reaches whom</h3>
      <Grid stage={stage} />
      <h3>Faults now</h3>
      {faults.length === 0 ? (
        <p className="muted">None. Click a server or a line on the stage, or a switch above.</p>
      ) : (
        <ul className="fault-list">
          {faults.map(({ text, label, verb, value }) => (
            <li key={text}>
              <span>{text}</span>
              <button type="button" onClick={() => void actOrTell(verb, value)}>
                {label}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Rows send, columns receive. Arrow keys move within the grid, which is one stop of the Tab key. */
function Grid({ stage }: { readonly stage: StagePicture }): ReactElement {
  const table = useRef<HTMLTableElement>(null);
  const nodes = [...stage.servers, ...stage.clients];
  const isCut = (from: number, to: number): boolean =>
    stage.links.some((link) => (link.a === from && link.b === to && link.cutAB) || (link.a === to && link.b === from && link.cutBA));
  return (
    <div className="grid-box">
      <table className="reach" ref={table}>
        <caption className="hidden">A pressed switch means that nothing gets through from the row to the column.</caption>
        <thead>
          <tr>
            <td className="muted">from \ to</td>
            {nodes.map(({ node, name }) => (
              <th key={node} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {nodes.map((from, row) => (
            <tr key={from.node}>
              <th scope="row">{from.name}</th>
              {nodes.map((to, column) => (
                <td key={to.node} className={row === column ? 'self' : ''}>
                  {row === column ? (
                    <span className="hidden">itself</span>
                  ) : (
                    <Switch from={from.name} to={to.name} isCut={isCut(from.node, to.node)} cell={[row, column]} table={table} />
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SwitchProps {
  readonly from: string;
  readonly to: string;
  readonly isCut: boolean;
  readonly cell: readonly [row: number, column: number];
  readonly table: RefObject<HTMLTableElement | null>;
}

function Switch({ from, to, isCut, cell: [row, column], table }: SwitchProps): ReactElement {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    // One further, or over the gap where a node meets itself.
    for (const far of [1, 2]) {
      const next = table.current?.querySelector<HTMLElement>(`[data-cell="${row + step[0] * far},${column + step[1] * far}"]`);
      if (next === null || next === undefined) continue;
      next.focus();
      return;
    }
  };
  return (
    <button
      type="button"
      onKeyDown={onKeyDown}
      data-cell={`${row},${column}`}
      tabIndex={row === 0 && column === 1 ? 0 : -1}
      aria-pressed={isCut}
      aria-label={`cut ${from} to ${to}`}
      onClick={() => void actOrTell(isCut ? 'mend' : 'cut', `${from} > ${to}`)}
    >
      {isCut ? '✕' : '→'}
    </button>
  );
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

interface Fault {
  readonly text: string;
  readonly label: string;
  readonly verb: string;
  readonly value: unknown;
}

function faultsOf(stage: StagePicture): Fault[] {
  const faults: Fault[] = [];
  for (const { name, role, paused, disk } of stage.servers) {
    if (role === 'down') faults.push({ text: `${name} is down`, label: 'Start', verb: 'start', value: name });
    if (role === 'off') faults.push({ text: `${name} has no power`, label: 'Start', verb: 'start', value: name });
    if (paused) faults.push({ text: `${name} is paused`, label: 'Resume', verb: 'resume', value: name });
    if (disk.length > 0)
      faults.push({
        text: `the disk of ${name}: ${disk.join(', ')}`,
        label: 'Repair',
        verb: 'disk',
        value: { server: name, full: 'false', slow: '1', lying: 'false', fail: 'none' },
      });
  }
  for (const { name, isUp, paused } of stage.clients) {
    if (!isUp) faults.push({ text: `client ${name} is down`, label: 'Start', verb: 'start', value: name });
    if (paused) faults.push({ text: `client ${name} is paused`, label: 'Resume', verb: 'resume', value: name });
  }
  const nameOf = (node: number): string => [...stage.servers, ...stage.clients].find((each) => each.node === node)?.name ?? '';
  for (const { a, b, cutAB, cutBA } of stage.links) {
    const [one, other] = [nameOf(a), nameOf(b)];
    if (cutAB && cutBA)
      faults.push({ text: `${one} and ${other} do not reach each other`, label: 'Mend', verb: 'mend', value: `${one} <> ${other}` });
    else if (cutAB) faults.push({ text: `${one} does not reach ${other}`, label: 'Mend', verb: 'mend', value: `${one} > ${other}` });
    else if (cutBA) faults.push({ text: `${other} does not reach ${one}`, label: 'Mend', verb: 'mend', value: `${other} > ${one}` });
  }
  return faults;
}

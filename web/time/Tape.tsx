/** The tape: the run from its first event to its last, painted with epochs and marks, and the cursor on it. */
import { scaleLinear } from 'd3';
import { useMemo, useRef, type ReactElement } from 'react';
import { hueOf } from '../../src/view/epoch.ts';
import type { Mark, MarkKind } from '../../src/view/tale.ts';
import { timeText } from '../../src/view/time-text.ts';
import { useSize } from '../doors/use-size.ts';
import { goTo } from '../run/controller.ts';
import { useStore } from '../store/store.ts';

const HEIGHT = 46;
const BAND_TOP = 24;
/** Marks nearer than this are drawn as one, the weightier kind. */
const NEAR = 7;

const WEIGHT: Readonly<Record<MarkKind, number>> = {
  violation: 7,
  crash: 6,
  fault: 5,
  established: 4,
  election: 3,
  heal: 2,
  start: 1,
  call: 0,
};

export function Tape(): ReactElement {
  const marks = useStore((state) => state.marks);
  const cursor = useStore((state) => state.cursor);
  const light = useStore((state) => state.light);
  const narration = useStore((state) => state.narration);
  const box = useRef<HTMLDivElement>(null);
  const { width } = useSize(box);
  const inner = Math.max(1, width - 16);
  const x = useMemo(
    () =>
      scaleLinear()
        .domain([0, Math.max(1, cursor.head)])
        .range([0, inner]),
    [cursor.head, inner],
  );
  const bands = useMemo(() => bandsOf(marks, cursor.head), [marks, cursor.head]);
  const shown = useMemo(() => {
    const violation: Mark[] = light.first === null ? [] : [{ event: light.first.event, at: 0, kind: 'violation', node: -1, epoch: -1 }];
    return thinned([...marks, ...violation], x);
  }, [marks, light.first, x]);

  return (
    <div className="tape" ref={box}>
      <svg width={inner} height={HEIGHT} aria-hidden="true">
        <rect className="base" x={0} y={BAND_TOP} width={inner} height={12} rx={3} />
        {bands.map(({ from, to, epoch }) => (
          <rect
            key={from}
            className={`band hue-${hueOf(epoch)}`}
            x={x(from)}
            y={BAND_TOP}
            width={Math.max(1, x(to) - x(from))}
            height={12}
          />
        ))}
        {bands.map(({ from, to, epoch }) =>
          x(to) - x(from) > 56 ? (
            <text key={from} className="band-label" x={x(from) + 10} y={BAND_TOP - 9}>
              epoch {epoch}
            </text>
          ) : null,
        )}
        {shown.map((mark) => (
          <MarkSign key={`${mark.kind}-${mark.event}`} kind={mark.kind} x={x(mark.event)} />
        ))}
        <path className="cursor" d={`M${x(cursor.event)} 13V${HEIGHT - 1}`} />
      </svg>
      <input
        type="range"
        min={0}
        max={cursor.head}
        value={cursor.event}
        aria-label="Event"
        aria-valuetext={`event ${cursor.event} of ${cursor.head}, ${timeText(cursor.time)}${narration === null ? '' : `; ${narration.subject} ${narration.text}`}`}
        onChange={(event) => goTo(Number(event.target.value))}
      />
    </div>
  );
}

interface Band {
  readonly from: number;
  readonly to: number;
  readonly epoch: number;
}

function bandsOf(marks: readonly Mark[], head: number): Band[] {
  const established = marks.filter(({ kind }) => kind === 'established');
  return established.map(({ event, epoch }, i) => ({ from: event, to: established[i + 1]?.event ?? head, epoch }));
}

function thinned(marks: readonly Mark[], x: (event: number) => number): Mark[] {
  const kept: Mark[] = [];
  for (const mark of marks.toSorted((a, b) => a.event - b.event)) {
    const last = kept.at(-1);
    if (last === undefined || x(mark.event) - x(last.event) >= NEAR) kept.push(mark);
    else if (WEIGHT[mark.kind] > WEIGHT[last.kind]) kept[kept.length - 1] = mark;
  }
  return kept;
}

const SIGNS: Readonly<Record<MarkKind, string>> = {
  election: 'M0 -5L5 4H-5Z',
  established: 'M-6 4.5l-1 -8 4 3 3 -5 3 5 4 -3 -1 8z',
  crash: 'M-4 -4L4 4M4 -4L-4 4',
  start: 'M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0 -7 0z',
  fault: 'M0 -6V6M-3.5 -6V6',
  heal: 'M-5 0H5M2 -3L5 0L2 3M-2 -3L-5 0L-2 3',
  call: 'M-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0 -3 0z',
  violation: 'M0 -6L6 0L0 6L-6 0Z',
};

function MarkSign({ kind, x }: { readonly kind: MarkKind; readonly x: number }): ReactElement {
  const isBelow = kind !== 'established' && kind !== 'violation';
  return <path className={`mark ${kind}`} d={SIGNS[kind]} transform={`translate(${x} ${isBelow ? BAND_TOP + 6 : BAND_TOP - 12})`} />;
}

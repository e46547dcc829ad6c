/** The list of events, a window of it at a time: the story, or every event. It follows the cursor until somebody scrolls. */
import { useLayoutEffect, useRef, type ReactElement, type RefObject } from 'react';
import type { EventListPicture } from '../../src/view/event-list.ts';
import type { EventRow } from '../../src/view/event-picture.ts';
import { shortTime } from '../../src/view/time-text.ts';
import { rove } from '../doors/rove.ts';
import { goTo, refresh } from '../run/controller.ts';
import type { State } from '../store/state.ts';
import { update, useStore } from '../store/store.ts';

const ROW = 40;
const ROW_FULL = 26;

export function EventList(): ReactElement {
  const picture = useStore((state) => state.list);
  const mode = useStore((state) => state.listMode);
  const first = useStore((state) => state.listFirst);
  const scroller = useRef<HTMLDivElement>(null);
  const height = mode === 'story' ? ROW : ROW_FULL;
  const list = picture?.mode === mode ? picture : null;
  const onScroll = useFollowing(scroller, list, first, height);
  return (
    <section className="panel events" aria-label="Events">
      <div className="panel-head">
        <h2>Events</h2>
        <ModeSwitch mode={mode} />
      </div>
      <div className="scroller" ref={scroller} onScroll={onScroll}>
        {list !== null && <Rows list={list} height={height} />}
        {list !== null && list.total === 0 && <p className="empty">Nothing has happened yet. Press play.</p>}
      </div>
      {first !== null && (
        <button type="button" className="follow" onClick={() => look({ listFirst: null })}>
          Follow the cursor
        </button>
      )}
    </section>
  );
}

function look(at: Partial<Pick<State, 'listMode' | 'listFirst'>>): void {
  update((draft) => void Object.assign(draft, at));
  refresh();
}

/** Keeps the cursor's row in sight; returns what to do when the person scrolls. */
function useFollowing(
  scroller: RefObject<HTMLDivElement | null>,
  list: EventListPicture | null,
  first: number | null,
  height: number,
): () => void {
  /** Where the page itself scrolled to: what differs from it is the person's doing. */
  const own = useRef(-1);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || list === null || first !== null) return;
    element.scrollTo({ top: Math.max(0, (list.cursor + 1.5) * height - element.clientHeight) });
    own.current = Math.round(element.scrollTop);
  }, [scroller, list, first, height]);
  return () => {
    const element = scroller.current;
    if (element === null || Math.abs(element.scrollTop - own.current) < 2) return;
    own.current = -1;
    look({ listFirst: Math.max(0, Math.floor(element.scrollTop / height) - 20) });
  };
}

function ModeSwitch({ mode }: { readonly mode: 'story' | 'all' }): ReactElement {
  return (
    <fieldset className="segments" aria-label="Which events">
      {(['story', 'all'] as const).map((each) => (
        <button key={each} type="button" aria-pressed={mode === each} onClick={() => look({ listMode: each, listFirst: null })}>
          {each === 'story' ? 'Story' : 'Every event'}
        </button>
      ))}
    </fieldset>
  );
}

function Rows({ list, height }: { readonly list: EventListPicture; readonly height: number }): ReactElement {
  const cursor = useStore((state) => state.cursor.event);
  const stop = Math.max(list.first, Math.min(list.cursor, list.first + list.rows.length - 1));
  return (
    <ol style={{ height: list.total * height, paddingTop: list.first * height }} className={list.mode}>
      {list.rows.map((row, i) => (
        <Row key={row.event} row={row} height={height} cursor={cursor} isStop={list.first + i === stop} />
      ))}
    </ol>
  );
}

interface RowProps {
  readonly row: EventRow;
  readonly height: number;
  readonly cursor: number;
  /** The list is one stop of the Tab key; the arrows move within it. */
  readonly isStop: boolean;
}

function Row({ row, height, cursor, isStop }: RowProps): ReactElement {
  return (
    <li style={{ height }}>
      <button
        type="button"
        className={`event-row ${row.event > cursor ? 'future' : ''} ${row.isTelling ? 'telling' : ''}`}
        aria-current={row.event === cursor ? 'true' : undefined}
        tabIndex={isStop ? 0 : -1}
        onKeyDown={rove}
        title={`event ${row.event}: ${row.subject} ${row.text}`}
        onClick={() => goTo(row.event)}
      >
        <time>{shortTime(row.at)}</time>
        <span>
          {row.subject !== '' && <b>{row.subject}</b>} {row.text}
        </span>
      </button>
    </li>
  );
}

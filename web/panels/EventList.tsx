/** The list of events, a window of it at a time: the story, or every event. It follows the cursor until somebody scrolls. */
import { useLayoutEffect, useRef, type ReactElement } from 'react';
import type { EventRow } from '../../src/view/event-picture.ts';
import { shortTime } from '../../src/view/time-text.ts';
import { goTo, refresh } from '../run/controller.ts';
import { update, useStore } from '../store/store.ts';

const ROW = 40;
const ROW_FULL = 26;

export function EventList(): ReactElement {
  const list = useStore((state) => state.list);
  const mode = useStore((state) => state.listMode);
  const first = useStore((state) => state.listFirst);
  const cursor = useStore((state) => state.cursor.event);
  const scroller = useRef<HTMLDivElement>(null);
  /** Where the page itself scrolled to: what differs from it is the person's doing. */
  const own = useRef(-1);
  const height = mode === 'story' ? ROW : ROW_FULL;
  const isShown = list !== null && list.mode === mode;

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || !isShown || first !== null) return;
    const wanted = Math.max(0, (list.cursor + 1.5) * height - element.clientHeight);
    own.current = Math.round(wanted);
    element.scrollTop = wanted;
    own.current = Math.round(element.scrollTop);
  }, [list, first, height, isShown]);

  const onScroll = (): void => {
    const element = scroller.current;
    if (element === null || Math.abs(element.scrollTop - own.current) < 2) return;
    own.current = -1;
    update((draft) => void (draft.listFirst = Math.max(0, Math.floor(element.scrollTop / height) - 20)));
    refresh();
  };

  return (
    <section className="panel events" aria-label="Events">
      <div className="panel-head">
        <h2>Events</h2>
        <fieldset className="segments" aria-label="Which events">
          {(['story', 'all'] as const).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={mode === each}
              onClick={() => {
                update((draft) => {
                  draft.listMode = each;
                  draft.listFirst = null;
                });
                refresh();
              }}
            >
              {each === 'story' ? 'Story' : 'Every event'}
            </button>
          ))}
        </fieldset>
      </div>
      <div className="scroller" ref={scroller} onScroll={onScroll}>
        {isShown && (
          <ol style={{ height: list.total * height, paddingTop: list.first * height }} className={mode}>
            {list.rows.map((row) => (
              <Row key={row.event} row={row} height={height} isCursor={row.event === cursor} isFuture={row.event > cursor} />
            ))}
          </ol>
        )}
        {isShown && list.total === 0 && <p className="empty">Nothing has happened yet. Press play.</p>}
      </div>
      {first !== null && (
        <button
          type="button"
          className="follow"
          onClick={() => {
            update((draft) => void (draft.listFirst = null));
            refresh();
          }}
        >
          Follow the cursor
        </button>
      )}
    </section>
  );
}

interface RowProps {
  readonly row: EventRow;
  readonly height: number;
  readonly isCursor: boolean;
  readonly isFuture: boolean;
}

function Row({ row, height, isCursor, isFuture }: RowProps): ReactElement {
  return (
    <li style={{ height }}>
      <button
        type="button"
        className={`event-row ${isFuture ? 'future' : ''} ${row.isTelling ? 'telling' : ''}`}
        aria-current={isCursor ? 'true' : undefined}
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

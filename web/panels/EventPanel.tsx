/** The inspector: the event at the cursor, why it happened, what it decided and what it changed. */
import type { ReactElement } from 'react';
import type { PartChange } from '../../src/view/difference.ts';
import type { EventPicture } from '../../src/view/event-picture.ts';
import { timeText } from '../../src/view/time-text.ts';
import { goTo } from '../run/controller.ts';
import { useStore } from '../store/store.ts';

export function EventPanel(): ReactElement {
  const event = useStore((state) => state.inspector);
  const isPlaying = useStore((state) => state.isPlaying);
  if (event === null) return <p className="empty">The run has not begun. Press play, or step to the first event.</p>;
  return (
    <div className="inspector">
      <p className="event-head">
        <b>Event {event.event}</b>
        <span className="muted">
          {isPlaying && 'newest of the story · '}
          {timeText(event.at)}
        </span>
      </p>
      <dl>
        <dt>Who</dt>
        <dd>
          {event.subject !== '' && <b>{event.subject}</b>} {event.actor}
        </dd>
        {event.input !== null && <Pair name="Input" title={event.input.title} detail={event.input.detail} />}
        {event.effect !== null && <Pair name="Effect" title={event.effect.title} detail={event.effect.detail} />}
        <dt>Cause</dt>
        <dd>
          {event.cause === 0 ? (
            <span className="muted">none: it came from outside, or by itself</span>
          ) : (
            <button type="button" className="link" onClick={() => goTo(event.cause)}>
              event {event.cause}
            </button>
          )}
        </dd>
      </dl>
      <Notes event={event} />
      <Changes event={event} />
    </div>
  );
}

function Pair({ name, title, detail }: { readonly name: string; readonly title: string; readonly detail: string }): ReactElement {
  return (
    <>
      <dt>{name}</dt>
      <dd>
        {title}
        {detail !== '' && <small>{detail}</small>}
      </dd>
    </>
  );
}

function Notes({ event }: { readonly event: EventPicture }): ReactElement | null {
  if (event.notes.length === 0) return null;
  return (
    <>
      <h3>What it says of itself</h3>
      <ul className="notes">
        {event.notes.map((note, i) => (
          <li key={`${note.type}-${i}`}>
            {note.sentence}
            <small>
              <code>{note.type}</code> {note.operands.map(({ name, text }) => `${name} ${text}`).join(' · ')}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

function Changes({ event }: { readonly event: EventPicture }): ReactElement {
  const nodes = useStore((state) => state.run?.nodes ?? null);
  const nameOf = (node: number): string => (node === -1 ? 'network and script' : (nodes?.find((each) => each.node === node)?.name ?? ''));
  const owners = [...new Set(event.changes.map(({ node }) => node))];
  return (
    <>
      <h3>What it changed</h3>
      {owners.length === 0 && <p className="muted">Nothing.</p>}
      {owners.map((owner) => (
        <div key={owner} className="changes">
          <h4>{nameOf(owner)}</h4>
          <ul>
            {event.changes
              .filter(({ node }) => node === owner)
              .map((change, i) => (
                <Change key={`${change.part}-${i}`} change={change} />
              ))}
          </ul>
        </div>
      ))}
    </>
  );
}

function Change({ change }: { readonly change: PartChange }): ReactElement {
  const { part, how, changes } = change;
  return (
    <li>
      <span className="part">
        {part} {how !== 'changed' && <span className="muted">{how === 'made' ? 'begins' : 'ends'}</span>}
      </span>
      {changes.map(({ name, isList, before, after }) => (
        <div key={name} className={isList ? 'change list' : 'change'}>
          <code>{name}</code>
          <span>
            {before !== '' && <del>{before}</del>} {after !== '' && <ins>{after}</ins>}
            {after === '' && !isList && <span className="muted">gone</span>}
          </span>
        </div>
      ))}
    </li>
  );
}

/** The properties at the cursor. */
import type { ReactElement } from 'react';
import type { PropertyPicture } from '../../src/view/property-picture.ts';
import { goTo } from '../run/controller.ts';
import { useStore } from '../store/store.ts';

const WORDS: Readonly<Record<PropertyPicture['status'], string>> = {
  held: 'holds',
  violated: 'violated',
  'not-exercised': 'not tried yet',
  unknown: 'too much is unknown to tell',
};
const SIGNS: Readonly<Record<PropertyPicture['status'], string>> = { held: '✓', violated: '✕', 'not-exercised': '·', unknown: '?' };

export function PropertiesPanel(): ReactElement {
  const properties = useStore((state) => state.properties);
  if (properties === null) return <p className="empty">Nothing to judge yet.</p>;
  return (
    <div className="properties">
      <p className="muted">
        {properties.violated > 0 ? `${properties.violated} violated, ` : ''}
        {properties.held} hold so far, judged at every event.
      </p>
      <ul>
        {properties.properties.map(({ id, title, status, violation }) => (
          <li key={id} className={status}>
            <span className="sign" aria-hidden="true">
              {SIGNS[status]}
            </span>
            <div>
              <b>{id}</b> <span className="muted">{WORDS[status]}</span>
              <p>{title}</p>
              {violation !== null && (
                <p className="violation">
                  {violation.text}{' '}
                  <button type="button" className="link" onClick={() => goTo(violation.event)}>
                    event {violation.event}
                  </button>
                </p>
              )}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

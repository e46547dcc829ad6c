/** The page's few icons, drawn on a grid of 20 in the colour of the text. */
import type { ReactElement } from 'react';

const PATHS = {
  play: 'M6 4.2v11.6l9.6-5.8z',
  pause: 'M5.5 4h3v12h-3zM11.5 4h3v12h-3z',
  next: 'M5 4.5v11l6.5-5.5zM12.5 4.5h2v11h-2z',
  previous: 'M15 4.5v11L8.5 10zM5.5 4.5h2v11h-2z',
  nextStory: 'M3 4.5v11L9.5 10zM10 4.5v11l6.5-5.5z',
  previousStory: 'M17 4.5v11L10.5 10zM10 4.5v11L3.5 10z',
  start: 'M4 4.5h2v11H4zM16 4.5v11L7.5 10z',
  dice: 'M4.5 3h11A1.5 1.5 0 0 1 17 4.5v11a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 15.5v-11A1.5 1.5 0 0 1 4.5 3zM7 5.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM13 5.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM10 8.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM7 11.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6zM13 11.7a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 0 0 0-2.6z',
  link: 'M8.6 12.8l-1.5 1.5a2.2 2.2 0 0 1-3.1-3.1l2.9-2.9a2.2 2.2 0 0 1 3.1 0l1.1-1.1a3.8 3.8 0 0 0-5.3 0l-2.9 2.9a3.8 3.8 0 0 0 5.3 5.3l1.9-1.9a4 4 0 0 1-1.5-.7zM11.4 7.2l1.5-1.5a2.2 2.2 0 0 1 3.1 3.1l-2.9 2.9a2.2 2.2 0 0 1-3.1 0l-1.1 1.1a3.8 3.8 0 0 0 5.3 0l2.9-2.9a3.8 3.8 0 0 0-5.3-5.3L9.9 6.5a4 4 0 0 1 1.5.7z',
  theme: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zm0 1.8v11.4a5.7 5.7 0 0 1 0-11.4z',
  close: 'M5.6 4.2L10 8.6l4.4-4.4 1.4 1.4L11.4 10l4.4 4.4-1.4 1.4L10 11.4l-4.4 4.4-1.4-1.4L8.6 10 4.2 5.6z',
} as const;

export function Icon({ name }: { readonly name: keyof typeof PATHS }): ReactElement {
  return (
    <svg className="icon" viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
      <path d={PATHS[name]} fillRule="evenodd" />
    </svg>
  );
}

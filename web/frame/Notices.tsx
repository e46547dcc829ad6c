/** What the page has to say about itself. Nothing here hides the ensemble for good: each notice can be put away. */
import type { ReactElement } from 'react';
import { Icon } from '../icons.tsx';
import { copyLink, dismiss, openDefault, restart } from '../run/controller.ts';
import type { Notice, Offer } from '../store/state.ts';
import { useStore } from '../store/store.ts';

const LABELS: Readonly<Record<Offer, string>> = {
  'open-default': 'Open the default scenario',
  restart: 'Start the run again',
  'copy-link': 'Copy a link that replays it',
};

export function Notices(): ReactElement {
  const notices = useStore((state) => state.notices);
  return (
    <section className="notices" aria-label="Notices" aria-live="polite">
      {notices.map((notice) => (
        <NoticeCard key={notice.id} notice={notice} />
      ))}
    </section>
  );
}

function NoticeCard({ notice }: { readonly notice: Notice }): ReactElement {
  const { id, kind, title, text, offers } = notice;
  return (
    <div className={`notice ${kind}`}>
      <div>
        <b>{title}</b>
        <p>{text}</p>
        {offers.length > 0 && (
          <div className="actions">
            {offers.map((offer) => (
              <button key={offer} type="button" onClick={() => take(offer, id)}>
                {LABELS[offer]}
              </button>
            ))}
          </div>
        )}
      </div>
      <button type="button" className="plain" aria-label={`Put away: ${title}`} onClick={() => dismiss(id)}>
        <Icon name="close" />
      </button>
    </div>
  );
}

function take(offer: Offer, id: string): void {
  switch (offer) {
    case 'open-default':
      dismiss(id);
      openDefault();
      return;
    case 'restart':
      dismiss(id);
      restart();
      return;
    default:
      void copyLink();
  }
}

/** The whole page. */
import { useEffect, type ReactElement } from 'react';
import { Help } from './frame/Help.tsx';
import { listenToKeys } from './frame/keys.ts';
import { Narration } from './frame/Narration.tsx';
import { Notices } from './frame/Notices.tsx';
import { TopBar } from './frame/TopBar.tsx';
import { EventList } from './panels/EventList.tsx';
import { LogPanel } from './panels/LogPanel.tsx';
import { Tabs } from './panels/Tabs.tsx';
import { openDefault, refresh } from './run/controller.ts';
import { Stage } from './stage/Stage.tsx';
import { update, useStore } from './store/store.ts';
import { Transport } from './time/Transport.tsx';

const NARROW = '(max-width: 899px)';

export function App(): ReactElement {
  const isNarrow = useStore((state) => state.isNarrow);
  const phase = useStore((state) => state.phase);
  const cursor = useStore((state) => state.cursor);
  useEffect(listenToKeys, []);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const follow = (): void => {
      update((draft) => void (draft.isNarrow = query.matches));
      refresh();
    };
    follow();
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return (
    <div className={`page ${isNarrow ? 'narrow' : 'wide'}`} data-phase={phase} data-event={cursor.event} data-hash={cursor.hash}>
      <TopBar />
      <Notices />
      <main>
        {!isNarrow && <EventList />}
        <div className="centre">
          {phase === 'empty' ? <Nothing /> : <Stage />}
          {phase === 'opening' && <Progress />}
          <Narration />
          {!isNarrow && <LogPanel />}
        </div>
        {isNarrow && <Transport />}
        <Tabs />
      </main>
      {!isNarrow && <Transport />}
      <Help />
      <Said />
    </div>
  );
}

function Said(): ReactElement {
  const said = useStore((state) => state.said);
  return <output className="hidden">{said}</output>;
}

function Nothing(): ReactElement {
  return (
    <section className="stage nothing" aria-label="Ensemble">
      <div>
        <h2>No run is open</h2>
        <p>What was asked for cannot be opened; the notice above says why.</p>
        <button type="button" className="primary" onClick={openDefault}>
          Open the default scenario
        </button>
      </div>
    </section>
  );
}

function Progress(): ReactElement | null {
  const progress = useStore((state) => state.progress);
  if (progress === null) return null;
  return (
    <output className="progress">
      Running to event {progress.goal}: {progress.events} so far
    </output>
  );
}

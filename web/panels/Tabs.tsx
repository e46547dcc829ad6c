/** The tabs beside the stage; on a narrow page, below it and with the events and logs among them. */
import { lazy, Suspense, useRef, type KeyboardEvent, type ReactElement } from 'react';
import { refresh } from '../run/controller.ts';
import { NARROW_TABS, TABS, type Tab } from '../store/state.ts';
import { update, useStore } from '../store/store.ts';
import { EventList } from './EventList.tsx';
import { EventPanel } from './EventPanel.tsx';
import { LogPanel } from './LogPanel.tsx';

// What is not to be seen at once comes when it is asked for.
const ConsolePanel = lazy(async () => ({ default: (await import('./ConsolePanel.tsx')).ConsolePanel }));
const FaultsPanel = lazy(async () => ({ default: (await import('./FaultsPanel.tsx')).FaultsPanel }));
const PropertiesPanel = lazy(async () => ({ default: (await import('./PropertiesPanel.tsx')).PropertiesPanel }));
const ScenarioPanel = lazy(async () => ({ default: (await import('./ScenarioPanel.tsx')).ScenarioPanel }));
const TreePanel = lazy(async () => ({ default: (await import('./TreePanel.tsx')).TreePanel }));

const TITLES: Readonly<Record<Tab, string>> = {
  story: 'Events',
  log: 'Logs',
  event: 'Event',
  tree: 'Tree',
  console: 'Console',
  faults: 'Faults',
  properties: 'Properties',
  scenario: 'Scenario',
};

export function chooseTab(tab: Tab): void {
  update((draft) => void (draft.tab = tab));
  refresh();
}

export function Tabs(): ReactElement {
  const isNarrow = useStore((state) => state.isNarrow);
  const tab = useStore((state) => state.tab);
  const list = useRef<HTMLDivElement>(null);
  const tabs: readonly Tab[] = isNarrow ? NARROW_TABS : TABS;
  const active = tabs.includes(tab) ? tab : 'event';

  const onKeyDown = (event: KeyboardEvent): void => {
    const here = tabs.indexOf(active);
    const moves: Readonly<Record<string, number>> = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: tabs.length - 1 };
    const to = moves[event.key];
    const next = to === undefined ? undefined : tabs[(to + tabs.length) % tabs.length];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    chooseTab(next);
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };

  return (
    <section className="panel side" aria-label="Details">
      <h2 className="hidden">Details</h2>
      <div className="tabs" role="tablist" tabIndex={-1} aria-label="Details" ref={list} onKeyDown={onKeyDown}>
        {tabs.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`tab-${each}`}
            aria-selected={each === active}
            aria-controls="tabpanel"
            tabIndex={each === active ? 0 : -1}
            onClick={() => chooseTab(each)}
          >
            {TITLES[each]}
          </button>
        ))}
      </div>
      <div className={`tabpanel of-${active}`} role="tabpanel" id="tabpanel" aria-labelledby={`tab-${active}`} tabIndex={0}>
        <Suspense fallback={null}>
          <Content tab={active} />
        </Suspense>
      </div>
    </section>
  );
}

function Content({ tab }: { readonly tab: Tab }): ReactElement {
  switch (tab) {
    case 'story':
      return <EventList />;
    case 'log':
      return <LogPanel />;
    case 'event':
      return <EventPanel />;
    case 'tree':
      return <TreePanel />;
    case 'console':
      return <ConsolePanel />;
    case 'faults':
      return <FaultsPanel />;
    case 'properties':
      return <PropertiesPanel />;
    default:
      return <ScenarioPanel />;
  }
}

/** The bar on top: which run this is, whether its properties hold, and the page's own switches. */
import { useState, type ReactElement, type SubmitEvent } from 'react';
import { Icon } from '../icons.tsx';
import { library } from '../library.ts';
import { chooseTab } from '../panels/Tabs.tsx';
import { copyLink, openFromLibrary, openRun } from '../run/controller.ts';
import type { Theme } from '../store/state.ts';
import { getState, update, useStore } from '../store/store.ts';
import { nextTheme } from './theme.ts';

/** How long the page says that a link was copied. */
const SAID_MS = 2500;

export function TopBar(): ReactElement {
  return (
    <header className="top">
      <h1>
        <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true" className="logo">
          <path d="M16 2.5L28 9.2V22.8L16 29.5L4 22.8V9.2Z" />
          <path d="M10 10.5H22L10.5 21.5H22.5" />
        </svg>
        Zablab
      </h1>
      <ScenarioPicker />
      <SeedField />
      <LightButton />
      <div className="switches">
        <ShareButton />
        <ThemeButton />
        <button
          type="button"
          className="plain"
          aria-label="Help"
          title="Help (?)"
          aria-haspopup="dialog"
          onClick={() => update((draft) => void (draft.isHelpOpen = !draft.isHelpOpen))}
        >
          <b>?</b>
        </button>
      </div>
    </header>
  );
}

function ScenarioPicker(): ReactElement {
  const id = useStore((state) => state.scenario.id);
  const name = useStore((state) => state.run?.name ?? null);
  const folders = [...new Set(library().map(({ folder }) => folder))];
  return (
    <label className="field scenario-picker">
      <span className="hidden">Scenario</span>
      <select value={id ?? ''} onChange={(event) => openFromLibrary(event.target.value)}>
        {(id === null || !library().some((scenario) => scenario.id === id)) && (
          <option value={id ?? ''}>{name ?? 'Choose a scenario'}</option>
        )}
        {folders.map((folder) => (
          <optgroup key={folder} label={folder}>
            {library()
              .filter((scenario) => scenario.folder === folder)
              .map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

function SeedField(): ReactElement {
  const seed = useStore((state) => state.run?.seed ?? '');
  return <SeedForm key={seed} seed={seed} />;
}

function SeedForm({ seed }: { readonly seed: string }): ReactElement {
  const [text, setText] = useState(seed);
  const open = (next: string): void => {
    const { id, text: source } = getState().scenario;
    void openRun({ id, text: source, seed: next, event: null, clicks: [], plays: true });
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (text !== '') open(text);
  };
  return (
    <form className="seed" onSubmit={submit}>
      <label>
        <span>Seed</span>
        <input
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
          onBlur={() => setText(text === '' ? seed : text)}
        />
      </label>
      <button
        type="button"
        className="plain"
        aria-label="Another seed"
        title="Another seed"
        onClick={() => open(String(Math.floor(Math.random() * 1_000_000)))}
      >
        <Icon name="dice" />
      </button>
    </form>
  );
}

/** The property light: its colour never speaks alone. */
function LightButton(): ReactElement {
  const { light, held, violated } = useStore((state) => state.light);
  const text = light === 'violated' ? `${violated} violated` : light === 'held' ? `${held} hold` : 'no verdict yet';
  return (
    <button type="button" className={`light ${light}`} onClick={() => chooseTab('properties')} title="Properties">
      <span className="lamp" aria-hidden="true">
        {light === 'violated' ? '✕' : light === 'held' ? '✓' : '·'}
      </span>
      <span className="hidden">Properties: </span>
      <span>{text}</span>
    </button>
  );
}

function ShareButton(): ReactElement {
  const [said, setSaid] = useState('');
  const share = async (): Promise<void> => {
    setSaid((await copyLink()) ? 'Copied' : 'In the address bar');
    setTimeout(() => setSaid(''), SAID_MS);
  };
  return (
    <button type="button" className="plain share" title="Copy a link to this moment" onClick={() => void share()}>
      <Icon name="link" />
      <span className="hidden">Copy a link to this moment</span>
      <output className={said === '' ? 'hidden' : 'bubble'}>{said}</output>
    </button>
  );
}

const THEMES: Readonly<Record<Theme, string>> = { system: 'as the system', light: 'light', dark: 'dark' };

function ThemeButton(): ReactElement {
  const theme = useStore((state) => state.theme);
  return (
    <button type="button" className="plain" aria-label={`Theme: ${THEMES[theme]}`} title={`Theme: ${THEMES[theme]}`} onClick={nextTheme}>
      <Icon name="theme" />
    </button>
  );
}

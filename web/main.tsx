import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { ErrorBoundary } from './frame/ErrorBoundary.tsx';
import { readTheme } from './frame/theme.ts';
import { fillLibrary } from './library.ts';
import { notify, openFromAddress, startClock } from './run/controller.ts';
import './style/tokens.css';
import './style/base.css';
import './style/layout.css';
import './style/stage.css';
import './style/panels.css';
import './style/time.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
const place = root;

async function start(): Promise<void> {
  readTheme();
  try {
    fillLibrary((await import('./library-texts.ts')).texts);
  } catch {
    notify({
      id: 'library',
      kind: 'warning',
      title: 'The scenarios could not be loaded',
      text: 'Only the default is there. Reload the page to try again.',
      offers: [],
    });
  }
  createRoot(place).render(
    <StrictMode>
      <ErrorBoundary>
        <App />
      </ErrorBoundary>
    </StrictMode>,
  );
  startClock();
  addEventListener('hashchange', () => void openFromAddress());
  await openFromAddress();
}

void start();

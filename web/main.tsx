import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { ErrorBoundary } from './frame/ErrorBoundary.tsx';
import { readTheme } from './frame/theme.ts';
import { openFromAddress, startClock } from './run/controller.ts';
import './style/tokens.css';
import './style/base.css';
import './style/layout.css';
import './style/stage.css';
import './style/panels.css';
import './style/time.css';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
readTheme();
startClock();
void openFromAddress();
addEventListener('hashchange', () => void openFromAddress());
createRoot(root).render(
  <StrictMode>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </StrictMode>,
);

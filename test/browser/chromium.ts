// Finds a Chromium for the browser suite, and starts it with no wish to phone home.

import { existsSync, readdirSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { Environment } from '../support/debian.ts';
import type { Tool } from '../support/suites.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where Playwright's own downloads lie below its chromium-NNNN folders. */
const inPlaywrightFolder = [
  ['chrome-linux', 'chrome'],
  ['chrome-linux64', 'chrome'],
  ['chrome-linux-arm64', 'chrome'],
  ['chrome-mac', 'Chromium.app', 'Contents', 'MacOS', 'Chromium'],
  ['chrome-mac-arm64', 'Google Chrome for Testing.app', 'Contents', 'MacOS', 'Google Chrome for Testing'],
  ['chrome-mac-x64', 'Google Chrome for Testing.app', 'Contents', 'MacOS', 'Google Chrome for Testing'],
  ['chrome-win', 'chrome.exe'],
  ['chrome-win64', 'chrome.exe'],
];

/** CHROME_PATH, then PATH, then Playwright's cache. */
export function findChromium(env: Environment = process.env, home = homedir()): Tool<string> {
  const given = env['CHROME_PATH'];
  if (given !== undefined && given !== '') {
    return existsSync(given) ? { found: given } : { install: `CHROME_PATH names ${given}, which does not exist` };
  }
  const found = inPath(env) ?? inPlaywrightCache(env, home);
  return found === null ? { install: 'install chromium (on Debian: apt-get install chromium) or set CHROME_PATH' } : { found };
}

function inPath(env: Environment): string | null {
  const suffix = platform() === 'win32' ? '.exe' : '';
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name + suffix)));
  return candidates.find((path) => existsSync(path)) ?? null;
}

function inPlaywrightCache(env: Environment, home: string): string | null {
  const caches = [
    env['PLAYWRIGHT_BROWSERS_PATH'] ?? '',
    join(home, '.cache', 'ms-playwright'),
    join(home, 'Library', 'Caches', 'ms-playwright'),
    join(home, 'AppData', 'Local', 'ms-playwright'),
  ].filter((cache) => cache !== '' && existsSync(cache));
  const folders = caches.flatMap((cache) => newestFirst(readdirSync(cache)).map((name) => join(cache, name)));
  const candidates = folders.flatMap((folder) => inPlaywrightFolder.map((parts) => join(folder, ...parts)));
  return candidates.find((path) => existsSync(path)) ?? null;
}

function newestFirst(entries: readonly string[]): string[] {
  const revisionOf = (entry: string): number => Number(entry.slice('chromium-'.length));
  return entries.filter((entry) => /^chromium-\d+$/.test(entry)).toSorted((a, b) => revisionOf(b) - revisionOf(a));
}

/** Playwright itself adds --no-sandbox: needed as root and in most containers, and the pages are our own. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  const quiet = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ executablePath, args: ['--headless=new', ...quiet, '--disable-sync'] });
}

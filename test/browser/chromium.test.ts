import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findChromium } from './chromium.ts';

describe('a Chromium is looked for', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'zablab-chromium-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function put(...parts: string[]): string {
    const path = join(folder, ...parts);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    return path;
  }

  test('in CHROME_PATH before PATH', () => {
    const given = put('given', 'anything');
    put('bin', 'chromium');
    expect(findChromium({ CHROME_PATH: given, PATH: join(folder, 'bin') }, folder)).toEqual({ found: given });
  });

  test('in CHROME_PATH alone when that is set, even wrongly', () => {
    put('bin', 'chromium');
    const result = findChromium({ CHROME_PATH: join(folder, 'nothing'), PATH: join(folder, 'bin') }, folder);
    expect(result).toMatchObject({ install: expect.stringContaining('does not exist') });
  });

  test('in every folder of PATH', () => {
    const found = put('bin', 'google-chrome');
    expect(findChromium({ PATH: [join(folder, 'none'), join(folder, 'bin')].join(delimiter) }, folder)).toEqual({ found });
  });

  test("in Playwright's cache, the newest first", () => {
    const cache = ['.cache', 'ms-playwright'];
    put(...cache, 'chromium-999', 'chrome-linux', 'chrome');
    const found = put(...cache, 'chromium-1200', 'chrome-linux64', 'chrome');
    put(...cache, 'chromium_headless_shell-1300', 'chrome-linux', 'chrome');
    expect(findChromium({ PATH: '' }, folder)).toEqual({ found });
  });

  test('else the result says what to install', () => {
    expect(findChromium({ PATH: '' }, folder)).toMatchObject({ install: expect.stringContaining('install chromium') });
  });
});

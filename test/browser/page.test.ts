// The built page in a real browser.

import { AxeBuilder } from '@axe-core/playwright';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { build, preview, type PreviewServer } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { suite } from '../support/suites.ts';
import { frameAt } from '../../web/worker/session.ts';
import { NOTHING, sessionAt } from '../view/moment.ts';
import { findChromium, launchBrowser } from './chromium.ts';

suite('browser', findChromium(), (chromium) => {
  let outDir: string;
  let server: PreviewServer;
  let browser: Browser;
  let problems: string[] = [];

  beforeAll(async () => {
    outDir = mkdtempSync(join(tmpdir(), 'zablab-web-'));
    // What users get: under vitest's own NODE_ENV it would be React's development build.
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    await build({ logLevel: 'error', build: { outDir, emptyOutDir: true } });
    process.env['NODE_ENV'] = before;
    server = await preview({ logLevel: 'warn', build: { outDir }, preview: { host: '127.0.0.1', port: 0 } });
    browser = await launchBrowser(chromium);
  });

  afterEach(async () => {
    await Promise.all(browser.contexts().map((context) => context.close()));
    problems = [];
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(outDir, { recursive: true, force: true });
  });

  async function open(fragment = '', options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    await page.goto((server.resolvedUrls?.local[0] ?? '') + fragment);
    await page.getByRole('heading', { name: 'Zablab', level: 1 }).waitFor();
    return page;
  }

  /** Opened at an event, standing still. */
  async function openAt(event: number, scenario = 'basics/first-steps', options: BrowserContextOptions = {}): Promise<Page> {
    const page = await open(`#s=${scenario}&seed=1&e=${event}`, options);
    await atEvent(page, event);
    return page;
  }

  const atEvent = (page: Page, event: number): Promise<void> => page.locator(`.page[data-event="${event}"]`).waitFor();
  const eventOf = async (page: Page): Promise<number> => Number(await page.locator('.page').getAttribute('data-event'));
  const node = (page: Page, words: RegExp) => page.getByRole('button', { name: words });
  const play = (page: Page): Promise<void> => page.getByRole('button', { name: 'Play', exact: true }).click();

  test('opens on a running default scenario, and a leader is established within seconds', async () => {
    const page = await open();
    await node(page, /^s3: LEADING, epoch 1/).waitFor({ timeout: 30_000 });
    await page.getByText('is established as leader of epoch 1').first().waitFor();
    expect(new URL(page.url()).hash).toMatch(/^#k=\w+&s=basics\/first-steps&seed=1$/);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.waitForFunction(() => /s=basics\/first-steps&seed=1&e=\d+/.test(location.hash));
    expect(problems).toEqual([]);
  });

  test('plays, pauses, steps forward and back, and scrubs', async () => {
    const page = await openAt(300);
    await play(page);
    await page.waitForFunction(() => Number(document.querySelector('.page')?.getAttribute('data-event')) > 320);
    await page.getByRole('button', { name: 'Pause' }).click();
    await play(page);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('slider', { name: 'Event' }).fill('200');
    await atEvent(page, 200);
    await page.getByRole('button', { name: 'Step forward' }).click();
    await atEvent(page, 201);
    await page.getByRole('button', { name: 'Step back' }).click();
    await page.getByRole('button', { name: 'Step back' }).click();
    await atEvent(page, 199);
    await page.getByRole('tabpanel').getByText('Event 199').waitFor();
    expect(problems).toEqual([]);
  });

  test('a leader killed by a click is followed by another of a new epoch, and the light stays lit', async () => {
    const page = await openAt(650);
    await node(page, /^s3: LEADING/).click();
    await page.getByRole('menuitem', { name: /^Kill/ }).click();
    await node(page, /^s3: DOWN/).waitFor();
    await play(page);
    await node(page, /^s[12]: LEADING, epoch 2/).waitFor({ timeout: 40_000 });
    await page.getByRole('button', { name: /Properties: \d+ hold/ }).waitFor();
    expect(problems).toEqual([]);
  });

  test('what the console creates shows in the tree', async () => {
    const page = await openAt(726);
    await page.getByRole('tab', { name: 'Console' }).click();
    const prompt = page.getByRole('textbox', { name: 'Operation for alice' });
    await prompt.fill('creat /zoo lions');
    await prompt.press('Enter');
    await page.getByText(/did you mean 'create'/).waitFor();
    await prompt.fill('create /zoo lions');
    await prompt.press('Enter');
    await page.getByText('created /zoo').first().waitFor({ timeout: 30_000 });
    await page.getByRole('tab', { name: 'Tree' }).click();
    await page.getByRole('treeitem', { name: /zoo.*lions/ }).waitFor({ timeout: 30_000 });
    expect(problems).toEqual([]);
  });

  test('the network is cut and mended by switches, and every fault is listed with its end', async () => {
    const page = await openAt(650);
    await page.getByRole('tab', { name: 'Faults' }).click();
    await page.getByRole('button', { name: 'cut s1 to s2' }).click();
    await page.getByText('s1 does not reach s2').waitFor();
    await page.getByRole('button', { name: 'Cut the leader off' }).click();
    await page.getByText('s1 and s3 do not reach each other').waitFor();
    await page.getByRole('button', { name: 'Heal all links' }).click();
    await page.getByText('None. Click a server').waitFor();
  });

  test('acting in the past begins a branch and keeps the run it leaves', async () => {
    const page = await openAt(700);
    await page.getByRole('slider', { name: 'Event' }).fill('500');
    await atEvent(page, 500);
    await node(page, /^s1:/).click();
    await page.getByRole('menuitem', { name: /^Kill/ }).click();
    await page.getByText('a new branch of the run begins after event 500').waitFor();
    const branches = page.getByRole('combobox', { name: 'Branch' });
    await branches.selectOption({ label: '1: the scenario, 700 events' });
    await node(page, /^s1: FOLLOWING/).waitFor();
  });

  test('a link carries the clicks: a reload shows the same moment of the same run', async () => {
    const page = await openAt(650);
    await node(page, /^s2:/).click();
    await page.getByRole('menuitem', { name: /^Power loss/ }).click();
    await page.getByRole('button', { name: 'Step forward' }).click();
    await page.waitForFunction(() => location.hash.includes('do='));
    await page.waitForFunction(() => location.hash.includes(`e=${document.querySelector('.page')?.getAttribute('data-event')}`));
    const [hash, event] = [await page.locator('.page').getAttribute('data-hash'), await eventOf(page)];
    await page.reload();
    await atEvent(page, event);
    expect(await page.locator('.page').getAttribute('data-hash')).toBe(hash);
    await node(page, /^s2: NO POWER/).waitFor();
    expect(problems).toEqual([]);
  });

  test.for([
    ['an unknown scenario', '#s=basics/election-of-thr', 'names the scenario "basics/election-of-thr"'],
    ['an event that is no number', '#s=basics/first-steps&e=12x', 'names the event "12x"'],
    ['a broken text', '#s=~abc', 'cannot be read'],
  ])('a damaged link says so and offers the default: %s', async ([, fragment, reason]) => {
    const page = await open(fragment);
    await page.getByText('This link is damaged').waitFor();
    await page.getByText(reason!).waitFor();
    await page.getByRole('button', { name: 'Open the default scenario' }).first().click();
    await node(page, /^s1: /).waitFor();
    expect(await page.getByText('This link is damaged').count()).toBe(0);
  });

  test('a link that was cut off after it was made is opened with a warning', async () => {
    const page = await openAt(300);
    await page.waitForFunction(() => location.hash.startsWith('#k='));
    const cut = new URL(page.url()).hash.slice(0, -2);
    const other = await open(cut);
    await other.getByText('This link may be damaged').waitFor();
    await atEvent(other, 3);
  });

  test('the same scenario and seed make the same run in Chromium and in Node', async () => {
    for (const [scenario, event] of [
      ['basics/first-steps', 720],
      ['failures/leader-crash', 850],
    ] as const) {
      const page = await openAt(event, scenario);
      const { cursor } = frameAt(sessionAt(scenario, event, '1'), NOTHING);
      expect(await page.locator('.page').getAttribute('data-hash')).toBe(cursor.hash);
    }
  });

  test('a handler that throws is shown as a bug with its seed and event, and the run before it stays', async () => {
    const page = await openAt(600);
    const [worker] = page.workers();
    await worker!.evaluate(() => {
      const { imul } = Math;
      let isFirst = true;
      Math.imul = (a, b) => {
        if (!isFirst) return imul(a, b);
        isFirst = false;
        throw new TypeError('sabotage');
      };
    });
    await play(page);
    await page.getByText(/A bug in Zablab, at event \d+/).waitFor();
    await page.getByText(/seed 1\): TypeError: sabotage/).waitFor();
    await page.getByRole('slider', { name: 'Event' }).fill('100');
    await atEvent(page, 100);
  });

  test('a worker that dies is started again with a clear message, at the same event', async () => {
    const page = await openAt(600);
    const [worker] = page.workers();
    await worker!.evaluate(() => {
      setTimeout(() => {
        throw new Error('the end');
      });
    });
    await page.getByText('The simulation stopped and was started again').waitFor();
    await atEvent(page, 600);
    await page.getByRole('button', { name: 'Step forward' }).click();
    await atEvent(page, 601);
  });

  test('a mistake in an edited scenario is told with its line', async () => {
    const page = await openAt(100);
    await page.getByRole('tab', { name: 'Scenario' }).click();
    await page.getByRole('textbox', { name: 'Scenario (YAML)' }).fill('name: mine\nensemble:\n  serves: 3\n');
    await page.getByRole('button', { name: 'Run this text' }).click();
    await page.getByText(/scenario:3:3: unknown key "serves".*servers/s).waitFor();
  });

  test('everything can be reached and done by keyboard', async () => {
    const page = await openAt(650);
    await page.keyboard.press('ArrowRight');
    await atEvent(page, 651);
    await page.keyboard.press('ArrowLeft');
    await atEvent(page, 650);
    await page.keyboard.press('3');
    await page.keyboard.press('Shift+ArrowLeft');
    await page.waitForFunction(() => Number(document.querySelector('.page')?.getAttribute('data-event')) < 650);
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toMatch(/^s3: LEADING/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'menuitem');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await node(page, /^s3: LEADING, PAUSED/).waitFor();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('node-2');
    await page.keyboard.press('c');
    await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    await page.keyboard.type('get /greeting');
    await page.keyboard.press('Enter');
    await page.getByText('get /greeting', { exact: true }).first().waitFor({ timeout: 20_000 });
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Console' }).focus();
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tab', { name: 'Faults' }).getAttribute('aria-selected')).toBe('true');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Help' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog', { name: 'Help' }).count()).toBe(0);
    expect(problems).toEqual([]);
  });

  test('every control has a place in the order of the Tab key, and none holds the focus', async () => {
    const page = await openAt(650);
    const names: string[] = [];
    for (let i = 0; i < 60; i++) {
      await page.keyboard.press('Tab');
      names.push(
        await page.evaluate(
          () =>
            `${document.activeElement?.tagName} ${document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? ''}`,
        ),
      );
    }
    for (const wanted of [/^SELECT/, /s1: /, /Play/, /^INPUT Event/, /Step back/, /Help/])
      expect(
        names.some((name) => wanted.test(name)),
        String(wanted),
      ).toBe(true);
  });

  test('who wants less motion gets a still page that plays on demand', async () => {
    const page = await open('', { reducedMotion: 'reduce' });
    await page.getByRole('button', { name: 'Play', exact: true }).waitFor();
    await page.waitForTimeout(300);
    expect(await eventOf(page)).toBe(0);
    await page.keyboard.press(' ');
    await page.waitForFunction(() => Number(document.querySelector('.page')?.getAttribute('data-event')) > 5);
  });

  describe.for([
    ['light', 1280, 800, /./],
    ['dark', 1280, 800, /./],
    ['light', 390, 844, /Events|Logs/],
    ['dark', 390, 844, /Event$|Console/],
  ] as const)('%s, %i wide', ([colorScheme, width, height, tabs]) => {
    test('axe finds nothing to complain of in tabs, menus and notices, and nothing is wider than the page', async () => {
      const page = await openAt(650, 'basics/first-steps', { colorScheme, viewport: { width, height } });
      const violations: string[] = [];
      const check = async (where: string, part = 'body'): Promise<void> => {
        const found = await new AxeBuilder({ page }).include(part).analyze();
        for (const { id, nodes } of found.violations) violations.push(`${where}: ${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      };
      await check('page');
      for (const tab of await page.getByRole('tab', { name: tabs }).all()) {
        await tab.click();
        await check(`tab ${await tab.textContent()}`, '.side');
      }
      await node(page, /^s1:/).click();
      await check('menu', '.stage');
      await page.getByRole('menuitem', { name: /^Kill/ }).click();
      await page.locator('.page').press('?');
      await page.getByText('Legend').click({ force: true });
      await check('help');
      expect(violations).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    });
  });

  test('the page loads nothing from elsewhere, and less than 300 kB of script and style', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(server.resolvedUrls?.local[0] ?? '');
    await node(page, /^s1: /).waitFor();
    const own = new URL(page.url()).origin;
    expect(asked.filter((url) => !url.startsWith(own) && !url.startsWith('data:'))).toEqual([]);
    // What a running ensemble takes: panels that are not to be seen come later, and the texts of scenarios are no script.
    const isLoaded = (name: string): boolean => name.startsWith('worker') || asked.some((url) => url.endsWith(name));
    const names = readdirSync(join(outDir, 'assets')).filter((name) => isLoaded(name) && !name.startsWith('library-texts'));
    expect(names.length).toBeGreaterThanOrEqual(3);
    const files = names.map((name) => readFileSync(join(outDir, 'assets', name)));
    expect(files.reduce((sum, file) => sum + gzipSync(file).length, 0)).toBeLessThan(300_000);
  });
});

/** The operator's page in a real browser. `SCREENSHOTS=1` writes docs/screenshots/. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Report } from '../../src/core/index.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createGate } from '../../src/web/gate.ts';
import { createOperator } from '../../src/web/operator.ts';
import { pageRoutes } from '../../src/web/page.ts';
import { startWebServer } from '../../src/web/server.ts';
import { createLog } from '../core/watch/facts.ts';
import { busyReport, key, NOW, quietReport, troubledReport } from '../web/operator-setup.ts';
import { findBrowser, launchBrowser, openPage } from './browser.ts';
import { runEasel } from './easel-process.ts';

const BROWSER = findBrowser();
const SCREENSHOTS = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, deviceScaleFactor: 2 };
/** Until the page has asked again. */
const NEXT_MS = 2_500;

/** Its end cannot be had. */
const STUBBORN = 'AAAAAAAAAAA2';

let browser: Browser;

beforeAll(async () => {
  if (BROWSER !== undefined) browser = await launchBrowser(BROWSER);
});

afterAll(async () => {
  await browser?.close();
});

/** The page alone, over a report that the test sets; a job is gone once it is stopped, except the one that will not. */
async function serve(report: Report, port = 0) {
  const state = { report, stopped: [] as string[] };
  const gate = createGate({ host: '127.0.0.1', isPublished: false });
  const operator = createOperator({
    report: () => state.report,
    async stopJob(id) {
      state.stopped.push(id);
      if (id === STUBBORN) return false;
      const jobs = state.report.jobs.filter((job) => job.id !== id);
      state.report = { ...state.report, jobs };
      return true;
    },
    gate,
    language: 'en',
  });
  const routes = [gate.routes, operator.routes, pageRoutes()];
  const server = await startWebServer({
    host: '127.0.0.1',
    port,
    routes,
    logger: createLog().logger,
  });
  onTestFinished(() => server.close());
  return { state, server, address: `http://127.0.0.1:${server.port}/operator` };
}

/** With a clock that the test can put forward. */
async function open(address: string, options: BrowserContextOptions = {}) {
  const viewport = { width: 1280, height: 900 };
  const look = { locale: 'en-US', timezoneId: 'UTC', viewport, ...options };
  const context = await browser.newContext(look);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.clock.install({ time: NOW });
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => hosts.add(new URL(request.url()).host));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(address);
  await page.locator('h1').waitFor();
  return { page, complaints, hosts, title: page.locator('h1') };
}

const says = (where: Locator, text: string) => where.filter({ hasText: text }).waitFor();

/** Written only when asked, so that a test run leaves no traces in the tree. */
async function shoot(page: Page, name: string, fullPage = true): Promise<void> {
  if (process.env.SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png`, fullPage });
}

if (BROWSER === undefined) {
  it('has no browser to be tested with: no Chromium found', () => {
    expect(findBrowser()).toBeUndefined();
  });
} else {
  describe('the operator’s page', describePage);
}

function describePage() {
  it('says at a glance that all is well, and how well', async () => {
    const { address } = await serve(busyReport());
    const { page, complaints, hosts, title } = await open(address);
    expect(await title.textContent()).toBe('All is well');
    expect(await page.title()).toBe('All is well · Easel');
    expect(await page.locator('.health.is-good').count()).toBe(1);
    expect(await page.locator('.figure dd > span').allTextContents()).toEqual([
      ...['99', '5', '3', '2', '12\u00a0s', '$7.32'],
    ]);
    expect(await page.locator('#platforms').textContent()).toContain('Telegramconnected · since');
    expect(await page.locator('#today').textContent()).toContain('no price known');
    expect(await page.locator('#hour svg[role=img]').first().getAttribute('aria-label')).toBe(
      'Pictures: 87, failures: 4; at most 3 pictures in a minute.',
    );
    expect(await page.locator('.days .bar-up').count()).toBe(14);
    expect([...hosts]).toEqual([new URL(address).host]);
    expect(complaints).toEqual([]);
    await shoot(page, 'operator');
  });

  it('says what is wrong as soon as it is, and what to do', async () => {
    const { address, state } = await serve(busyReport());
    const { page, complaints, title } = await open(address, { colorScheme: 'dark' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(
      'rgb(24, 22, 20)',
    );
    state.report = troubledReport();
    await page.clock.fastForward(NEXT_MS);
    await says(title, 'Discord is not connected');
    expect(await page.locator('.trouble').allTextContents()).toEqual([
      'ohmygpt refuses key 2: out of creditAdd credit at ohmygpt, or set another key in OHMYGPT_API_KEY.',
    ]);
    expect(await page.locator('.key.is-bad').textContent()).toContain('rests until 03:13');
    expect(await page.locator('.failure').first().textContent()).toContain('× 5');
    expect(complaints).toEqual([]);
    await shoot(page, 'operator-dark');
  });

  it('says of a key only what is true now, and of times that are alike only one', async () => {
    const lastError = { code: 'overloaded', at: NOW - 5_000 } as const;
    const rested = key({ ...{ tries: 6, failures: 1, lastSuccessAt: NOW - 1_000 }, lastError });
    const resting = { ...rested, restsUntil: NOW + 60_000 };
    const gateway = { name: 'google', dialect: 'gemini', model: 'm', keys: [resting, rested] };
    const minutes = quietReport().minutes.map((minute) => ({
      ...{ ...minute, pictures: 1, durationMs: 130 },
    }));
    const { address } = await serve(quietReport({ providers: [gateway], minutes }));
    const { page } = await open(address);
    const [first = '', second = ''] = await page.locator('.key').allTextContents();
    expect(first).toMatch(/rests until 02:14.*5\ss ago/);
    expect(first).not.toContain('worked again');
    expect(second).toContain('worked again');
    expect(await page.locator('.key.is-warn, .key.is-good').count()).toBe(2);
    expect(await page.locator('#hour').textContent()).toMatch(/now0\.1\ss each\.$/);
  });

  it('lets both columns end together, with the days where there is room', async () => {
    const { platforms } = quietReport();
    const { address, state } = await serve(busyReport({ platforms, jobs: [], failures: [] }));
    const { page } = await open(address);
    const columnOfDays = () =>
      page.evaluate(
        "[...document.querySelectorAll('.column')].findIndex((column) => column.querySelector('#days'))",
      );
    expect(await columnOfDays()).toBe(1);
    const ends = await page
      .locator('.column > :last-child')
      .evaluateAll((cards) => cards.map((card) => Math.round(card.getBoundingClientRect().bottom)));
    expect(new Set(ends).size).toBe(1);
    state.report = busyReport({ platforms, failures: [] });
    await page.clock.fastForward(NEXT_MS);
    await page.locator('.job').first().waitFor();
    // A few jobs move nothing.
    expect(await columnOfDays()).toBe(1);
    state.report = busyReport();
    await page.clock.fastForward(NEXT_MS);
    await page.locator('.failure').first().waitFor();
    expect(await columnOfDays()).toBe(0);
  });

  it('fits a telephone, and one who wants it still', async () => {
    const { address } = await serve(troubledReport());
    const { page } = await open(address, { ...PHONE, reducedMotion: 'reduce' });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const order = await page.locator('.card').evaluateAll((cards) =>
      cards
        .map((card) => ({ id: card.id, top: card.getBoundingClientRect().top }))
        .toSorted((a, b) => a.top - b.top)
        .map(({ id }) => id),
    );
    expect(order.slice(0, 3)).toEqual(['now', 'platforms', 'providers']);
    expect(await page.evaluate('document.getAnimations().length')).toBe(0);
    await shoot(page, 'operator-phone', false);
  });

  it('cancels after a second press, without a mouse', async () => {
    const { address, state } = await serve(busyReport());
    const { page, complaints } = await open(address);
    const cancel = page.getByRole('button', { name: 'Cancel Discord · Picture' });
    await cancel.focus();
    await page.keyboard.press('Enter');
    const sure = page.getByRole('button', { name: 'Really cancel? Discord' });
    await sure.waitFor();
    await page.clock.fastForward(5_000);
    await cancel.waitFor();
    expect(state.stopped).toEqual([]);
    // The page has been told anew meanwhile, and the button is still the same.
    await page.keyboard.press('Enter');
    await sure.waitFor();
    await page.keyboard.press('Enter');
    await page.locator('#job-AAAAAAAAAAA3').waitFor({ state: 'detached' });
    expect(state.stopped).toEqual(['AAAAAAAAAAA3']);
    const stubborn = page.locator(`#job-${STUBBORN} button`);
    await stubborn.press('Enter');
    await stubborn.press('Enter');
    await says(page.locator('.notes'), 'It could not be stopped');
    expect(await page.locator('button:not(:has-text("Cancel"))').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it('says when it cannot reach Easel, and when it was there last', async () => {
    const { address, server } = await serve(quietReport());
    const { page, title } = await open(address);
    await server.close();
    await page.clock.fastForward(60_000);
    await says(title, 'Easel cannot be reached');
    expect(await page.locator('.health-text').textContent()).toMatch(
      /^Last seen at 02:1\d:\d\d, 1\smin ago\./,
    );
    expect(await page.locator('.board.is-old').count()).toBe(1);
    await serve(quietReport(), server.port);
    await page.clock.fastForward(NEXT_MS);
    await says(title, 'All is well');
    expect(await page.locator('.board.is-old').count()).toBe(0);
  });

  it.each([
    ['zh-CN', '一切正常', '现在没有人在画。'],
    ['ja-JP', 'すべて順調です', 'いまは何も描いていません。'],
  ])('speaks %s, also where there is nothing to say', async (locale, well, nothing) => {
    const { address } = await serve(quietReport());
    const { page, complaints, title } = await open(address, { locale });
    expect(await title.textContent()).toBe(well);
    expect(await page.locator('#now').textContent()).toContain(nothing);
    expect(await page.locator('html').getAttribute('lang')).toBe(locale.slice(0, 2));
    expect(await page.locator('body').textContent()).not.toMatch(/[{}]|undefined|NaN/);
    expect(complaints).toEqual([]);
  });

  it('knows the real process, and stops what somebody in the studio waits for', async () => {
    const sandbox = await createSandbox({ delayMs: 5_000 });
    onTestFinished(() => sandbox.close());
    const gateway = { GOOGLE_API_KEY: 'canary-key', GOOGLE_BASE_URL: sandbox.origin };
    const easel = runEasel({ PROVIDERS: 'google', ...gateway });
    onTestFinished(() => easel.dispose());
    await easel.wrote('http://127.0.0.1:');
    const [address = ''] = /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(easel.output()) ?? [];
    const studio = await openPage(browser, address);
    onTestFinished(() => studio.page.context().close());
    await studio.page.locator('#words').fill('a lighthouse');
    await studio.page.locator('#words').press('Enter');
    await studio.page.locator('.look-status').waitFor();
    const page = await studio.page.context().newPage();
    await page.goto(address);
    await page.getByRole('link', { name: 'Is all well?' }).click();
    await says(page.locator('h1'), 'All is well');
    await says(page.locator('#providers'), 'google');
    const cancel = page.locator('.job button', { hasText: 'Studio · Picture' });
    await cancel.press('Enter');
    await cancel.press('Enter');
    await studio.page.locator('.look-words .words', { hasText: /^Cancelled/ }).waitFor();
    await page.locator('.job').waitFor({ state: 'detached' });
    expect(await page.content()).not.toContain('canary-key');
    await page.getByRole('link', { name: 'To the studio' }).click();
    await page.locator('#words').waitFor();
    expect(studio.complaints).toEqual([]);
  });
}

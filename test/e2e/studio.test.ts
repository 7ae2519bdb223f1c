/** The studio as people meet it: the real process, a real browser. `SCREENSHOTS=1` writes docs/screenshots/. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { makePhoto } from '../fixtures/photo.ts';
import { startStudio } from '../web/setup.ts';
import { findBrowser, launchBrowser, openPage, type Visit, type VisitOptions } from './browser.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const BROWSER = findBrowser();
const SCREENSHOTS = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url));

let browser: Browser;
let easel: EaselProcess | undefined;
let sandbox: Sandbox | undefined;
let visits: Visit[] = [];

beforeAll(async () => {
  if (BROWSER !== undefined) browser = await launchBrowser(BROWSER);
});

afterAll(async () => {
  await browser?.close();
});

afterEach(async () => {
  await Promise.all(visits.map(({ page }) => page.context().close()));
  await easel?.dispose();
  await sandbox?.close();
  [easel, sandbox, visits] = [undefined, undefined, []];
});

/** Starts Easel without any platform; with `delayMs` the gateway is slow, else the sandbox inside paints. */
async function start(delayMs?: number): Promise<string> {
  if (delayMs !== undefined) sandbox = await createSandbox({ delayMs });
  const gateway = sandbox && {
    PROVIDERS: 'ohmygpt',
    OHMYGPT_API_KEY: 'canary-key',
    OHMYGPT_BASE_URL: `${sandbox.origin}/ohmygpt`,
  };
  easel = runEasel({ ...gateway });
  await easel.wrote('http://127.0.0.1:');
  return /http:\/\/127\.0\.0\.1:\d+\/\S*/.exec(easel.output())?.[0] ?? '';
}

async function open(address: string, options?: VisitOptions): Promise<Page> {
  const visit = await openPage(browser, address, options);
  visits.push(visit);
  return visit.page;
}

/** A picture that costs nothing to paint and to read. */
function createDot(): Promise<Buffer> {
  const create = { width: 8, height: 8, channels: 3 as const, background: 'teal' };
  return sharp({ create }).png().toBuffer();
}

async function say(page: Page, words: string): Promise<void> {
  await page.locator('#words').fill(words);
  await page.locator('#words').press('Enter');
}

const results = (page: Page) => page.locator('.look-result');

/** Says it, and waits for the picture; gives its message. */
async function paint(page: Page, words: string) {
  const before = await results(page).count();
  await say(page, words);
  const result = results(page).nth(before);
  await result.locator('img').first().waitFor();
  return result;
}

/** Written only when asked, so that a test run leaves no traces in the tree. */
async function shoot(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  // Behind the last transition.
  await page.waitForTimeout(900);
  await page.screenshot({ path: `${SCREENSHOTS}${name}.png` });
}

/** What every visit must have kept to. */
function expectQuiet(address: string): void {
  const { host } = new URL(address);
  for (const { hosts, complaints } of visits) {
    expect([...hosts]).toEqual([host]);
    expect(complaints).toEqual([]);
  }
}

if (BROWSER === undefined) {
  it('has no browser to be tested with: no Chromium found', () => {
    expect(findBrowser()).toBeUndefined();
  });
} else {
  describe('the studio', describeStudio);
}

function describeStudio() {
  it('brings a newcomer to their first picture', async () => {
    const begun = performance.now();
    const address = await start();
    const page = await open(address);
    expect(await page.locator('.notice').textContent()).toContain('PROVIDERS=');
    await shoot(page, 'first-run');
    const result = await paint(page, 'a fox in snow --ar 16:9');
    expect(performance.now() - begun).toBeLessThan(15_000);
    const image = result.locator('img').first();
    expect(await image.getAttribute('alt')).toBe('a fox in snow');
    const width = "document.querySelector('.look-result img').naturalWidth";
    // Not `waitForFunction`: its second look would be an eval, which the page's policy forbids.
    await expect.poll(() => page.evaluate(width), { timeout: 5_000 }).toBe(1376);
    expect(await result.locator('.action').allTextContents()).toHaveLength(5);
    expect(await page.locator('.look-status').count()).toBe(0);
    expect(await page.locator('.welcome').isVisible()).toBe(false);
    expectQuiet(address);
  });

  it('can be written in while the gateway still thinks of its models', async () => {
    const { origin, desk } = await startStudio();
    desk.settings = () => new Promise(() => {});
    const page = await open(origin);
    expect(await page.locator('.welcome h2').isVisible()).toBe(true);
    await page.locator('#words').fill('a fox');
    expect(await page.locator('button.send').isEnabled()).toBe(true);
  });

  it('shows a picture large, and its words beside it all the time', async () => {
    const page = await open(await start());
    const result = await paint(page, 'a fox in snow');
    const bubble = page.locator('.bubble');
    const tops = [page.locator('.chat'), bubble, result.locator('.picture')].map((place) =>
      place.boundingBox().then((box) => box?.y ?? 0),
    );
    const [chat = 0, words = 0, picture = 0] = await Promise.all(tops);
    expect(words).toBeGreaterThan(chat);
    expect(picture).toBeGreaterThan(words);
    await result.locator('.pick').click();
    await page.locator('dialog[open] img').waitFor();
  });

  it('takes a photo that is dropped, and edits it', async () => {
    const address = await start();
    const page = await open(address);
    const photo = (await makePhoto()).toString('base64');
    // Only the browser itself can make what is dropped.
    await page.evaluate(`(() => {
      const bytes = Uint8Array.from(atob('${photo}'), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], 'photo.jpg', { type: 'image/jpeg' }));
      const drop = { bubbles: true, cancelable: true, dataTransfer };
      document.body.dispatchEvent(new DragEvent('drop', drop));
    })()`);
    await page.locator('.tray img').waitFor();
    await shoot(page, 'drop');
    await paint(page, 'make it night');
    expect(await page.locator('.sent img').count()).toBe(1);
    expect(await page.locator('.tray li').count()).toBe(0);
    expect(await page.locator('.rail-node').count()).toBe(2);
    expect(await page.locator('.rail-line').count()).toBe(1);
    expectQuiet(address);
  });

  it('takes pictures that are pasted, and fingers', async () => {
    const address = await start();
    const phone = await open(address, { viewport: { width: 390, height: 844 }, isMobile: true });
    const photo = (await createDot()).toString('base64');
    await phone.evaluate(`(() => {
      const bytes = Uint8Array.from(atob('${photo}'), (letter) => letter.charCodeAt(0));
      const clipboardData = new DataTransfer();
      for (const name of ['a.png', 'b.png', 'c.png'])
        clipboardData.items.add(new File([bytes], name, { type: 'image/png' }));
      const paste = { bubbles: true, cancelable: true, clipboardData };
      document.body.dispatchEvent(new ClipboardEvent('paste', paste));
    })()`);
    await phone.locator('.tray img').nth(2).waitFor();
    await phone.locator('.tray button').first().tap();
    expect(await phone.locator('.tray img').count()).toBe(2);
    await phone.locator('#words').fill('put both into one picture');
    await phone.locator('button.send').tap();
    const result = results(phone).first();
    await result.locator('img').first().waitFor();
    expect(await phone.locator('.sent img').count()).toBe(2);
    await result.locator('.go-on').tap();
    await phone.locator('.chip-what', { hasText: 'put both' }).waitFor();
    expectQuiet(address);
  });

  it('paints what is picked, and again, and asks what to change', async () => {
    const address = await start();
    const page = await open(address);
    await page.getByRole('combobox', { name: 'Pictures' }).selectOption({ label: '2' });
    await page.locator('.setting-count.is-set').waitFor();
    const fox = await paint(page, 'a fox in snow');
    expect(await fox.locator('img').count()).toBe(2);
    await fox.getByRole('button', { name: 'Again' }).click();
    await results(page).nth(1).locator('img').first().waitFor();
    expect(await results(page).nth(1).locator('.pressed').textContent()).toBe('🔁 Again');
    expect(await page.locator('.toast').count()).toBe(0);
    await fox.getByRole('button', { name: 'Edit' }).click();
    await page.locator('.chip-what', { hasText: 'a fox in snow' }).waitFor();
    expectQuiet(address);
  });

  it('offers styles for a photo without words', async () => {
    const page = await open(await start());
    await page.locator('input[type=file]').setInputFiles({
      name: 'photo.jpg',
      mimeType: 'image/jpeg',
      buffer: await makePhoto(),
    });
    await page.locator('#words').press('Enter');
    await page.getByRole('button', { name: '🌙 Night' }).click();
    await results(page).locator('img').waitFor();
    expect(await page.locator('.chip-what').textContent()).toContain('Night');
  });

  it('shows progress, and cancels', async () => {
    const address = await start(1000);
    const page = await open(address);
    await say(page, 'a lighthouse');
    const status = page.locator('.look-status');
    // The headline of the model's own thought, and how long it takes.
    await status.getByText(/Developing Animated Emotes · \d+ s/).waitFor();
    await shoot(page, 'painting');
    await status.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('.look-words .words', { hasText: /^Cancelled/ }).waitFor();
    expect(await status.count()).toBe(0);
    expect(await results(page).count()).toBe(0);
    expectQuiet(address);
  });

  it('branches from an earlier picture, by a click or by R', async () => {
    const address = await start();
    const page = await open(address);
    const fox = await paint(page, 'a fox in snow --ar 16:9');
    await paint(page, 'make it night');
    await fox.locator('.go-on').click();
    expect(await page.locator('.chip-what').textContent()).toBe('a fox in snow');
    await paint(page, 'make it red');
    expect(await page.locator('.chip-what').textContent()).toBe('make it red');
    await page.locator('.rail-node').first().click();
    await page.keyboard.press('r');
    await paint(page, 'make it blue');
    const lines = await page.locator('.rail-line').all();
    const edges = await Promise.all(lines.map((line) => line.getAttribute('d')));
    // All three hang on the fox: one below it, two in lanes of their own.
    expect(edges).toHaveLength(3);
    expect(new Set(edges).size).toBe(3);
    expect(edges.filter((edge) => edge?.includes('C'))).toHaveLength(2);
    await shoot(page, 'tree');
    await page.getByRole('button', { name: 'Start anew instead' }).click();
    expect(await page.locator('.chip').isVisible()).toBe(false);
    await paint(page, 'a cat');
    expect(await page.locator('.rail-line').count()).toBe(3);
    expectQuiet(address);
  });

  it('is the same after a reload, and keeps what was set', async () => {
    const page = await open(await start());
    await paint(page, 'a fox in snow');
    await page.getByRole('combobox', { name: 'Ratio' }).selectOption({ label: '21:9' });
    await page.locator('.setting-aspect-ratio.is-set').waitFor();
    await page.reload();
    await results(page).locator('img').waitFor();
    expect(await page.locator('.from-person .bubble').textContent()).toBe('a fox in snow');
    await page.locator('.setting-aspect-ratio.is-set').waitFor();
    const wide = await paint(page, 'make it night');
    const [width, height] = await Promise.all(
      ['width', 'height'].map((name) => wide.locator('img').first().getAttribute(name)),
    );
    expect(Number(width) / Number(height)).toBeGreaterThan(2);
  });

  it('sends its originals, and says what it cannot read', async () => {
    const page = await open(await start());
    const result = await paint(page, 'a fox in snow');
    await result.getByRole('button', { name: 'Original' }).click();
    const link = page.locator('.file a[download]');
    await link.waitFor();
    expect(await link.getAttribute('href')).toMatch(/^\/pictures\/[0-9a-f]{64}$/);
    const buffer = Buffer.from('words');
    const file = { name: 'notes.txt', mimeType: 'text/plain', buffer };
    await page.locator('input[type=file]').setInputFiles(file);
    await page.getByText('notes.txt is not a picture').waitFor();
  });

  it('is dark where the system is, and small on a phone', async () => {
    const address = await start();
    const dark = await open(address, { colorScheme: 'dark' });
    const colour = 'getComputedStyle(document.body).backgroundColor';
    expect(await dark.evaluate(colour)).toBe('rgb(24, 22, 20)');
    await paint(dark, 'paper lanterns over a quiet river at night --ar 16:9');
    await shoot(dark, 'dark');
    const viewport = { width: 390, height: 844 };
    const phone = await open(address, { viewport, isMobile: true });
    await paint(phone, 'a fox in snow --ar 4:5');
    await paint(phone, 'make it night');
    await shoot(phone, 'phone');
    expect(await phone.evaluate('document.documentElement.scrollWidth')).toBe(390);
    const rail = await phone.locator('.rail').boundingBox();
    expect(rail?.width).toBeGreaterThan(rail?.height ?? 0);
    expectQuiet(address);
  });

  it('speaks the visitor’s language, and another when asked', async () => {
    const address = await start();
    const page = await open(address, { locale: 'zh-CN' });
    expect(await page.locator('.welcome h2').textContent()).toBe('想画点什么？');
    expect(await page.locator('html').getAttribute('lang')).toBe('zh');
    await paint(page, '雪地里的狐狸 --ar 16:9');
    await shoot(page, 'chinese');
    await page.getByRole('combobox', { name: '语言' }).selectOption({ label: '日本語' });
    await page.locator('html[lang=ja]').waitFor();
    await page.locator('textarea[placeholder^="変えたい"]').waitFor();
    expectQuiet(address);
  });

  it('says why there is no picture, and offers to try again', async () => {
    const page = await open(await start());
    await say(page, 'a fox fail:quota');
    const failure = page.locator('.look-words', { hasText: 'out of credit' });
    await failure.waitFor();
    expect(await failure.locator('.action').count()).toBe(1);
  });

  it('can be used without a mouse', async () => {
    const page = await open(await start());
    await page.keyboard.type('a fox in snow');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('at dawn');
    await page.keyboard.press('Enter');
    await results(page).locator('img').waitFor();
    expect(await page.locator('.bubble').textContent()).toBe('a fox in snow\nat dawn');
    await page.locator('.pick').focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open] img').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('dialog[open]').count()).toBe(0);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.locator('.chip.is-chosen').waitFor();
    expect(await page.locator('.go-on').getAttribute('aria-pressed')).toBe('true');
    const unnamed =
      await page.evaluate(`[...document.querySelectorAll('button, a, select, textarea')]
      .filter((element) => element.checkVisibility())
      .filter((element) => !element.ariaLabel && !element.textContent.trim())
      .map((element) => element.outerHTML)`);
    expect(unnamed).toEqual([]);
  });
}

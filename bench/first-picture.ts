/**
 * What a newcomer waits for, `npm run bench:first`: clone, install with an empty cache, start, and the first picture in a
 * real browser, painted by the sandbox. Needs git, npm with a registry, and Chromium.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium } from 'playwright-core';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';

const folder = mkdtempSync(join(tmpdir(), 'easel-first-'));
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
try {
  process.stdout.write(`${JSON.stringify(await measure(browser), null, 2)}\n`);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds since the beginning, and the page's bytes as they come over the wire. */
async function measure(browser: Browser) {
  const begunAt = performance.now();
  const seconds = () => Math.round((performance.now() - begunAt) / 100) / 10;
  const clone = join(folder, 'easel');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
  const env = { ...process.env, npm_config_cache: join(folder, 'cache'), HTTP_PORT: '0' };
  execFileSync('npm', ['ci', '--silent'], { cwd: clone, env });
  const installed = seconds();
  // A group of its own, since npm stands between.
  const easel = spawn('npm', ['start', '--silent'], { cwd: clone, env, detached: true });
  try {
    const address = await addressIn(easel.stdout);
    const started = seconds();
    return { installed, started, ...(await paint(browser, address)), painted: seconds() };
  } finally {
    process.kill(-(easel.pid ?? 0), 'SIGTERM');
    await once(easel, 'close');
  }
}

async function addressIn(output: AsyncIterable<Buffer>): Promise<string> {
  let written = '';
  for await (const chunk of output) {
    written += chunk;
    const [address] = /http:\/\/127\.0\.0\.1:\d+\//.exec(written) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error(`Easel ended early:\n${written}`);
}

async function paint(browser: Browser, address: string) {
  const page = await browser.newPage();
  const sizes: Promise<number>[] = [];
  page.on('response', (response) => {
    if (!/\/(?:api|pictures)\//.test(response.url())) sizes.push(sizeOf(response));
  });
  await page.goto(address);
  await page.locator('#words').fill('a fox in snow');
  await page.locator('#words').press('Enter');
  await page.locator('.look-result img').waitFor();
  const bytes = await Promise.all(sizes);
  return { pageBytes: bytes.reduce((sum, size) => sum + size, 0) };
}

async function sizeOf(response: { request(): { sizes(): Promise<{ responseBodySize: number }> } }) {
  return (await response.request().sizes()).responseBodySize;
}

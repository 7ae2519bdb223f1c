/** A real browser before the studio, where the machine has one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Where Debian and others put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Undefined where there is none. */
export function findBrowser(): string | undefined {
  return PLACES.find((path) => existsSync(path));
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  // As root, in a container, Chromium has no sandbox of its own; it opens nothing here but our own page.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface Visit {
  page: Page;
  /** Hosts that the page has asked anything of. */
  hosts: Set<string>;
  /** What the browser had to complain of: errors, and what the policy has refused. */
  complaints: string[];
}

export interface VisitOptions {
  locale?: string;
  colorScheme?: 'light' | 'dark';
  /** @default 1280 × 860 */
  viewport?: { width: number; height: number };
  /** A telephone: fingers, and fine pixels. */
  isMobile?: boolean;
}

/** Opens the address as a new visitor, and waits until one can write. */
export async function openPage(
  browser: Browser,
  address: string,
  options: VisitOptions = {},
): Promise<Visit> {
  const { isMobile = false, viewport = { width: 1280, height: 860 }, ...look } = options;
  const phone = isMobile ? { isMobile, hasTouch: true, deviceScaleFactor: 2 } : {};
  const context = await browser.newContext({ locale: 'en-GB', viewport, ...look, ...phone });
  const page = await context.newPage();
  const hosts = new Set<string>();
  const complaints: string[] = [];
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol !== 'blob:' && protocol !== 'data:') hosts.add(host);
  });
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(address);
  await page.locator('#words').waitFor();
  return { page, hosts, complaints };
}

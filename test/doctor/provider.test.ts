import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { type FakeGateway, type Script, startFakeGateway } from '../fakes/gateway.ts';
import { startFakeProxy } from '../fakes/proxy.ts';
import { NOWHERE, report } from './setup.ts';

const KEY = 'sk-canary-key-4711';
const json = (value: unknown): Script => ({ pieces: [JSON.stringify(value)] });

let gateway: FakeGateway;

beforeEach(async () => {
  gateway = await startFakeGateway();
});
afterEach(() => gateway.close());

function relay(more: Record<string, string> = {}) {
  return {
    PROVIDERS: 'newapi',
    NEWAPI_API_KEY: KEY,
    NEWAPI_BASE_URL: gateway.origin,
    NEWAPI_MODEL: 'gemini-3-pro-image',
    ...more,
  };
}

describe('a gateway that works', () => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox();
  });
  afterAll(() => sandbox.close());

  it.each([
    ['openrouter', '/openrouter/api', 'google/gemini-2.5-flash-image'],
    ['google', '/google', 'models/gemini-2.5-flash-image'],
    ['openai-next', '/openai-next', 'gemini-2.5-flash-image'],
    ['openai', '/openai', 'gpt-image-1'],
  ])('%s takes the key, and offers the model', async (name, path, model) => {
    const prefix = name.toUpperCase().replace('-', '_');
    const env = {
      [`${prefix}_API_KEY`]: KEY,
      [`${prefix}_BASE_URL`]: sandbox.origin + path,
      [`${prefix}_MODEL`]: model,
    };
    const { text, isWell } = await report({ PROVIDERS: name, ...env });
    expect(text).toContain(`✓ ${name}: takes the key; it offers ${model}.`);
    expect(isWell).toBe(true);
    expect(text).not.toContain('canary');
  });
});

describe('the model list', () => {
  const LIST = json({ data: [{ id: 'gemini-3-pro-image' }, { id: 'gpt-4o' }] });

  it('is asked for with each key, and never is anything posted', async () => {
    const answers: Script[] = [LIST, { status: 401 }];
    gateway.play(...answers, { status: 401 });
    const { text } = await report(relay({ NEWAPI_API_KEY: `${KEY},sk-canary-other` }));
    expect(text).toContain('newapi, key 1 of 2: ');
    expect(text).toContain('newapi, key 2 of 2: ');
    const keys = gateway.journal.map(({ headers }) => headers.authorization);
    expect(keys).toEqual(
      expect.arrayContaining([`Bearer ${KEY}`, 'Bearer sk-canary-other', undefined]),
    );
    expect(gateway.journal.every(({ method }) => method === 'GET')).toBe(true);
  });

  it('names the key that is refused', async () => {
    gateway.play({ status: 401 });
    const { text, isWell } = await report(relay({ NEWAPI_API_KEY: `${KEY},sk-canary-other` }));
    expect(text).toContain('✗ newapi, key 2 of 2: refuses the key (HTTP 401).');
    expect(text).toContain('→ NEWAPI_API_KEY, its key 2: copy it anew.');
    expect(isWell).toBe(false);
    expect(text).not.toContain('canary');
  });

  it('proves nothing where everybody sees it', async () => {
    gateway.play(LIST);
    const { text } = await report(relay());
    expect(text).toContain('✓ newapi: shows its models to everybody, so the key is not proven');
  });

  it('tells names that are near the model’s', async () => {
    gateway.play(LIST);
    const { text, isWell } = await report(relay({ NEWAPI_MODEL: 'gemini-3-pro-imag' }));
    expect(text).toContain('gemini-3-pro-imag is not among its 2 models.');
    expect(text).toContain('→ NEWAPI_MODEL: is it one of gemini-3-pro-image?');
    expect(isWell).toBe(true);
  });

  it.each<[string, Script, string, Record<string, string>]>([
    ['none', { status: 404 }, '! newapi: has no list of models (HTTP 404)', {}],
    ['a page', { pieces: ['<html>canary</html>'] }, '! newapi: its list of models cannot be', {}],
    ['a fault', { status: 502 }, '! newapi: answers with HTTP 502 just now', {}],
    ['a redirect', { status: 301 }, '✗ newapi: sends requests on to another address', {}],
    ['Google’s no', { status: 400 }, '✗ newapi: refuses the key', { NEWAPI_DIALECT: 'gemini' }],
    ['a break', { raw: true, end: 'close' }, '✗ newapi: 127.0.0.1 cannot be reached: it broke', {}],
  ])('%s', async (_name, script, line, env) => {
    gateway.play(script);
    const { text, isWell } = await report(relay(env));
    expect(text).toContain(line);
    expect(isWell).toBe(line.startsWith('!'));
    expect(text).not.toContain('canary');
  });

  it('is waited for so long, and no longer', async () => {
    gateway.play({ raw: true, end: 'hang' });
    const { text } = await Promise.race([
      report(relay(), { limitMs: 50 }),
      setTimeout(2_000, { text: 'it hangs' }),
    ]);
    expect(text).toContain('✗ newapi: 127.0.0.1 cannot be reached: it does not answer in time.');
  });
});

describe('no gateway', () => {
  it('is told by its variable', async () => {
    const { text, isWell } = await report(relay({ NEWAPI_BASE_URL: NOWHERE }));
    expect(text).toContain('cannot be reached: nothing listens there (ECONNREFUSED).');
    expect(text).toContain('→ NEWAPI_BASE_URL: is it');
    expect(isWell).toBe(false);
  });
});

describe('a proxy', () => {
  it('takes connections, and what goes through it is named', async () => {
    const proxy = await startFakeProxy({ route: () => undefined });
    const { text, isWell } = await report(relay({ HTTPS_PROXY: proxy.httpUrl }));
    expect(text).toContain('✓ HTTPS_PROXY: takes connections.');
    expect(text).toContain(
      '127.0.0.1 cannot be reached: HTTPS_PROXY refuses the way to it (HTTP 502)',
    );
    expect(text).toContain('→ HTTPS_PROXY: is the proxy running');
    expect(isWell).toBe(false);
    const socks = await report(relay({ HTTPS_PROXY: proxy.socksUrl }));
    expect(socks.text).toContain('the proxy refuses the way to it');
    await proxy.close();
  });

  it('that is not there is a problem, and its password stays home', async () => {
    const url = NOWHERE.replace('//', '//ada:canary-word@');
    const { text } = await report(relay({ HTTPS_PROXY: url }));
    expect(text).toContain('✗ HTTPS_PROXY: takes no connection.');
    expect(text).toContain('nothing listens there (ECONNREFUSED), asked for through HTTPS_PROXY.');
    expect(text).not.toContain('canary');
  });
});

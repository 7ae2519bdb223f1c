import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPng, setUp, sha256, TOKEN } from './setup.ts';

const signal = new AbortController().signal;
const options = { maxBytes: 1_000_000, signal };

test('the largest size of a photo that someone sent, byte for byte', async () => {
  const { fake, telegram, heard, platform } = await setUp();
  await telegram.start();
  const bytes = await createPng(800, 600);
  await fake.person().sendsPhoto(bytes, { caption: 'night' });
  const [attachment] = (await fake.waitFor(() => heard[0])).attachments;
  if (attachment === undefined) throw new Error('no attachment');
  expect(sha256(await platform.load(attachment, options))).toBe(sha256(bytes));
});

describe('paths that lead elsewhere', () => {
  test.each([
    ['up', '../../bot999:other/getMe'],
    ['up, later', 'photos/../../getMe'],
    ['up, encoded', 'photos/%2e%2e/x.jpg'],
    ['up, encoded twice', 'photos/%252e%252e/x.jpg'],
    ['a backslash', 'photos\\..\\x.jpg'],
    ['absolute', '/etc/passwd'],
    ['absolute, another bot', '/data/999:other/photos/x.jpg'],
    ['absolute, out of the own directory', `/data/${TOKEN}/../../etc/passwd`],
    ['another host', '//evil.example/x.jpg'],
    ['a scheme', 'https://evil.example/x.jpg'],
    ['a file scheme', 'file:///etc/passwd'],
    ['a query', 'photos/x.jpg?y=1'],
    ['a fragment', 'photos/x.jpg#y'],
    ['a line break', 'photos/x\r\nHost: y'],
    ['NUL', 'photos/x\0.jpg'],
    ['nothing', ''],
    ['very long', `photos/${'x'.repeat(4096)}`],
    ['dots', 'photos/.../x.jpg'],
  ])('%s', async (_name, path) => {
    const { fake, platform } = await setUp();
    const id = fake.putFile(await createPng(10, 10), { path });
    const loading = platform.load({ platform: 'telegram', id }, options);
    const error: unknown = await loading.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'attachment-gone' });
    expect(String(error)).not.toContain(TOKEN);
    expect(fake.downloads).toEqual([]);
  });
});

describe('a server in local mode', () => {
  async function storeLocally(bytes: Buffer): Promise<string> {
    const directory = join(await mkdtemp(join(tmpdir(), 'easel-api-')), TOKEN, 'photos');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'file_0.png'), bytes);
    return join(directory, 'file_0.png');
  }

  test("is read from disk, inside the bot's own directory", async () => {
    const { fake, platform } = await setUp();
    const bytes = await createPng();
    const id = fake.putFile(Buffer.alloc(0), { path: await storeLocally(bytes) });
    const loaded = await platform.load({ platform: 'telegram', id }, options);
    expect(sha256(loaded)).toBe(sha256(bytes));
    expect(fake.downloads).toEqual([]);
  });

  test('obeys the limit', async () => {
    const { fake, platform } = await setUp();
    const path = await storeLocally(Buffer.alloc(2000));
    const attachment = { platform: 'telegram', id: fake.putFile(Buffer.alloc(0), { path }) };
    const loading = platform.load(attachment, { maxBytes: 1999, signal });
    await expect(loading).rejects.toMatchObject({ code: 'attachment-too-large' });
  });

  test('a file that is gone is attachment-gone, its path untold', async () => {
    const { fake, platform } = await setUp();
    const id = fake.putFile(Buffer.alloc(0), { path: `/nowhere/${TOKEN}/photos/x.png` });
    const error: unknown = await platform
      .load({ platform: 'telegram', id }, options)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'attachment-gone' });
    expect(JSON.stringify(error)).not.toContain(TOKEN);
  });
});

describe('failures', () => {
  async function failing(script: (fake: Awaited<ReturnType<typeof setUp>>['fake']) => void) {
    const { fake, platform } = await setUp();
    script(fake);
    const id = fake.putFile(await createPng(10, 10), { path: 'photos/file_0.png' });
    const error: unknown = await platform
      .load({ platform: 'telegram', id }, options)
      .catch((thrown: unknown) => thrown);
    return { fake, error };
  }

  test.each([
    ['too big for the Bot API', 'file is too big', 'attachment-too-large'],
    ['unknown', 'wrong file_id or the file is temporarily unavailable', 'attachment-gone'],
  ])('a file that is %s', async (_name, problem, code) => {
    const refusal = { code: 400, description: `Bad Request: ${problem}` };
    expect((await failing((fake) => fake.script('getFile', refusal))).error).toMatchObject({
      code,
    });
  });

  test.each([
    ['a redirect', { status: 302, html: '' }],
    ['a missing file', { status: 404, html: '' }],
    ['a broken connection', 'reset' as const],
  ])('%s is attachment-gone, asked for once', async (_name, outcome) => {
    const { fake, error } = await failing((server) => server.script('file', outcome));
    expect(error).toMatchObject({
      code: 'attachment-gone',
      message: expect.not.stringContaining(TOKEN),
    });
    expect(fake.downloads).toEqual(['photos/file_0.png']);
  });

  test('what is declared too large is not asked for', async () => {
    const { fake, platform } = await setUp();
    const attachment = { platform: 'telegram', id: 'x', bytes: 1_000_001 };
    const loading = platform.load(attachment, options);
    await expect(loading).rejects.toMatchObject({ code: 'attachment-too-large' });
    expect(fake.journal).toEqual([]);
  });

  test('a load that is no longer wanted ends at once', async () => {
    const { fake, platform } = await setUp();
    fake.script('getFile', 'hang');
    const wanted = new AbortController();
    const attachment = { platform: 'telegram', id: 'x' };
    const loading = platform.load(attachment, { maxBytes: 1, signal: wanted.signal });
    await fake.waitFor(() => fake.calls('getFile')[0]);
    wanted.abort();
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' });
  });
});

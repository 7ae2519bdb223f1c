/** The whole line, once per seed: the real process, the real grammY, a photo in, the edited picture out. */
import sharp from 'sharp';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, type JournalEntry, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { makePhoto } from '../fixtures/photo.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';

/** Provider, path on the sandbox, and what its page calls the place of an input picture. */
const SEEDS: [provider: string, path: string, request: string][] = [
  ['ohmygpt', '/ohmygpt', '"omg_extra_body"'],
  ['xiaotian', '/xiaotian', '"image_url"'],
  ['newapi', '/newapi', '"image_url"'],
  ['openai-next', '/openai-next', '"inlineData"'],
  ['yisu', '/yisu', '"type":"image"'],
];

let photo: Buffer;
let telegram: FakeTelegram;
let sandbox: Sandbox;
let journal: JournalEntry[];
let easel: EaselProcess | undefined;

beforeAll(async () => {
  photo = await makePhoto();
});

beforeEach(async () => {
  journal = [];
  telegram = await createFakeTelegram({ token: TOKEN });
  sandbox = await createSandbox({ journal: (entry) => journal.push(entry) });
});

afterEach(async () => {
  await easel?.dispose();
  await Promise.all([telegram.close(), sandbox.close()]);
});

async function start(provider: string, path: string): Promise<EaselProcess> {
  const name = provider.toUpperCase().replaceAll('-', '_');
  easel = runEasel({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.origin,
    PROVIDERS: provider,
    [`${name}_API_KEY`]: 'sk-canary-key',
    [`${name}_BASE_URL`]: `${sandbox.origin}${path}`,
    LOG_LEVEL: 'debug',
  });
  await easel.wrote('Easel is ready');
  return easel;
}

/** The bytes of every base64 string in a request. */
function picturesIn(body: unknown): Buffer[] {
  const text = JSON.stringify(body);
  const runs = text.match(/[A-Za-z0-9+/]{1000,}={0,2}/g) ?? [];
  return runs.map((run) => Buffer.from(run, 'base64'));
}

async function brightness(picture: Buffer): Promise<number> {
  const { channels } = await sharp(picture).stats();
  const colours = channels.slice(0, 3);
  return colours.reduce((sum, { mean }) => sum + mean, 0) / colours.length;
}

describe.each(SEEDS)('%s', (provider, path, request) => {
  it('edits a photo, sending one upright picture without GPS and no trace of the token', async () => {
    const running = await start(provider, path);
    const ada = telegram.person();
    await ada.sendsPhoto(photo, { caption: 'make it night' });
    const result = await telegram.waitFor(
      () => telegram.messages(ada.chat.id).find((message) => message.from?.is_bot && message.photo),
      15_000,
    );

    const posts = journal.filter(({ method }) => method === 'POST');
    expect(posts).toHaveLength(1);
    expect(JSON.stringify(posts[0]?.body)).toContain(request);
    expect(JSON.stringify(posts[0]?.body)).toContain('make it night');
    const [sent = Buffer.alloc(0), ...others] = picturesIn(posts[0]?.body);
    expect(others).toEqual([]);
    const facts = await sharp(sent).metadata();
    expect(facts.height).toBeGreaterThan(facts.width);
    expect([facts.exif, facts.xmp, facts.iptc, facts.orientation]).toEqual(
      Array.from({ length: 4 }, () => undefined),
    );
    expect(JSON.stringify(journal)).not.toContain('canary-token');

    const shown = await telegram.fileBytes(result.photo?.at(-1)?.file_id ?? '');
    expect(await brightness(shown)).toBeLessThan((await brightness(photo)) * 0.6);
    await telegram.waitFor(() => telegram.messages(ada.chat.id).length === 2);
    expect(running.output()).not.toContain('canary');
  });
});

describe('a result', () => {
  it('is edited again when its picture is answered, and a text alone paints', async () => {
    await start('newapi', '/newapi');
    const ada = telegram.person({ language_code: 'zh-hans' });
    ada.says('雪中的狐狸 --ar 16:9');
    const first = await telegram.waitFor(
      () => telegram.messages(ada.chat.id).find((message) => message.from?.is_bot && message.photo),
      15_000,
    );
    expect([first.photo?.at(-1)?.width, first.photo?.at(-1)?.height]).toEqual([1376, 768]);
    ada.says('变成黑白', { reply: first });
    const second = await telegram.waitFor(
      () =>
        telegram
          .messages(ada.chat.id)
          .find((message) => message.from?.is_bot && message.photo && message !== first),
      15_000,
    );
    const { channels } = await sharp(
      await telegram.fileBytes(second.photo?.at(-1)?.file_id ?? ''),
    ).stats();
    const means = channels.slice(0, 3).map(({ mean }) => mean);
    expect(Math.max(...means) - Math.min(...means)).toBeLessThan(3);
  });
});

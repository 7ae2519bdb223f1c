/** The whole of it as one person meets it: the real process, the real store, menus, buttons, and a restart in between. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message } from 'grammy/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createSandbox, type JournalEntry, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { makePhoto } from '../fixtures/photo.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';
const WAIT_MS = 15_000;

let telegram: FakeTelegram;
let sandbox: Sandbox;
let journal: JournalEntry[];
let dataDir: string;
let easel: EaselProcess;

beforeEach(async () => {
  journal = [];
  telegram = await createFakeTelegram({ token: TOKEN });
  sandbox = await createSandbox({ journal: (entry) => journal.push(entry) });
  dataDir = mkdtempSync(join(tmpdir(), 'easel-experience-'));
  await start();
});

afterEach(async () => {
  await easel.dispose();
  await Promise.all([telegram.close(), sandbox.close()]);
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  easel = runEasel({
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_ROOT: telegram.origin,
    PROVIDERS: 'openai-next',
    OPENAI_NEXT_API_KEY: 'sk-canary-key',
    OPENAI_NEXT_BASE_URL: `${sandbox.origin}/openai-next`,
    DATA_DIR: dataDir,
  });
  await easel.wrote('Easel is ready');
}

const payments = () => journal.filter(({ method }) => method === 'POST');

function labelled(message: Message, label: string): string {
  const buttons = message.reply_markup?.inline_keyboard.flat() ?? [];
  const button = buttons.find(({ text }) => text.includes(label));
  return button !== undefined && 'callback_data' in button ? button.callback_data : '';
}

/** The bot's latest message of a kind, once there are so many of them. */
function nth(chatId: number, kind: 'photo' | 'document' | 'text', count: number): Promise<Message> {
  return telegram.waitFor(() => {
    const own = telegram
      .messages(chatId)
      .filter((message) => message.from?.is_bot && message[kind]);
    const done = own.filter(({ text }) => !/^(?:🎨|📮)/.test(text ?? ''));
    return done.length >= count ? done.at(-1) : undefined;
  }, WAIT_MS);
}

it('a picture is continued, again after a restart, by words, reply and button, each paid once', async () => {
  const ada = telegram.person();
  ada.says('a fox in snow --ar 16:9');
  const fox = await nth(ada.chat.id, 'photo', 1);
  ada.says('make it night');
  await nth(ada.chat.id, 'photo', 2);
  expect(JSON.stringify(payments()[1]?.body)).toMatch(
    /a fox in snow.*thoughtSignature.*make it night/s,
  );

  easel.kill('SIGTERM');
  expect(await easel.ended).toBe(0);
  await start();
  ada.says('in rain', { reply: fox });
  await nth(ada.chat.id, 'photo', 3);
  const branched = JSON.stringify(payments()[2]?.body);
  expect(branched).toMatch(/a fox in snow.*in rain/s);
  expect(branched).not.toContain('make it night');

  const stranger = telegram.person({ id: 2002, first_name: 'Bob' }, ada.chat.id);
  stranger.presses(fox, labelled(fox, 'Again'));
  ada.presses(fox, labelled(fox, 'Again'));
  await nth(ada.chat.id, 'photo', 4);
  ada.presses(fox, labelled(fox, 'Original'));
  await nth(ada.chat.id, 'document', 1);
  expect(payments()).toHaveLength(4);
}, 60_000);

it('menus, words about pictures, and being forgotten', async () => {
  const ada = telegram.person();
  await ada.sendsPhoto(await makePhoto());
  const menu = await nth(ada.chat.id, 'text', 1);
  expect(payments()).toEqual([]);
  ada.presses(menu, labelled(menu, 'Night'));
  const night = await nth(ada.chat.id, 'photo', 1);
  await telegram.waitFor(
    () => telegram.messages(ada.chat.id).every(({ message_id: id }) => id !== menu.message_id),
    WAIT_MS,
  );
  ada.says('/describe', { reply: night });
  await nth(ada.chat.id, 'text', 1);
  expect(payments()).toHaveLength(2);
  ada.says('/settings');
  const settings = await nth(ada.chat.id, 'text', 2);
  expect(settings.reply_markup?.inline_keyboard.length).toBeGreaterThan(2);
  ada.says('/usage');
  expect((await nth(ada.chat.id, 'text', 3)).text).toContain('1');
  ada.says('/forget');
  await nth(ada.chat.id, 'text', 4);
  easel.kill('SIGTERM');
  await easel.ended;
  expect(readdirSync(join(dataDir, 'pictures'), { recursive: true }).join()).not.toMatch(
    /\.png|jpg/,
  );
  expect(readFileSync(join(dataDir, 'easel.db')).includes('telegram:1001')).toBe(false);
}, 60_000);

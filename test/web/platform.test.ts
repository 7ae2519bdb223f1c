import { writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/core/index.ts';
import type { ChatMessage } from '../../src/web/chat-message.ts';
import { createChats } from '../../src/web/chats.ts';
import { createStudioPlatform } from '../../src/web/platform.ts';
import { attachmentOf, idOf, toTarget } from '../../src/web/target.ts';
import { createUploads } from '../../src/web/uploads.ts';
import { describePlatform } from '../contract/platform.contract.ts';
import { createFakeStore } from '../fakes/store.ts';
import { makeDirectory, makePicture } from './setup.ts';

const SESSION = 'abcdefghijklmnopqrstuvwx';
const logger = { debug() {}, info() {}, warn() {}, error() {} };

async function setUp() {
  const directory = await makeDirectory();
  const uploadDir = join(directory, 'uploads');
  await mkdir(uploadDir);
  const table = createFakeStore().table<ChatMessage>('web-messages');
  const chats = createChats({ table, logger });
  const chat = await chats.open(SESSION);
  const said = await chat.post({ from: 'person', text: 'a fox', description: 'a fox' });
  let isBlocked = false;
  const find: typeof chats.find = async (session) => (isBlocked ? undefined : chats.find(session));
  const uploads = createUploads({ directory: uploadDir, maxBytes: 1_000_000 });
  const platform = createStudioPlatform({ chats: { find }, uploads });
  return {
    ...{ platform, chat, said, directory, table },
    target: toTarget({ session: SESSION, answers: { message: said.id } }),
    block: () => {
      isBlocked = true;
    },
    putFile(bytes: Uint8Array) {
      const id = 'abcdefghijklmnopqrstuv';
      writeFileSync(join(uploadDir, id), bytes);
      return attachmentOf(id);
    },
  };
}

/** What a person sees without a word of theirs. */
function isPosted({ from }: ChatMessage): boolean {
  return from === 'easel';
}

describePlatform('the studio', async () => {
  const { platform, target, chat, directory, block, putFile } = await setUp();
  const notices = () =>
    chat
      .messages()
      .filter((message) => isPosted(message) && message.answers === undefined)
      .map(({ text }) => text);
  return {
    ...{ platform, target, block, putFile, notices },
    personId: idOf(SESSION),
    pictures: (count) =>
      Promise.all(Array.from({ length: count }, (_, shade) => makePicture(directory, shade))),
    seen: () =>
      chat
        .messages()
        .filter(isPosted)
        .map(({ text, pictures, buttons }) => ({
          text,
          pictures: pictures.length,
          buttons: buttons.flat().map(({ label }) => label),
        })),
  };
});

describe('the studio', () => {
  function deliveryOf(changes: Partial<Delivery>): Delivery {
    const words = { text: '', description: 'a fox' };
    return { pictures: [], sources: [], buttons: [], asFiles: false, ...words, ...changes };
  }

  it('keeps a path of this machine out of its messages', async () => {
    const { platform, target, directory, chat } = await setUp();
    await platform.deliver(target, deliveryOf({ pictures: [await makePicture(directory)] }));
    expect(JSON.stringify(chat.messages())).not.toContain(directory);
  });

  it('posts a message for all pictures together, and one for each', async () => {
    const { platform, target, directory, chat } = await setUp();
    const pictures = [await makePicture(directory, 1), await makePicture(directory, 2)];
    const posted = await platform.deliver(target, deliveryOf({ pictures }));
    const id = chat.messages().at(-1)?.id;
    expect(posted).toEqual([
      { message: `web:${SESSION}:${id}` },
      { message: `web:${SESSION}:${id}-0`, picture: 0 },
      { message: `web:${SESSION}:${id}-1`, picture: 1 },
    ]);
  });

  it('calls a result by its button, but the same once more by its words', async () => {
    const { platform, said, chat } = await setUp();
    const target = toTarget({ session: SESSION, answers: { message: said.id }, label: 'Again' });
    await platform.deliver(target, deliveryOf({ description: 'a fox' }));
    await platform.deliver(target, deliveryOf({ description: 'a long prompt' }));
    expect(chat.messages().map(({ label }) => label)).toEqual([undefined, undefined, 'Again']);
  });

  it('keeps what was pressed beside the status and what comes of it', async () => {
    const { platform, said, chat } = await setUp();
    const target = toTarget({ session: SESSION, answers: { message: said.id }, label: 'Again' });
    await platform.showStatus(target, { text: 'On it', buttons: [] });
    await platform.deliver(target, deliveryOf({ description: 'a fox' }));
    expect(chat.messages().map(({ pressed }) => pressed)).toEqual([undefined, 'Again', 'Again']);
  });

  it('keeps a last word, but not each second of a status', async () => {
    const { platform, target, table } = await setUp();
    const rows = async () => {
      const found: string[] = [];
      for await (const [, { text }] of table.entries()) found.push(text);
      return found;
    };
    const named = await platform.showStatus(target, { text: 'on it', buttons: [] });
    await platform.showStatus(named, { text: '3 s', buttons: [] });
    expect(await rows()).toEqual(['a fox', 'on it']);
    await platform.close(named, { text: 'it failed', buttons: [] });
    expect(await rows()).toEqual(['a fox', 'it failed']);
  });
});

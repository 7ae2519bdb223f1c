import { describe, expect, test } from 'vitest';
import type { Attachment, Delivery, Picture, Platform, ReplyTarget } from '../../src/core/index.ts';

/** One chat on a platform, and what a person sees in it. */
export interface PlatformWorld {
  platform: Platform;
  /** Answers the first message of the chat. */
  target: ReplyTarget;
  /** A person who can be told things. */
  personId: string;
  /** Pictures that can be delivered, as many as asked. */
  pictures(count: number): Promise<Picture[]>;
  /** Texts (captions too), pictures and labels of buttons that the platform has posted, oldest first. */
  seen(): { text: string; pictures: number; buttons: string[] }[];
  notices(): string[];
  /** Makes bytes loadable. */
  putFile(bytes: Uint8Array): Attachment;
  /** The person blocks the bot. */
  block(): void;
}

const CANCEL = { label: 'Cancel', id: 'x:abcdefghijkl' };
const AGAIN = { label: 'Again', id: 'a:abcdefghijkl' };
const WORKING = { text: 'working', buttons: [[CANCEL]] };
const FAILED = { text: 'it failed', buttons: [] };
const REF = /^[a-z]+:[\w-]+:[\w-]+$/;
const SIGNAL = new AbortController().signal;

/** What the core relies on, whatever the platform. */
export function describePlatform(name: string, setUp: () => Promise<PlatformWorld>): void {
  describe(`the Platform port on ${name}`, () => {
    describeStatus(setUp);
    describeEnding(setUp);
    describeLoading(setUp);
  });
}

function deliveryOf(pictures: Picture[], changes: Partial<Delivery> = {}): Delivery {
  const words = { text: 'a fox', description: 'a fox in snow' };
  return { pictures, sources: [], buttons: [[AGAIN]], asFiles: false, ...words, ...changes };
}

function describeStatus(setUp: () => Promise<PlatformWorld>): void {
  test('one status message is created, then replaced', async () => {
    const { platform, target, seen } = await setUp();
    const named = await platform.showStatus(target, WORKING);
    expect(seen()).toEqual([{ text: 'working', pictures: 0, buttons: ['Cancel'] }]);
    const again = await platform.showStatus(named, { text: 'sending', buttons: [] });
    expect(seen()).toEqual([{ text: 'sending', pictures: 0, buttons: [] }]);
    expect(again).toEqual(named);
    expect(JSON.parse(JSON.stringify(named))).toEqual(named);
  });

  test('replacing a status by the same does not throw', async () => {
    const { platform, target, seen } = await setUp();
    const named = await platform.showStatus(target, WORKING);
    await platform.showStatus(named, WORKING);
    expect(seen()).toHaveLength(1);
  });

  test('replacing a status where the person blocked the bot does not throw', async () => {
    const { platform, target, block, seen } = await setUp();
    const named = await platform.showStatus(target, WORKING);
    block();
    await platform.showStatus(named, { text: 'later', buttons: [] });
    expect(seen().map(({ text }) => text)).toEqual(['working']);
  });
}

function describeEnding(setUp: () => Promise<PlatformWorld>): void {
  for (const count of [1, 3]) {
    test(`${count} pictures with their buttons take the place of the status`, async () => {
      const { platform, target, pictures, seen } = await setUp();
      const named = await platform.showStatus(target, WORKING);
      const posted = await platform.deliver(named, deliveryOf(await pictures(count)));
      const messages = seen();
      expect(messages.map(({ text }) => text).join('')).toContain('a fox');
      expect(messages.reduce((sum, message) => sum + message.pictures, 0)).toBe(count);
      expect(messages.flatMap(({ buttons }) => buttons)).toEqual(['Again']);
      for (const { message } of posted) expect(message).toMatch(REF);
      const shown = posted.flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
      // One message that shows them all stands for none of them.
      expect(shown).toEqual(posted.length === 1 ? [] : [0, 1, 2]);
    });
  }

  test('pictures can be delivered without a status, and as files', async () => {
    const { platform, target, pictures, seen } = await setUp();
    const delivery = deliveryOf(await pictures(1), { text: '', buttons: [], asFiles: true });
    await platform.deliver(target, delivery);
    expect(seen()).toEqual([{ text: '', pictures: 1, buttons: [] }]);
  });

  test('the last word stands in the status message, without its button', async () => {
    const { platform, target, seen } = await setUp();
    const named = await platform.showStatus(target, WORKING);
    const { message } = await platform.close(named, FAILED);
    expect(seen()).toEqual([{ text: 'it failed', pictures: 0, buttons: [] }]);
    expect(message).toMatch(REF);
  });

  test('the last word is a message of its own without a status, with buttons of its own', async () => {
    const { platform, target, seen } = await setUp();
    const { message } = await platform.close(target, { ...FAILED, buttons: [[AGAIN], [CANCEL]] });
    expect(seen()).toEqual([{ text: 'it failed', pictures: 0, buttons: ['Again', 'Cancel'] }]);
    expect(message).toMatch(REF);
  });

  test('what can never be said is undeliverable', async () => {
    const { platform, target, pictures, block } = await setUp();
    const delivery = deliveryOf(await pictures(1));
    block();
    const failure = { code: 'undeliverable' };
    await expect(platform.deliver(target, delivery)).rejects.toMatchObject(failure);
    await expect(platform.close(target, FAILED)).rejects.toMatchObject(failure);
    await expect(platform.showStatus(target, WORKING)).rejects.toMatchObject(failure);
  });

  test('a notice reaches the person, and never throws', async () => {
    const { platform, personId, notices, block } = await setUp();
    expect(await platform.notify(personId, 'the key is wrong')).toBe(true);
    expect(notices()).toEqual(['the key is wrong']);
    block();
    expect(await platform.notify(personId, 'again')).toBe(false);
    expect(notices()).toHaveLength(1);
  });
}

function describeLoading(setUp: () => Promise<PlatformWorld>): void {
  const bytes = new Uint8Array(5000).fill(7);

  test('an attachment comes back byte for byte', async () => {
    const { platform, putFile } = await setUp();
    const loaded = await platform.load(putFile(bytes), { maxBytes: 5000, signal: SIGNAL });
    expect(Buffer.from(loaded).equals(bytes)).toBe(true);
  });

  test('one byte too many is attachment-too-large, also when the platform declared no size', async () => {
    const { platform, putFile } = await setUp();
    const { platform: name, id } = putFile(bytes);
    const loading = platform.load({ platform: name, id }, { maxBytes: 4999, signal: SIGNAL });
    await expect(loading).rejects.toMatchObject({ code: 'attachment-too-large' });
  });

  test('an unknown attachment is attachment-gone', async () => {
    const { platform, target } = await setUp();
    const unknown = { platform: target.platform, id: 'unknown' };
    const loading = platform.load(unknown, { maxBytes: 5000, signal: SIGNAL });
    await expect(loading).rejects.toMatchObject({ code: 'attachment-gone' });
  });
}

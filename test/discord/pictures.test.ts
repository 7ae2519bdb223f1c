import type { APIAttachment, APIEmbed, APIMessage } from 'discord.js';
import { describe, expect, test } from 'vitest';
import {
  findUrl,
  isPicture,
  picturesOf,
  readHandle,
  uploadsOf,
} from '../../src/discord/pictures.ts';

const CDN = 'https://cdn.discordapp.com/attachments/1/2';

function file(facts: Partial<APIAttachment>): APIAttachment {
  const url = `${CDN}/${facts.id ?? '7'}`;
  return { id: '7', filename: 'fox.png', size: 10, url, proxy_url: url, ...facts } as APIAttachment;
}

function message(facts: object): APIMessage {
  return {
    id: '2',
    channel_id: '1',
    attachments: [],
    embeds: [],
    ...facts,
  } as unknown as APIMessage;
}

describe('isPicture', () => {
  test.each([
    [{ content_type: 'image/png', filename: 'x' }, true],
    [{ content_type: 'image/svg+xml', filename: 'x.svg' }, false],
    [{ content_type: 'video/mp4', filename: 'x.png' }, false],
    [{ filename: 'IMG.HEIC' }, true],
    [{ content_type: 'application/octet-stream', filename: 'a.webp' }, true],
    [{ filename: 'notes.txt' }, false],
  ])('%o: %s', (facts, expected) => {
    expect(isPicture(file(facts))).toBe(expected);
  });
});

describe('picturesOf', () => {
  const proxied = 'https://images-ext-1.discordapp.net/external/x/https/evil.example/a.png';
  const embed = (facts: object) => facts as APIEmbed;
  test.each([
    ['attachments', { attachments: [file({}), file({ id: '8', filename: 'a.mp4' })] }, ['7']],
    [
      'a link, by the proxy',
      { embeds: [embed({ image: { url: 'https://evil.example', proxy_url: proxied } })] },
      ['embed-0'],
    ],
    [
      'a link without a proxy',
      { embeds: [embed({ thumbnail: { url: 'https://evil.example' } })] },
      [],
    ],
    [
      'stickers that stand still',
      {
        sticker_items: [
          { id: '5', format_type: 1 },
          { id: '6', format_type: 3 },
        ],
      },
      ['5'],
    ],
    [
      'a forward',
      {
        message_snapshots: [
          {
            message: {
              attachments: [file({ id: '9' })],
              embeds: [embed({ image: { proxy_url: proxied } })],
            },
          },
        ],
      },
      ['9', 'forwarded-embed-0'],
    ],
  ])('%s', (_name, facts, keys) => {
    const handles = picturesOf(message(facts)).map(({ id }) => readHandle(id));
    expect(handles.map((handle) => handle?.key)).toEqual(keys);
    for (const handle of handles) {
      expect(handle?.message).toEqual({ channelId: '1', messageId: '2' });
      expect(handle?.url).toMatch(
        /^https:\/\/(cdn\.discordapp\.com|images-ext-1\.discordapp\.net)\//,
      );
      expect(findUrl(message(facts), handle?.key ?? '')).toBe(handle?.url);
    }
  });
});

test('uploads know no message, and say their size', () => {
  const [upload] = uploadsOf([file({})]);
  expect(upload).toMatchObject({ platform: 'discord', bytes: 10 });
  expect(readHandle(upload?.id ?? '')).toEqual({ key: '7', url: `${CDN}/7` });
});

test.each(['', 'unknown', '1 2 3', '- - ../x https://a.b', '- - 1 not-a-url', '1 2 3 https://a b'])(
  'no handle: %j',
  (id) => {
    expect(readHandle(id)).toBeUndefined();
  },
);

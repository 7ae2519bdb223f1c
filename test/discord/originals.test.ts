/** Pictures as they were made: what fits alone comes as it is, in as many messages as that takes. */
import { expect, test } from 'vitest';
import {
  createPng,
  deliveryOf,
  lastTarget,
  sha256,
  shown,
  started,
  storePicture,
} from './setup.ts';

const MIB = 1024 * 1024;

/** What stands behind its end is no part of a picture, and quickly made. */
async function pictureOf(bytes: number): Promise<Buffer> {
  const png = await createPng();
  return Buffer.concat([png, Buffer.alloc(bytes - png.length)]);
}

test('three that are too much for one message are shown smaller; as files they are two messages', async () => {
  const { fake, heard, platform } = await started();
  fake.person().says(fake.channelId, 'a fox', { mentionBot: true });
  await fake.waitFor(() => heard.length === 1);
  const bytes = await pictureOf(9 * MIB);
  const pictures = await Promise.all([1, 2, 3].map(() => storePicture(bytes)));
  await platform.deliver(lastTarget(heard), deliveryOf(pictures));
  const posted = await platform.deliver(
    lastTarget(heard),
    deliveryOf(pictures, { text: '', buttons: [], asFiles: true }),
  );
  const [result, ...files] = shown(fake);
  expect(result?.attachments).toHaveLength(3);
  for (const { size } of result?.attachments ?? []) expect(size).toBeLessThan((25 * MIB) / 3);
  expect(files.map(({ attachments }) => attachments.length)).toEqual([2, 1]);
  const hashes = files
    .flatMap(({ attachments }) => attachments)
    .map(({ id }) => sha256(fake.fileBytes(id)));
  expect(new Set(hashes)).toEqual(new Set([sha256(bytes)]));
  const [both, last] = files.map(({ id }) => `discord:${fake.channelId}:${id}`);
  expect(posted).toEqual([{ message: both }, { message: last, picture: 2 }]);
});

test('a large and a small one that fit together are left as they are', async () => {
  const { fake, heard, platform } = await started();
  fake.setUploadLimit(20 * MIB);
  fake.person().command(fake.channelId, 'imagine', { prompt: 'a fox' });
  await fake.waitFor(() => heard.length === 1);
  const both = [await pictureOf(15 * MIB), await createPng()];
  const pictures = await Promise.all(both.map((bytes) => storePicture(bytes)));
  await platform.deliver(lastTarget(heard), deliveryOf(pictures));
  const names = shown(fake)[0]?.attachments.map(({ filename }) => filename);
  expect(names).toEqual(['easel-1.png', 'easel-2.png']);
});

test('one that is too large for its place comes smaller, and that is said', async () => {
  const { fake, heard, platform } = await started();
  fake.person().says(fake.channelId, 'a fox', { mentionBot: true });
  await fake.waitFor(() => heard.length === 1);
  const pictures = [await storePicture(await pictureOf(11 * MIB))];
  const words = { text: '', buttons: [], asFiles: true, ifSmaller: 'made *smaller*' };
  await platform.deliver(lastTarget(heard), deliveryOf(pictures, words));
  await platform.deliver(
    lastTarget(heard),
    deliveryOf([await storePicture(await createPng())], words),
  );
  const [large, small] = shown(fake);
  expect(large?.content).toBe('made \\*smaller\\*');
  expect(large?.attachments[0]?.size).toBeLessThan(10 * MIB);
  expect(small?.content).toBe('');
});

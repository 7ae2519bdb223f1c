import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createModels } from '../../../src/core/desk/models.ts';
import type { Logger } from '../../../src/core/ports.ts';

const logger: Logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.clearAllMocks();
});

it('keeps models that paint, known families first, none twice', async () => {
  const listed = ['gpt-image-1', 'gpt-5', 'nano-banana', 'Seedream-4', 'imagen-4', 'nano-banana'];
  const models = createModels({ list: async () => listed, logger });
  expect(models.known()).toEqual([]);
  expect(await models.all()).toEqual(['nano-banana', 'gpt-image-1', 'Seedream-4', 'imagen-4']);
  expect(models.known()).toEqual(['nano-banana', 'gpt-image-1', 'Seedream-4', 'imagen-4']);
});

it('answers with what it knows while it asks again, and keeps that when asking fails', async () => {
  const list = vi.fn<() => Promise<string[]>>();
  list.mockResolvedValueOnce(['flux-1']).mockRejectedValueOnce(new Error('down'));
  list.mockResolvedValueOnce(['flux-2']);
  const models = createModels({ list, logger });
  expect(await models.all()).toEqual(['flux-1']);
  expect(await models.all()).toEqual(['flux-1']);
  await vi.waitFor(() => expect(logger.warn).toHaveBeenCalledOnce());
  expect(await models.all()).toEqual(['flux-1']);
  await vi.waitFor(() => expect(models.known()).toEqual(['flux-2']));
});

it('waits for a slow gateway no longer than a form may take, and asks it once', async () => {
  let answer: (models: string[]) => void = () => {};
  const list = vi.fn(() => new Promise<string[]>((resolve) => (answer = resolve)));
  const models = createModels({ list, logger });
  const asked = [models.all(), models.all()];
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await Promise.all(asked)).toEqual([[], []]);
  expect(list).toHaveBeenCalledOnce();
  answer(['flux-1']);
  await vi.waitFor(() => expect(models.known()).toEqual(['flux-1']));
});

/** An engine with everything around it in memory: the platform, the gateway's painting, the log. */
import type { Generation, GenerationRequest } from '../../../src/core/generation/generate.ts';
import { createAccess, createEngine, EaselError } from '../../../src/core/index.ts';
import type { EngineOptions } from '../../../src/core/job/create-engine.ts';
import type { Platform } from '../../../src/core/ports.ts';
import type { GenerateOptions } from '../../../src/core/provider/provider.ts';
import type { Picture, PictureRequest } from '../../../src/core/types.ts';
import { createFakePlatform } from '../../fakes/platform.ts';

/** One paid request that the gateway works on. */
export interface Painting {
  request: GenerationRequest;
  options: GenerateOptions;
  finish(generation?: Partial<Generation>): void;
  fail(error: unknown): void;
}

export const STATUS_INTERVAL_MS = 1_000;

export function pictureOf(hash: string, width = 1024, height = 1024): Picture {
  return { hash, path: `/pictures/${hash}`, mediaType: 'image/png', width, height, bytes: 9 };
}

export function picturesOf(count: number): Picture[] {
  return Array.from({ length: count }, (_, at) => pictureOf(`hash-${at}`));
}

export function createWorld(
  overrides: Partial<EngineOptions> & { platform?: Partial<Platform> } = {},
) {
  const seen = createFakePlatform();
  const limits = { pictures: 10, statusIntervalMs: STATUS_INTERVAL_MS };
  const platform: Platform = { ...seen, limits, ...overrides.platform };
  const paintings: Painting[] = [];
  const log: { level: string; fields: object; message: string }[] = [];
  const logAs = (level: string) => (fields: object, message: string) => {
    log.push({ level, fields, message });
  };
  const { dailyImagesPerUser = 0, admins = [] } = overrides;
  const engine = createEngine({
    generator: { generate: (request, options) => paintOnCommand(paintings, request, options) },
    normaliser: {
      normalise: async (data) => ({ data, mediaType: 'image/png', width: 1, height: 1 }),
      close: async () => {},
    },
    logger: {
      debug: logAs('debug'),
      info: logAs('info'),
      warn: logAs('warn'),
      error: logAs('error'),
    },
    access: createAccess({ users: [], chats: [], admins, dailyImagesPerUser }),
    maxImageBytes: 1024 * 1024,
    maxAttachments: 3,
    concurrency: 8,
    userConcurrency: 2,
    language: 'en',
    dailyImagesPerUser,
    admins,
    ...overrides,
  });
  engine.connect('fake', platform);
  const texts = () => seen.messages.map(({ text }) => text);
  return { engine, seen, paintings, log, texts };
}

/** Until told otherwise the gateway is at work; it stops when asked, perhaps paid. */
function paintOnCommand(
  paintings: Painting[],
  request: GenerationRequest,
  options: GenerateOptions,
): Promise<Generation> {
  return new Promise((resolve, reject) => {
    const whole = { text: '', sources: [], usage: undefined, truncated: false };
    const origin = { provider: 'gateway', model: 'model' };
    paintings.push({
      request,
      options,
      finish: (some) => resolve({ pictures: picturesOf(1), ...whole, ...origin, ...some }),
      fail: reject,
    });
    options.signal.addEventListener('abort', () =>
      reject(new EaselError('cancelled', { billed: 'maybe' })),
    );
  });
}

let lastId = 0;

export function requestOf(
  personId = 'fake:ada',
  changes: Partial<PictureRequest> = {},
): PictureRequest {
  lastId += 1;
  return {
    id: `update-${lastId}`,
    person: { id: personId },
    chat: 'fake:chat',
    prompt: 'a fox in snow',
    attachments: [],
    options: {},
    target: { platform: 'fake' },
    ...changes,
  };
}

/** An engine with everything around it in memory: the platform, the gateway's painting, the store, the log. */
import type { Conversations, Wish } from '../../../src/core/conversation/conversations.ts';
import type { Turn } from '../../../src/core/conversation/turn.ts';
import { EaselError } from '../../../src/core/errors.ts';
import type { Generation } from '../../../src/core/generation/generate.ts';
import { createEngine, type EngineOptions } from '../../../src/core/job/create-engine.ts';
import type { Platform } from '../../../src/core/ports.ts';
import type { GenerateOptions } from '../../../src/core/provider/provider.ts';
import type { Store, Table } from '../../../src/core/store/store.ts';
import type { Picture, PictureRequest, StoredPicture } from '../../../src/core/types.ts';
import type { EndFact } from '../../../src/core/watch/watch.ts';
import { createFakePlatform } from '../../fakes/platform.ts';

/** One paid request that the gateway works on. */
export interface Painting {
  wish: Wish;
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

/** What outlives a process: rows, as JSON, and the turns. */
export function createDisk() {
  const tables = new Map<string, Map<string, string>>();
  const broken = new Set<string>();
  const table = <Row>(name: string): Table<Row> => {
    const rows = tables.get(name) ?? new Map<string, string>();
    tables.set(name, rows);
    const check = async () => {
      if (broken.has(name)) throw new EaselError('internal', { subject: 'store' });
    };
    return {
      async get(key) {
        await check();
        const text = rows.get(key);
        return text === undefined ? undefined : JSON.parse(text);
      },
      async set(key, row) {
        await check();
        rows.set(key, JSON.stringify(row));
      },
      async delete(key) {
        await check();
        return rows.delete(key);
      },
      async *entries() {
        for (const [key, text] of [...rows]) yield [key, JSON.parse(text)];
      },
    };
  };
  const store: Store = { table, scrub: async () => {}, close: async () => {} };
  const rows = (name: string) =>
    [...(tables.get(name)?.values() ?? [])].map((text) => JSON.parse(text));
  return { store, rows, broken, turns: new Map<string, Turn>(), links: new Map<string, unknown>() };
}

type Disk = ReturnType<typeof createDisk>;
type Overrides = Partial<EngineOptions> & { platform?: Partial<Platform>; disk?: Disk };

/** One process; a second one on the same `disk` and `seen` is what a restart finds. */
export function createWorld({
  disk = createDisk(),
  platform: changes,
  ...overrides
}: Overrides = {}) {
  const seen = createFakePlatform();
  const limits = { pictures: 10, statusIntervalMs: STATUS_INTERVAL_MS };
  const platform: Platform = { ...seen, limits, ...changes };
  const paintings: Painting[] = [];
  const ends: EndFact[] = [];
  const log: { level: string; fields: object; message: string }[] = [];
  const logAs = (level: string) => (fields: object, message: string) => {
    log.push({ level, fields, message });
  };
  const conversations = createFakeConversations(disk);
  const engine = createEngine({
    generator: {
      generate: (request, options) =>
        paintOnCommand(paintings, conversations.wishOf(request), options),
      describe: async (request, options) => {
        const wish = conversations.wishOf(request);
        const { pictures: _none, ...words } = await paintOnCommand(paintings, wish, options);
        return words;
      },
    },
    conversations,
    normaliser: {
      normalise: async (data) => ({ data, mediaType: 'image/png', width: 1, height: 1 }),
      close: async () => {},
    },
    pictures: {
      addBytes: async (bytes) => ({ ...pictureOf(`input-${bytes[0]}`), bytes: bytes.length }),
      locate: (stored: StoredPicture) => ({ ...stored, path: `/pictures/${stored.hash}` }),
    },
    store: disk.store,
    watch: { tried: () => {}, ended: (fact) => void ends.push(fact) },
    logger: {
      debug: logAs('debug'),
      info: logAs('info'),
      warn: logAs('warn'),
      error: logAs('error'),
    },
    maxImageBytes: 1024 * 1024,
    concurrency: 8,
    userConcurrency: 2,
    language: 'en',
    dailyImagesPerUser: 0,
    admins: [],
    ...overrides,
  });
  engine.connect('fake', platform);
  const texts = () => seen.messages.map(({ text }) => text);
  return { engine, seen, paintings, ends, log, texts, disk, conversations };
}

/** Branches and links without composing: the wish itself is what is asked of the model. */
function createFakeConversations({ turns, links }: Disk) {
  const branches = new Map<string, string>();
  const left = new Map<string, number>();
  const wishes = new Map<object, Wish>();
  const conversations: Conversations = {
    find: async (id) => turns.get(id),
    async parentOf(origin, { chat, personId }) {
      if (origin === 'new') return undefined;
      const id = origin === 'branch' ? branches.get(`${chat}|${personId}`) : origin.turn;
      const parent = turns.get(id ?? '');
      return parent && { parent };
    },
    async save(turn) {
      turns.set(turn.id, turn);
      branches.set(`${turn.chat}|${turn.personId}`, turn.id);
    },
    leave: async ({ chat, personId }) => void left.set(`${chat}|${personId}`, Date.now()),
    leftAt: async ({ chat, personId }) => left.get(`${chat}|${personId}`),
    link: async (message, place) => void links.set(message, place),
    resolve: async () => undefined,
    async compose(wish) {
      const request = { messages: [], options: wish.options };
      wishes.set(request, wish);
      return request;
    },
    forget: async () => {},
    moveChat: async () => {},
  };
  const wishOf = (request: object): Wish =>
    wishes.get(request) ?? { prompt: '', inputs: [], options: {} };
  return { ...conversations, wishOf };
}

/** Until told otherwise the gateway is at work; it stops when asked, perhaps paid. */
function paintOnCommand(
  paintings: Painting[],
  wish: Wish,
  options: GenerateOptions,
): Promise<Generation> {
  return new Promise((resolve, reject) => {
    const whole = { text: '', sources: [], usage: undefined, truncated: false };
    const origin = { provider: 'gateway', model: 'model', dialect: 'openai-chat' as const };
    paintings.push({
      wish,
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
    kind: 'picture',
    person: { id: personId },
    chat: 'fake:chat',
    prompt: 'a fox in snow',
    attachments: [],
    inputs: [],
    origin: 'new',
    options: {},
    target: { platform: 'fake' },
    ...changes,
  };
}

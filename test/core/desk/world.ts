/** A desk with everything around it in memory: the platform, the engine, conversations. */
import type { Conversations } from '../../../src/core/conversation/conversations.ts';
import type { Place } from '../../../src/core/conversation/place.ts';
import type { Turn } from '../../../src/core/conversation/turn.ts';
import { createDesk, type DeskOptions } from '../../../src/core/desk/create-desk.ts';
import type { Desk } from '../../../src/core/desk/desk.ts';
import { STARTER_STYLES } from '../../../src/core/desk/starter-styles.ts';
import { createAccess } from '../../../src/core/job/access.ts';
import type { CancelOutcome, Engine } from '../../../src/core/job/engine.ts';
import type { JobRow } from '../../../src/core/job/job-row.ts';
import type {
  Attachment,
  IncomingMessage,
  Picture,
  PictureRequest,
  Press,
  PressAnswer,
  StoredPicture,
} from '../../../src/core/types.ts';
import { createFakePlatform } from '../../fakes/platform.ts';
import { createFakeStore } from '../../fakes/store.ts';

export const ADA = { id: 'fake:ada', language: 'en' };
export const BOB = { id: 'fake:bob', language: 'en' };
export const ADMIN = { id: 'fake:admin', language: 'en' };
export const CHAT = 'fake:chat';
export const MODELS = ['gemini-3-pro-image-preview', 'gpt-5', 'flux-2', 'nano-banana-2'];

export function photo(id: string): Attachment {
  return { platform: 'fake', id };
}

export function pictureOf(hash: string, side = 1024): StoredPicture {
  return { hash, mediaType: 'image/png', width: side, height: side, bytes: 9 };
}

export function turnOf(id: string, some: Partial<Turn> = {}): Turn {
  return {
    id,
    personId: ADA.id,
    chat: CHAT,
    createdAt: 1,
    prompt: 'a fox in snow',
    inputs: [],
    options: { aspectRatio: '16:9' },
    pictures: [pictureOf('fox')],
    text: '',
    sources: [],
    provider: 'gateway',
    model: 'gemini-3-pro-image-preview',
    dialect: 'gemini',
    ...some,
  };
}

/** An engine that notes what it is asked; jobs and orders are put in by hand. */
function createFakeEngine() {
  const requests: PictureRequest[] = [];
  const ordered = new Set<string>();
  const jobs = new Map<string, JobRow>();
  const outcomes = new Map<string, CancelOutcome>();
  const counts = { stopped: 0, images: 0 };
  const forgotten: string[] = [];
  const loaded: StoredPicture[] = [];
  const engine: Engine = {
    connect: () => {},
    submit: async (request) => {
      requests.push(request);
    },
    isOrdered: (button) => ordered.has(button),
    find: async (id) => jobs.get(id),
    cancel: (jobId, personId) => outcomes.get(`${jobId} ${personId}`) ?? 'nothing',
    cancelAll: () => counts.stopped,
    imagesToday: async () => counts.images,
    forget: async (personId) => {
      forgotten.push(personId);
      return loaded;
    },
    close: async () => {},
  };
  return { engine, requests, ordered, jobs, outcomes, counts, forgotten, loaded };
}

function createFakeConversations() {
  const turns = new Map<string, Turn>();
  const links = new Map<string, Place>();
  /** Which turn `person` is at in `chat`, as `chat person`. */
  const branches = new Map<string, string>();
  const forgotten: string[] = [];
  const forgottenPictures: StoredPicture[] = [];
  const moved: string[][] = [];
  const conversations: Conversations = {
    find: async (id) => turns.get(id),
    async parentOf(origin, { chat, personId }) {
      if (origin === 'new') return undefined;
      const at = branches.get(`${chat} ${personId}`) ?? '';
      const place = origin === 'branch' ? { turn: at } : origin;
      const parent = turns.get(place.turn);
      return parent && { parent, ...('picture' in place && { chosen: place.picture }) };
    },
    save: async () => {},
    leave: async ({ chat, personId }) => {
      branches.delete(`${chat} ${personId}`);
    },
    leftAt: async () => undefined,
    link: async (message, place) => {
      links.set(message, place);
    },
    resolve: async (message) => links.get(message),
    compose: () => Promise.reject(new Error('not here')),
    forget: async (personId, loaded = []) => {
      forgotten.push(personId);
      forgottenPictures.push(...loaded);
    },
    moveChat: async (from, to) => {
      moved.push([from, to]);
    },
  };
  return { conversations, turns, links, branches, forgotten, forgottenPictures, moved };
}

export type World = ReturnType<typeof createWorld>;

export function createWorld(overrides: Partial<DeskOptions> = {}) {
  const seen = createFakePlatform();
  const work = createFakeEngine();
  const talk = createFakeConversations();
  const log: { level: string; fields: object; message: string }[] = [];
  const logAs = (level: string) => (fields: object, message: string) => {
    log.push({ level, fields, message });
  };
  const options: DeskOptions = {
    engine: work.engine,
    conversations: talk.conversations,
    store: createFakeStore(),
    access: createAccess({ users: [], chats: [], admins: [ADMIN.id], gated: [] }),
    pictures: { locate: (picture): Picture => ({ ...picture, path: `/data/${picture.hash}` }) },
    listModels: async () => MODELS,
    styles: STARTER_STYLES,
    language: 'en',
    admins: [ADMIN.id],
    dailyImagesPerUser: 0,
    maxAttachments: 10,
    logger: {
      debug: logAs('debug'),
      info: logAs('info'),
      warn: logAs('warn'),
      error: logAs('error'),
    },
    ...overrides,
  };
  /** Another one on the same store, as after a restart. */
  const start = (): Desk => {
    const desk = createDesk(options);
    desk.connect('fake', seen);
    return desk;
  };
  const desk = start();
  let updates = 0;
  const nextId = () => {
    updates += 1;
    return `fake:update:${updates}`;
  };

  const message = (some: Partial<IncomingMessage> = {}): IncomingMessage => {
    const id = nextId();
    return {
      id,
      person: ADA,
      chat: CHAT,
      isPrivate: false,
      words: '',
      attachments: [],
      hasUnreadable: false,
      messages: [`said:${id}`],
      options: {},
      target: { platform: 'fake', replyTo: id },
      ...some,
    };
  };
  const pressOf = (button: string, some: Partial<Press> = {}): Press => ({
    id: nextId(),
    button,
    person: ADA,
    chat: CHAT,
    speaksForChat: async () => false,
    target: { platform: 'fake', replyTo: button },
    takeOver: { platform: 'fake', statusId: 1 },
    ...some,
  });

  return {
    ...work,
    ...talk,
    options,
    desk,
    seen,
    log,
    start,
    message,
    pressOf,
    hear: (some?: Partial<IncomingMessage>) => desk.hear(message(some)),
    press: (button: string, some?: Partial<Press>): Promise<PressAnswer> =>
      desk.press(pressOf(button, some)),
    texts: () => seen.messages.map(({ text }) => text),
    buttons: (): string[] => seen.messages.at(-1)?.buttons.map(({ id }) => id) ?? [],
  };
}

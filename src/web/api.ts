/** What the page asks and tells, as JSON. */
import { Readable } from 'node:stream';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { type Desk, EaselError, say } from '../core/index.ts';
import type { Chats } from './chats.ts';
import {
  MAX_UPLOADS,
  PRESSED,
  readCommand,
  SAID,
  type Said,
  type Speaker,
  targetsOf,
  toIncomingMessage,
} from './said.ts';
import { personOf, readSession, renewSession } from './session.ts';
import { refOf } from './target.ts';
import type { Uploads } from './uploads.ts';
import { studioWords } from './words.ts';

export interface ApiOptions {
  desk: Pick<Desk, 'hear' | 'press' | 'settings' | 'styles' | 'language'>;
  chats: Chats;
  uploads: Uploads;
  /** For one picture. */
  maxUploadBytes: number;
  /** Lines of `.env` that make pictures real; none where they are. */
  envHint: readonly string[];
}

/** Words, ids and no pictures. */
const MAX_JSON_BYTES = 128 * 1024;

/** In the order of `Desk.settings`, which the page knows by these names. */
const SETTINGS = ['aspect-ratio', 'size', 'count', 'model', 'language'] as const;

/** Uploads go one by one, each as the bytes of its file: nothing is held in memory. */
export function apiRoutes(options: ApiOptions): Hono {
  const routes = new Hono();
  const limited = bodyLimit({
    maxSize: MAX_JSON_BYTES,
    onError: (context) => context.text('Too much.\n', 413),
  });
  routes.get('/api/state', (context) => tellState(context, options));
  routes.get('/api/settings', (context) => tellSettings(context, options));
  routes.post('/api/messages', limited, (context) => hear(context, options));
  routes.post('/api/press', limited, (context) => press(context, options));
  routes.post('/api/uploads', (context) => upload(context, options));
  return routes;
}

async function tellState(context: Context, options: ApiOptions): Promise<Response> {
  const { desk, maxUploadBytes, envHint } = options;
  const person = personOf(renewSession(context), context);
  const language = await desk.language(person);
  const styles = await desk.styles(person);
  context.header('Cache-Control', 'no-store');
  return context.json({
    language,
    words: studioWords(language),
    styles: styles.map(({ name, label }) => ({ name, label })),
    limits: { uploads: MAX_UPLOADS, uploadBytes: maxUploadBytes },
    envHint,
  });
}

/** Apart from the state: which models there are is asked of gateways, and nobody waits for those to say something. */
async function tellSettings(context: Context, { desk }: ApiOptions): Promise<Response> {
  const session = readSession(context);
  if (session === undefined) return refuse(context, undefined);
  const person = personOf(session, context);
  const [language, groups] = await Promise.all([desk.language(person), desk.settings(person)]);
  const nameOf = (label: string) =>
    SETTINGS.find((name) => say(language, `settings.${name}`) === label);
  context.header('Cache-Control', 'no-store');
  return context.json(groups.map((group) => ({ name: nameOf(group.label), ...group })));
}

async function hear(context: Context, options: ApiOptions): Promise<Response> {
  const speaker = await speakerOf(context, options);
  const said = SAID.safeParse(await readJson(context)).data;
  if (speaker === undefined || said === undefined) return refuse(context, speaker);
  if (readCommand(said.words).command === 'forget') await clear(speaker, options);
  const { words, uploads, answers } = said;
  const posted = await speaker.chat.post({
    from: 'person',
    ...{ text: words, uploads, description: words },
    ...(answers && { answers: tidy(answers) }),
  });
  await options.desk.hear(toIncomingMessage(said, posted, speaker));
  return context.json({ message: posted.id });
}

/** zod gives what is left out as undefined. */
function tidy({ message, picture }: NonNullable<Said['answers']>) {
  return picture === undefined ? { message } : { message, picture };
}

/** Here, unlike elsewhere, what was posted is ours to delete. */
async function clear({ chat }: Speaker, { uploads }: ApiOptions): Promise<void> {
  for (const message of chat.messages()) {
    await Promise.all(message.uploads.map((id) => uploads.remove(id)));
    await chat.remove(message.id);
  }
}

async function press(context: Context, options: ApiOptions): Promise<Response> {
  const speaker = await speakerOf(context, options);
  const pressed = PRESSED.safeParse(await readJson(context)).data;
  if (speaker === undefined || pressed === undefined) return refuse(context, speaker);
  const { session, person, chat } = speaker;
  const message = pressed.message === undefined ? undefined : chat.find(pressed.message);
  const answer = await options.desk.press({
    id: `${refOf(session, { message: message?.id ?? 0 })}:${crypto.randomUUID()}`,
    button: pressed.button,
    person,
    chat: person.id,
    speaksForChat: async () => false,
    ...targetsOf(session, pressed.button, message),
  });
  if (answer.type !== 'replace') return context.json(answer);
  const { text, buttons } = answer.reply;
  if (message !== undefined) await chat.edit(message.id, { text, buttons }, { kept: true });
  return context.json({ type: 'note', text: '' });
}

async function upload(context: Context, { uploads }: ApiOptions): Promise<Response> {
  const { body } = context.req.raw;
  if (readSession(context) === undefined || body === null) return refuse(context, undefined);
  try {
    // Typed as Node's own stream of any, which it is.
    const id = await uploads.add(Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]));
    return context.json({ id });
  } catch (thrown) {
    if (!(thrown instanceof EaselError)) throw thrown;
    return context.text(`${thrown.code}\n`, thrown.code === 'attachment-too-large' ? 413 : 415);
  }
}

async function speakerOf(context: Context, { chats }: ApiOptions): Promise<Speaker | undefined> {
  const session = readSession(context);
  if (session === undefined) return undefined;
  return { session, person: personOf(session, context), chat: await chats.open(session) };
}

/** Undefined also for a body that says it is something else: those need no leave to cross from page to page. */
async function readJson(context: Context): Promise<unknown> {
  if (!context.req.header('content-type')?.startsWith('application/json')) return undefined;
  return context.req.json().catch(() => undefined);
}

function refuse(context: Context, speaker: Speaker | undefined): Response {
  return speaker === undefined
    ? context.text('No session.\n', 401)
    : context.text('Not understood.\n', 400);
}

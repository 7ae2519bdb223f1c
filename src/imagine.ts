/** `npm run imagine -- "make it night" --image photo.jpg --out night.png`: the core, once, from the shell. */
import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, loadConfig } from './config.ts';
import {
  EaselError,
  EXTENSIONS,
  failureMessage,
  type MediaType,
  readInlineOptions,
} from './core/index.ts';
import { createLogger } from './logger.ts';
import { type Setup, setUp } from './setup.ts';

const USAGE = `npm run imagine -- "<words>" [--image <file>]... [--out <file>] [--ar 16:9] [--size 2K] [--n 2] [--model <id>]
npm run imagine -- --models
`;

await main().catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
});

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      image: { type: 'string', multiple: true, default: [] },
      out: { type: 'string', default: 'picture' },
      ar: { type: 'string' },
      size: { type: 'string' },
      n: { type: 'string' },
      model: { type: 'string' },
      models: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return void process.stdout.write(USAGE);
  const words = positionals.join(' ');
  if (words === '' && !values.models) throw new Error(USAGE);
  const typed = (['ar', 'size', 'n'] as const).filter((name) => values[name] !== undefined);
  await withCore(async (setup, signal) => {
    if (values.models) return printModels(setup, signal);
    const wish = readInlineOptions(
      [words, ...typed.map((name) => `--${name} ${values[name]}`)].join(' '),
    );
    const options = { ...wish.options, ...(values.model && { model: values.model }) };
    const images = await loadImages(setup, values.image, signal);
    const messages = [toMessage(images, wish.prompt)];
    await paint(setup, { messages, options }, values.out, signal);
  });
}

async function withCore(use: (setup: Setup, signal: AbortSignal) => Promise<void>): Promise<void> {
  const config: Config = loadConfig();
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const logger = createLogger({
    level: config.logLevel === 'debug' ? 'debug' : 'error',
    secrets: config.secrets,
    destination: process.stderr,
  });
  const setup = await setUp(config, logger);
  try {
    await use(setup, controller.signal);
  } catch (error) {
    if (!(error instanceof EaselError)) throw error;
    const values = { megabytes: Math.round(config.limits.maxImageBytes / 1024 / 1024) };
    throw new Error(failureMessage(config.language, error, { values }), { cause: error });
  } finally {
    await setup.close();
  }
}

async function printModels({ painter }: Setup, signal: AbortSignal): Promise<void> {
  for (const model of await painter.provider.models(signal)) process.stdout.write(`${model}\n`);
}

function loadImages({ painter }: Setup, files: string[], signal: AbortSignal) {
  return Promise.all(
    files.map(async (file) => {
      try {
        return await painter.normaliser.normalise(await readFile(file), { signal });
      } catch (error) {
        const code = error instanceof EaselError ? error.code : 'attachment-gone';
        throw new EaselError(code, { subject: file, cause: error });
      }
    }),
  );
}

/** The pictures first, as the model's own guide has it for edits, then the words. */
function toMessage(
  images: { data: Uint8Array; mediaType: MediaType }[],
  text: string,
): Wish['messages'][number] {
  const pictures = images.map(({ data, mediaType }) => ({
    type: 'image' as const,
    data,
    mediaType,
  }));
  return { role: 'user', parts: [...pictures, { type: 'text', text }] };
}

type Wish = Parameters<Setup['painter']['generator']['generate']>[0];

async function paint(
  { painter }: Setup,
  wish: Wish,
  out: string,
  signal: AbortSignal,
): Promise<void> {
  const startedAt = Date.now();
  const generation = await painter.generator.generate(wish, {
    signal,
    onEvent: (event) => event.type === 'thought' && process.stderr.write('·'),
  });
  for (const [at, picture] of generation.pictures.entries()) {
    const file = fileName(out, at, `.${EXTENSIONS[picture.mediaType]}`);
    await writeFile(file, await readFile(picture.path));
    const size = `${picture.width}×${picture.height}, ${Math.round(picture.bytes / 1024)} kB`;
    process.stdout.write(`${file}  ${size}\n`);
  }
  if (generation.text !== '') process.stdout.write(`${generation.text}\n`);
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`${generation.provider}, ${generation.model}, ${seconds} s\n`);
}

/** `night.png`, `night-2.png`; a name without an ending gets the picture's own. */
function fileName(out: string, at: number, extension: string): string {
  const ending = extname(out);
  const stem = ending === '' ? out : out.slice(0, -ending.length);
  return `${stem}${at === 0 ? '' : `-${at + 1}`}${ending || extension}`;
}

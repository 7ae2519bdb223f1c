import { readFailure } from './failures.ts';
import { measurePicture, paint, paintDraft } from './paint/paint.ts';
import type { Ask, Content, Endpoint, EndpointInput, Painted, Reply } from './types.ts';

/** Reads an ask, paints what it wants, and frames the answer. @throws BadAsk */
export async function answerAsk(
  endpoint: Endpoint,
  input: EndpointInput,
  { publish }: { publish: (picture: Painted) => string },
): Promise<Reply> {
  const ask = endpoint.read(input);
  const failure = readFailure(ask.prompt, endpoint);
  if (failure.reply !== undefined) return failure.reply;
  const content = failure.content ?? (await createContent(endpoint, ask));
  const links = ask.links ? { links: content.pictures.map(publish) } : {};
  const reply = endpoint.render({ ...content, ...links }, ask);
  return failure.spoil?.(reply, content) ?? reply;
}

function createContent(endpoint: Endpoint, ask: Ask): Promise<Content> {
  return ask.wordsOnly ? describePictures(ask) : paintPictures(endpoint, ask);
}

async function paintPictures({ mediaType, drafts }: Endpoint, ask: Ask): Promise<Content> {
  const pictures: Painted[] = [];
  for (let variation = 0; variation < ask.count; variation++) {
    pictures.push(await paint(ask, { mediaType, variation }));
  }
  const [first] = pictures;
  const draft = drafts && first !== undefined ? { draft: await paintDraft(first) } : {};
  return { pictures, ...draft, finish: 'stop', painted: true };
}

/** Says what can be known without eyes. */
async function describePictures({ pictures }: Ask): Promise<Content> {
  const sizes = await Promise.all(pictures.map(measurePicture));
  const sentences = sizes.map(
    ({ width, height, format }) => `I see a picture of ${width} × ${height} pixels (${format}).`,
  );
  const words = sentences.join(' ') || 'I see no picture here.';
  return { pictures: [], words, finish: 'stop', painted: false };
}

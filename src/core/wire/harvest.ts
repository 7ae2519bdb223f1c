/**
 * Takes everything worth having out of one JSON value, wherever a gateway put it (docs/quirks.md). The value's
 * long base64 strings are tokens by now. Nothing here trusts a type, and nothing recurses deeper than the shapes below.
 */
import { type Fields, isFields, listOf, numberOf, own, stringOf } from './json.ts';
import type { PictureRank } from './types.ts';

/** Where the findings go. `value` may be a string, an object or nonsense: `picture-value.ts` reads it. */
export interface Harvest {
  text(choice: number, text: string): void;
  thought(text: string): void;
  picture(rank: PictureRank, value: unknown, signature?: unknown): void;
  nativeText(text: string, signature: unknown): void;
  source(url: string, title: string | undefined): void;
  usage(usage: Fields): void;
  finish(reason: string, message?: string): void;
  task(id: string): void;
}

/** Reads one event or body; `event` is its SSE name. */
export function harvest(value: unknown, out: Harvest, event?: string): void {
  for (const item of Array.isArray(value) ? value : [value]) {
    if (typeof item === 'string') out.text(0, item);
    else if (isFields(item) && !harvestFields(item, out, event)) harvestUnknown(item, out, event);
  }
}

/** Relays wrap answers one level deep. */
function harvestUnknown(fields: Fields, out: Harvest, event: string | undefined): void {
  for (const name of ['data', 'response', 'body', 'result', 'output']) {
    const inner = own(fields, name);
    if (isFields(inner) && harvestFields(inner, out, event)) return;
  }
  harvestLoose(fields, out);
}

function harvestFields(fields: Fields, out: Harvest, event: string | undefined): boolean {
  harvestCommon(fields, out);
  let known = false;
  for (const reader of READERS) known = reader(fields, out, event) || known;
  return known;
}

const READERS = [readCandidates, readChoices, readTyped, readLists, readOutput];

function harvestCommon(fields: Fields, out: Harvest): void {
  const usage = own(fields, 'usage', 'usageMetadata', 'usage_metadata');
  if (isFields(usage)) out.usage(usage);
  readGrounding(own(fields, 'groundingMetadata', 'grounding_metadata'), out);
  const feedback = own(fields, 'promptFeedback', 'prompt_feedback');
  if (!isFields(feedback)) return;
  const reason = stringOf(own(feedback, 'blockReason', 'block_reason'));
  if (reason === undefined) return;
  out.finish(reason, stringOf(own(feedback, 'blockReasonMessage', 'block_reason_message')));
}

function readGrounding(grounding: unknown, out: Harvest): void {
  if (!isFields(grounding)) return;
  for (const chunk of listOf(own(grounding, 'groundingChunks', 'grounding_chunks'))) {
    const web = isFields(chunk) ? own(chunk, 'web', 'image', 'retrievedContext') : undefined;
    if (!isFields(web)) continue;
    const url = stringOf(own(web, 'uri', 'url'));
    if (url !== undefined) out.source(url, stringOf(own(web, 'title')));
  }
}

/* Gemini's own format, in both spellings (Q18). */

function readCandidates(fields: Fields, out: Harvest): boolean {
  const candidates = own(fields, 'candidates');
  if (candidates === undefined)
    return own(fields, 'promptFeedback', 'prompt_feedback') !== undefined;
  for (const [at, candidate] of listOf(candidates).entries()) {
    if (isFields(candidate)) readCandidate(candidate, numberOf(own(candidate, 'index')) ?? at, out);
  }
  return true;
}

function readCandidate(candidate: Fields, index: number, out: Harvest): void {
  const content = own(candidate, 'content');
  const parts = isFields(content) ? own(content, 'parts') : content;
  for (const part of listOf(parts)) if (isFields(part)) readPart(part, index, out);
  readGrounding(own(candidate, 'groundingMetadata', 'grounding_metadata'), out);
  const reason = stringOf(own(candidate, 'finishReason', 'finish_reason'));
  const message = stringOf(own(candidate, 'finishMessage', 'finish_message'));
  if (reason !== undefined) out.finish(reason, message);
}

function readPart(part: Fields, index: number, out: Harvest): void {
  const thought = own(part, 'thought') === true;
  const signature = own(part, 'thoughtSignature', 'thought_signature');
  const text = stringOf(own(part, 'text'));
  const inline = own(part, 'inlineData', 'inline_data', 'fileData', 'file_data');
  if (text !== undefined && thought) out.thought(text);
  else if (text !== undefined) {
    out.text(index, text);
    out.nativeText(text, inline === undefined ? signature : undefined);
  } else if (signature !== undefined && inline === undefined) out.nativeText('', signature);
  if (inline !== undefined) out.picture(thought ? 'draft' : 'final', inline, signature);
}

/* OpenAI's chat format and what relays make of it. */

function readChoices(fields: Fields, out: Harvest): boolean {
  const choices = own(fields, 'choices');
  if (!Array.isArray(choices)) return false;
  for (const [at, choice] of choices.entries()) if (isFields(choice)) readChoice(choice, at, out);
  return true;
}

function readChoice(choice: Fields, at: number, out: Harvest): void {
  const index = numberOf(own(choice, 'index')) ?? at;
  for (const name of ['message', 'delta']) {
    const message = own(choice, name);
    if (isFields(message)) readMessage(message, index, out);
  }
  readContent(own(choice, 'text'), index, out);
  const reason =
    stringOf(own(choice, 'native_finish_reason')) ?? stringOf(own(choice, 'finish_reason'));
  if (reason !== undefined) out.finish(reason);
}

function readMessage(message: Fields, index: number, out: Harvest): void {
  const reasoning = own(message, 'reasoning_content', 'reasoning');
  if (typeof reasoning === 'string') out.thought(reasoning);
  readContent(own(message, 'content'), index, out);
  readContent(own(message, 'refusal'), index, out);
  for (const name of ['images', 'image', 'multi_mod_content']) {
    const pictures = own(message, name);
    for (const picture of Array.isArray(pictures) ? pictures : [pictures]) {
      if (picture !== undefined) out.picture('final', picture);
    }
  }
  for (const note of listOf(own(message, 'annotations'))) readAnnotation(note, out);
}

function readAnnotation(note: unknown, out: Harvest): void {
  const citation = isFields(note) ? own(note, 'url_citation') : undefined;
  const url = isFields(citation) ? stringOf(own(citation, 'url')) : undefined;
  if (isFields(citation) && url !== undefined) out.source(url, stringOf(own(citation, 'title')));
}

/** A string, a part, or a list of parts (Q6, Q7). */
function readContent(content: unknown, choice: number, out: Harvest): void {
  for (const part of Array.isArray(content) ? content : [content]) {
    if (typeof part === 'string') out.text(choice, part);
    else if (isFields(part)) readContentPart(part, choice, out);
  }
}

function readContentPart(part: Fields, choice: number, out: Harvest): void {
  if (own(part, 'thought') === true || own(part, 'type') === 'thinking') {
    const thought = own(part, 'text', 'thinking');
    if (typeof thought === 'string') out.thought(thought);
    return;
  }
  const text = own(part, 'text');
  if (typeof text === 'string') out.text(choice, text);
  else if (isFields(text)) readContent(own(text, 'text', 'value'), choice, out);
  else out.picture('final', part);
}

/* Events that say what they are: the Images and Responses APIs (Q37, G11, G12). */

function readTyped(fields: Fields, out: Harvest, event: string | undefined): boolean {
  const type = stringOf(own(fields, 'type')) ?? event ?? '';
  if (/partial_image$/.test(type)) {
    out.picture('draft', own(fields, 'b64_json', 'partial_image_b64'));
    return true;
  }
  if (/^image_(?:generation|edit)\.completed$/.test(type)) {
    out.picture('final', own(fields, 'b64_json', 'url'));
    return true;
  }
  if (type === 'response.output_text.delta') {
    const delta = stringOf(own(fields, 'delta'));
    if (delta !== undefined) out.text(0, delta);
    return true;
  }
  if (type === 'response.output_item.done') return readItem(own(fields, 'item'), out);
  const response = own(fields, 'response');
  if (!type.startsWith('response.') || !isFields(response)) return type.startsWith('response.');
  harvestCommon(response, out);
  return type !== 'response.completed' || readOutput(response, out) || true;
}

function readOutput(fields: Fields, out: Harvest): boolean {
  const output = own(fields, 'output');
  if (!Array.isArray(output)) return false;
  for (const item of output) {
    if (typeof item === 'string') out.picture('final', item);
    else readItem(item, out);
  }
  return true;
}

function readItem(item: unknown, out: Harvest): boolean {
  if (!isFields(item)) return true;
  if (own(item, 'type') === 'image_generation_call') out.picture('final', own(item, 'result'));
  else if (own(item, 'content') !== undefined) readContent(own(item, 'content'), 0, out);
  else out.picture('final', item);
  return true;
}

/* Plain lists of pictures (Q23). */

function readLists(fields: Fields, out: Harvest): boolean {
  let found = false;
  for (const name of ['data', 'images', 'image_urls', 'predictions', 'results']) {
    const list = own(fields, name);
    if (!Array.isArray(list)) continue;
    found = true;
    for (const item of list) readListItem(item, out);
  }
  return found;
}

function readListItem(item: unknown, out: Harvest): void {
  out.picture('final', item);
  if (!isFields(item)) return;
  const filtered = stringOf(own(item, 'raiFilteredReason'));
  if (filtered !== undefined) out.finish('SAFETY', filtered);
  readTask(item, out);
}

/* Nothing known matched. */

function harvestLoose(fields: Fields, out: Harvest): void {
  readTask(fields, out);
  for (const name of ['image', 'image_url', 'b64_json', 'url']) {
    const value = own(fields, name);
    if (value !== undefined) out.picture('final', value);
  }
  for (const name of ['content', 'text', 'output', 'result', 'message']) {
    const value = own(fields, name);
    if (value === undefined) continue;
    readContent(value, 0, out);
    break;
  }
}

function readTask(fields: Fields, out: Harvest): void {
  const id = stringOf(own(fields, 'task_id', 'taskId', 'id'));
  const status = stringOf(own(fields, 'status', 'task_status', 'state'));
  if (id === undefined || status === undefined) return;
  if (/^(?:queued|pending|submitted|processing|in_progress|running|created)$/i.test(status))
    out.task(id);
}

/** The form that asks for the words to change pictures with. */
import type {
  APIComponentInLabel,
  APILabelComponent,
  APIModalInteractionResponseCallbackData,
  APIModalSubmitInteraction,
} from 'discord.js';
import { type Attachment, type Language, type Style, say } from '../core/index.ts';
import { FILE_UPLOAD, LABEL, SELECT, TEXT_INPUT } from './api.ts';
import { uploadsOf } from './pictures.ts';
import { truncate } from './text.ts';

/** What a form is about: a turn, or a message of the channel; written on the form in at most 100 characters. */
export type FormSubject = { turn: string } | { channelId: string; messageId: string };

export interface FormInput {
  words: string;
  attachments: Attachment[];
  style?: string;
}

const LABEL_UNITS = 45;
const MAX_WORDS = 4000;
const MAX_FILES = 4;
const MAX_STYLES = 25;
const STYLE_UNITS = 100;
/** A text input of several lines. */
const PARAGRAPH = 2;

function formId(subject: FormSubject): string {
  return 'turn' in subject
    ? `turn:${subject.turn}`
    : `message:${subject.channelId}:${subject.messageId}`;
}

export function readFormId(id: string): FormSubject | undefined {
  const [kind, first = '', second = ''] = id.split(':');
  if (kind === 'turn' && first !== '') return { turn: first };
  return kind === 'message' ? { channelId: first, messageId: second } : undefined;
}

/** Words, a style, and up to four pictures; where there are styles, the words may be left out. */
export function editForm(
  subject: FormSubject,
  { language, styles }: { language: Language; styles: Style[] },
): APIModalInteractionResponseCallbackData {
  const words = labelled(say(language, 'discord.form.words'), {
    type: TEXT_INPUT,
    custom_id: 'words',
    style: PARAGRAPH,
    max_length: MAX_WORDS,
    required: styles.length === 0,
  });
  return {
    custom_id: formId(subject),
    title: say(language, 'discord.form.title'),
    components: [
      words,
      ...(styles.length === 0 ? [] : [styleField(language, styles)]),
      filesField(language),
    ],
  };
}

function styleField(language: Language, styles: Style[]): APILabelComponent {
  return labelled(say(language, 'discord.form.style'), {
    type: SELECT,
    custom_id: 'style',
    required: false,
    options: styles
      .slice(0, MAX_STYLES)
      .map(({ name, label }) => ({ value: name, label: truncate(label, STYLE_UNITS) })),
  });
}

function filesField(language: Language): APILabelComponent {
  return labelled(say(language, 'discord.form.files'), {
    type: FILE_UPLOAD,
    custom_id: 'files',
    required: false,
    min_values: 0,
    max_values: MAX_FILES,
    file_types: ['image'],
  });
}

function labelled(label: string, component: APIComponentInLabel): APILabelComponent {
  return { type: LABEL, label: truncate(label, LABEL_UNITS), component };
}

export function readForm({ data }: APIModalSubmitInteraction): FormInput {
  const fields = data.components.flatMap((part) => ('component' in part ? [part.component] : []));
  const texts = fields.flatMap((field) => ('value' in field ? [String(field.value)] : []));
  const lists = fields.flatMap((field) => ('values' in field ? [field] : []));
  const chosen = (id: string) => lists.find(({ custom_id }) => custom_id === id)?.values ?? [];
  const uploads = data.resolved?.attachments ?? {};
  const files = chosen('files').flatMap((id) => uploads[id] ?? []);
  const [style] = chosen('style');
  return {
    words: (texts[0] ?? '').trim(),
    attachments: uploadsOf(files),
    ...(style !== undefined && { style }),
  };
}

/** Everything that is measured side by side. */
import { MEMORY_BYTES } from '../../../src/core/create-painter.ts';
import { drainFetch, drainHttp } from './drain.ts';
import { loadEasel } from './easel.ts';
import { eventsourceParser } from './eventsource.ts';
import { loadGenAi } from './genai.ts';
import { loadOpenAi } from './openai.ts';
import { loadOpenRouter } from './openrouter.ts';
import { ALL_FORMATS, CHAT_FORMATS, type Peer } from './peer.ts';

export const peers = {
  'drain-http': {
    title: '`node:http`, drained',
    formats: ALL_FORMATS,
    decodes: false,
    load: async () => drainHttp,
  },
  'drain-fetch': {
    title: '`fetch`, drained',
    formats: ALL_FORMATS,
    decodes: false,
    load: async () => drainFetch,
  },
  easel: {
    title: '**Easel**',
    formats: ALL_FORMATS,
    decodes: true,
    load: () => loadEasel({ memoryBytes: MEMORY_BYTES }),
  },
  'easel-file': {
    title: '**Easel**, all to a file',
    formats: ALL_FORMATS,
    decodes: true,
    load: () => loadEasel({ memoryBytes: 0 }),
  },
  'eventsource-parser': {
    title: '`eventsource-parser`',
    formats: ALL_FORMATS,
    decodes: true,
    load: async () => eventsourceParser,
  },
  openai: { title: '`openai`', formats: CHAT_FORMATS, decodes: true, load: loadOpenAi },
  openrouter: {
    title: '`ai`, `@openrouter/ai-sdk-provider`',
    formats: CHAT_FORMATS,
    decodes: true,
    load: loadOpenRouter,
  },
  genai: {
    title: '`@google/genai`',
    formats: ['d'],
    decodes: true,
    load: loadGenAi,
  },
} satisfies Record<string, Peer>;

export type PeerName = keyof typeof peers;

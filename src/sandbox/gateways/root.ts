import { openRouterProblem } from '../problems.ts';
import type { Gateway } from '../types.ts';
import { googleNative } from './google.ts';
import { openRouterChat } from './openrouter.ts';

/** The address without a prefix, for a provider that knows no gateway by name. */
export const root: Gateway = {
  prefix: '',
  endpoints: { '/v1/chat/completions': openRouterChat, native: googleNative },
  models: ['gemini-3-pro-image-preview', 'gemini-2.5-flash-image'],
  problem: openRouterProblem,
};

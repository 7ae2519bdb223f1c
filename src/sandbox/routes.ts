import { google } from './gateways/google.ts';
import { newapi } from './gateways/newapi.ts';
import { ohmygpt } from './gateways/ohmygpt.ts';
import { openai } from './gateways/openai.ts';
import { openaiNext } from './gateways/openai-next.ts';
import { openrouter } from './gateways/openrouter.ts';
import { root } from './gateways/root.ts';
import { xiaotian } from './gateways/xiaotian.ts';
import { yisu } from './gateways/yisu.ts';
import type { Endpoint, Gateway } from './types.ts';

/** The root is last: its empty prefix fits every path. */
const GATEWAYS: readonly Gateway[] = [
  ohmygpt,
  xiaotian,
  newapi,
  openaiNext,
  yisu,
  google,
  openrouter,
  openai,
  root,
];

/** Where a request goes. */
export type Route = { gateway: Gateway } & (
  | { type: 'endpoint'; endpoint: Endpoint; model?: string; stream: boolean }
  | { type: 'models'; native: boolean }
  | { type: 'none' }
);

/** The gateway that owns the path, and what it has there; a known path with the wrong method is `none`. */
export function findRoute(method: string, path: string): Route {
  const gateway = GATEWAYS.find(({ prefix }) => path.startsWith(`${prefix}/`)) ?? root;
  const rest = path.slice(gateway.prefix.length);
  if (method === 'GET' && (rest === '/v1/models' || rest === '/v1beta/models')) {
    return { gateway, type: 'models', native: rest === '/v1beta/models' };
  }
  if (method !== 'POST') return { gateway, type: 'none' };
  const native = /^\/v1beta\/models\/([^/:]+):(generateContent|streamGenerateContent)$/.exec(rest);
  const endpoint = gateway.endpoints[native === null ? rest : 'native'];
  if (endpoint === undefined) return { gateway, type: 'none' };
  const [, model, verb] = native ?? [];
  const stream = verb === 'streamGenerateContent';
  return { gateway, type: 'endpoint', endpoint, stream, ...(model === undefined ? {} : { model }) };
}

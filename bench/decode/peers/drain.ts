/** The references: clients that throw away what they receive. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import type { Decode, Target } from './peer.ts';

/** A bare request for the answer of `target`. */
export async function openHttp({ baseUrl }: Target): Promise<IncomingMessage> {
  const sent = request(baseUrl, { method: 'POST', agent: false });
  sent.end();
  const [response]: [IncomingMessage] = await onceResponse(sent);
  return response;
}

async function onceResponse(sent: ReturnType<typeof request>): Promise<[IncomingMessage]> {
  const [response] = await once(sent, 'response');
  return [response];
}

export const drainHttp: Decode = async (target) => {
  const response = await openHttp(target);
  response.on('data', () => {});
  await once(response, 'end');
  return [];
};

export const drainFetch: Decode = async ({ baseUrl }) => {
  const response = await fetch(baseUrl, { method: 'POST' });
  for await (const _chunk of response.body ?? []);
  return [];
};

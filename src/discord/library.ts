/** discord.js, loaded when Discord is first used, with gateway sockets that leave through the operator's proxy. */
import { createRequire } from 'node:module';
import { GatewaySocket } from './gateway-socket.ts';

export type Library = typeof import('discord.js');

/**
 * discord.js 14 has no proxy for its gateway and takes no socket from outside: `@discordjs/ws` reads `WebSocket` from
 * the package `ws` once, while it is loaded. So ours stands there for that moment only. For the same reason no other
 * file here imports a value of discord.js, types alone.
 */
export function loadLibrary(): Library {
  const load = createRequire(import.meta.url);
  const loadBeside = createRequire(
    createRequire(load.resolve('discord.js')).resolve('@discordjs/ws'),
  );
  const ws: { WebSocket: unknown } = loadBeside('ws');
  const original = ws.WebSocket;
  ws.WebSocket = GatewaySocket;
  try {
    return load('discord.js');
  } finally {
    ws.WebSocket = original;
  }
}

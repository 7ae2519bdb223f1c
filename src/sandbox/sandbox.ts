import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createFiles } from './files.ts';
import { handleRequest, type JournalEntry } from './handle.ts';
import { sendReply } from './send.ts';

export type { JournalEntry } from './handle.ts';

export interface SandboxOptions {
  /** @default '127.0.0.1' */
  host?: string;
  /** 0 picks a free one. @default 0 */
  port?: number;
  /** Told of every request once its body has arrived, before it is answered. */
  journal?: (entry: JournalEntry) => void;
  /** Pause before each piece of an answer, so that progress can be seen. @default 0 */
  delayMs?: number;
}

export interface Sandbox {
  /** `http://host:port`, without a slash at the end. */
  origin: string;
  /** Breaks off what is still being answered. */
  close(): Promise<void>;
}

/**
 * Starts a gateway that speaks every dialect Easel knows and really paints, with sharp, on this machine: the root as
 * OpenRouter and Google, and each known gateway under its own prefix (`routes.ts`). Any key is a good key.
 * Words in the prompt decide the picture (`paint/wishes.ts`) and, as `fail:<name>`, failures (`failures.ts`).
 * Pictures must come inline; links are never fetched. A body may have 64 MiB.
 */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { host = '127.0.0.1', port = 0, journal = () => {}, delayMs = 0 } = options;
  const files = createFiles();
  const server = createServer((request, response) => {
    const handling = handleRequest(request, { files, journal, origin: readOrigin(server) });
    handling
      .then((reply) => sendReply(response, reply, { delayMs }))
      // A client that left in mid-sentence, or a fault of ours: either way a broken connection says it all.
      .catch(() => response.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { origin: readOrigin(server), close: () => closeServer(server) };
}

function readOrigin(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('The sandbox is not listening.');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** The socket that discord.js talks to the gateway by: undici's, so that it takes the operator's proxy. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { WebSocket } from 'undici';
import type { Network } from '../core/index.ts';

/** How the sockets of one adapter leave the machine. */
export interface Exit {
  network: Network;
  /** No socket is opened any more: discord.js may still try half a second after it was destroyed. */
  isClosed: boolean;
  /** Connections in a row that brought nothing. */
  failures: number;
}

/** Which adapter a socket belongs to: discord.js makes them itself and hands nothing over but the address. */
const exits = new AsyncLocalStorage<Exit>();

/** Every socket that discord.js opens in consequence of `run`, now or later, takes this exit. */
export function throughExit<T>(exit: Exit, run: () => T): T {
  return exits.run(exit, run);
}

/** discord.js waits half a second by itself; the sum stays below 5 s, within which the bot has to be back (R36). */
const PAUSES_MS = [0, 0, 500, 1500, 4000];
/** A peer that is gone answers no close frame; discord.js would wait for it for good. */
const CLOSE_TIMEOUT_MS = 5000;
/** `CloseEvent.code` of a connection that broke. */
const BROKEN = 1006;

/** The part of the standard's WebSocket that discord.js uses. It reports no errors: a close follows each of them. */
export class GatewaySocket {
  binaryType = 'arraybuffer';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: unknown = null;
  #socket: WebSocket | undefined;
  readonly #url: string;
  readonly #exit: Exit;
  /** Sockets of a pool may live in the context of another adapter; what they report must not. */
  readonly #inContext = AsyncLocalStorage.snapshot();

  constructor(url: string) {
    const exit = exits.getStore();
    if (exit === undefined) throw new Error('a gateway socket without an adapter');
    this.#url = url;
    this.#exit = exit;
    const pauseMs = PAUSES_MS[Math.min(exit.failures, PAUSES_MS.length - 1)];
    exit.failures += 1;
    setTimeout(() => this.#open(), pauseMs);
  }

  get readyState(): number {
    return this.#socket?.readyState ?? 0;
  }

  send(data: string): void {
    this.#socket?.send(data);
  }

  close(code: number, reason?: string): void {
    this.#socket?.close(code, reason);
    setTimeout(() => this.#closed(code), CLOSE_TIMEOUT_MS).unref();
  }

  #open(): void {
    // discord.js lets go of a socket that is not open yet by taking its listeners off.
    if (this.#exit.isClosed || this.onmessage === null) return;
    const url = new URL(this.#url);
    const target = new URL(url.href.replace(/^ws/, 'http'));
    const socket = new WebSocket(url, { dispatcher: this.#exit.network.shared(target) });
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#inContext(() => this.#opened());
    socket.onmessage = ({ data }) => this.#inContext(() => this.#heard(data));
    socket.onclose = ({ code }) => this.#inContext(() => this.#closed(code));
    this.#socket = socket;
  }

  #opened(): void {
    if (this.#exit.isClosed || this.onmessage === null) this.#socket?.close();
    else this.onopen?.();
  }

  #heard(data: unknown): void {
    this.#exit.failures = 0;
    this.onmessage?.({ data });
  }

  /** Once. */
  #closed(code: number): void {
    const tell = this.onclose;
    this.onclose = null;
    tell?.({ code: code || BROKEN });
  }
}

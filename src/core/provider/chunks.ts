/** The chunks of a stream, one by one. */
import { finished, type Readable } from 'node:stream';

/**
 * Chunks as they arrive, pulled: while one is in work, the stream is paused. A stream's own iterator copies what has
 * piled up into one, which costs as much as all the decoding behind it (bench/decode). Leaving early destroys `body`.
 */
export async function* chunksOf(body: Readable): AsyncGenerator<Uint8Array> {
  const arrived: Uint8Array[] = [];
  let failure: Error | null | undefined;
  let over = false;
  let wake = () => {};
  // Its listeners stay: destroying a body that is not at its end makes undici emit an error.
  finished(body, { writable: false }, (error) => {
    failure = error;
    over = true;
    wake();
  });
  const take = (chunk: Uint8Array) => {
    arrived.push(chunk);
    body.pause();
    wake();
  };
  body.on('data', take);
  try {
    for (;;) {
      const chunk = arrived.shift();
      if (chunk !== undefined) yield chunk;
      else if (over) break;
      else {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        body.resume();
        await woken;
      }
    }
    if (failure) throw failure;
  } finally {
    body.off('data', take);
    body.destroy();
  }
}

/** What a connection that failed says of itself. */

/** undici and system codes of a connection that never stood, so that nothing can have arrived. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Of the error or its causes; texts are left alone, since they can hold addresses with tokens. */
export function networkCode(error: unknown): string | undefined {
  let inner = error;
  while (inner instanceof Error) {
    if ('code' in inner && typeof inner.code === 'string') return inner.code;
    inner = inner.cause;
  }
  return undefined;
}

/** Whether a failure of this code happened before anything was sent. */
export function isUnsent(code: string | undefined): boolean {
  return code !== undefined && UNSENT.has(code);
}

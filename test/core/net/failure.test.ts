import { expect, it } from 'vitest';
import { isUnsent, networkCode } from '../../../src/core/net/failure.ts';

const coded = (code: unknown, cause?: unknown) =>
  Object.assign(new Error('https://api.example/canary', { cause }), code !== undefined && { code });

it.each([
  ['its own code', coded('ECONNREFUSED'), 'ECONNREFUSED', true],
  [
    "a cause's code",
    coded(undefined, coded('UND_ERR_CONNECT_TIMEOUT')),
    'UND_ERR_CONNECT_TIMEOUT',
    true,
  ],
  [
    'the outermost of several',
    coded('UND_ERR_SOCKET', coded('ECONNREFUSED')),
    'UND_ERR_SOCKET',
    false,
  ],
  ['no number', coded(50_013), undefined, false],
  ['nothing of what is no error', 'ECONNREFUSED', undefined, false],
])('gives %s', (_name, error, code, unsent) => {
  expect(networkCode(error)).toBe(code);
  expect(isUnsent(networkCode(error))).toBe(unsent);
});

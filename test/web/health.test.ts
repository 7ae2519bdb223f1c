import { afterEach, describe, expect, it, vi } from 'vitest';
import type { PlatformReport } from '../../src/core/index.ts';
import { type HealthOptions, healthRoutes } from '../../src/web/health.ts';
import { startWebServer } from '../../src/web/server.ts';
import { createLog } from '../core/watch/facts.ts';

afterEach(() => {
  vi.useRealTimers();
});

const platform = (name: string, state: PlatformReport['state']) => ({ name, state, since: 1 });

async function ask(parts: Partial<HealthOptions>, method = 'GET') {
  const routes = healthRoutes({ askStore: async () => undefined, platforms: () => [], ...parts });
  const response = await routes.request('/readyz', { method });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('/readyz', () => {
  it.each<[string, Partial<HealthOptions>, number, string]>([
    ['all is well', { platforms: () => [platform('a', 'connected')] }, 200, 'ready'],
    ['there is no platform', {}, 200, 'ready'],
    [
      'one platform is out of reach',
      { platforms: () => [platform('a', 'connected'), platform('b', 'connecting')] },
      503,
      'b: not connected\n',
    ],
    [
      'nothing works',
      {
        platforms: () => [platform('a', 'connecting'), platform('b', 'connecting')],
        askStore: () => Promise.reject(new Error('redis://:canary@10.0.0.1 is gone')),
      },
      503,
      'a: not connected\nb: not connected\nstore: does not answer\n',
    ],
  ])('when %s', async (_name, parts, status, text) => {
    const answer = await ask(parts);
    expect([answer.status, answer.text]).toEqual([status, text]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('does not wait long for a store that says nothing', async () => {
    vi.useFakeTimers();
    const asked = ask({ askStore: () => new Promise(() => {}) });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await asked).toMatchObject({ status: 503, text: 'store: does not answer\n' });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('what only tells', () => {
  it.each(['/healthz', '/readyz'])(
    '%s answers GET and HEAD from anywhere, and no more',
    async (path) => {
      const { logger } = createLog();
      const routes = [healthRoutes({ askStore: async () => undefined, platforms: () => [] })];
      const server = await startWebServer({ host: '127.0.0.1', port: 0, routes, logger });
      const url = `http://127.0.0.1:${server.port}${path}`;
      const seen = await Promise.all(
        ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'].map(async (method) => {
          const headers = { via: 'proxy', origin: 'https://elsewhere.example' };
          const response = await fetch(url, { method, headers });
          await response.text();
          return [method, response.status, response.headers.get('allow')];
        }),
      );
      await server.close();
      const refused = ['POST', 'PUT', 'DELETE', 'OPTIONS'].map((method) => [
        method,
        405,
        'GET, HEAD',
      ]);
      expect(seen).toEqual([['GET', 200, null], ['HEAD', 200, null], ...refused]);
    },
  );
});

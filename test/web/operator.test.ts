import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language } from '../../src/core/index.ts';
import { createGate } from '../../src/web/gate.ts';
import { createOperator } from '../../src/web/operator.ts';
import { busyReport } from './operator-setup.ts';

const LOCAL = { host: '127.0.0.1:8787' };
const OWN = { ...LOCAL, 'sec-fetch-site': 'same-origin' };
const CANCEL = '/operator/jobs/AAAAAAAAAAA2/cancel';

function setUp(language: Language = 'en') {
  const stopped: string[] = [];
  let asked = 0;
  const operator = createOperator({
    report: () => {
      asked += 1;
      return busyReport();
    },
    async stopJob(id) {
      stopped.push(id);
      return id === 'AAAAAAAAAAA2';
    },
    gate: createGate({ host: '127.0.0.1', isPublished: false }),
    language,
  });
  const app = new Hono().route('/', operator.routes);
  const ask = (path: string, headers: Record<string, string> = LOCAL, method = 'GET') =>
    app.request(path, { method, headers });
  return { ask, stopped, asked: () => asked };
}

describe('the operator’s routes', () => {
  it.each([
    ['/operator', 'GET'],
    ['/operator/words', 'GET'],
    ['/operator/report', 'GET'],
    ['/operator/report', 'HEAD'],
    [CANCEL, 'POST'],
  ])('%s is behind the gate (%s)', async (path, method) => {
    const { ask, stopped, asked } = setUp();
    const strange = { ...OWN, host: 'rebound.example' };
    const response = await ask(path, strange, method);
    expect(response.status).toBe(403);
    expect(await response.text()).not.toContain('ohmygpt');
    expect([stopped, asked()]).toEqual([[], 0]);
    expect((await ask(path, OWN, method)).status).toBe(200);
  });

  it('serve the page, as strict as the studio', async () => {
    const response = await setUp().ask('/operator');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const etag = response.headers.get('etag') ?? '';
    const again = await setUp().ask('/operator', { ...LOCAL, 'if-none-match': etag });
    expect(again.status).toBe(304);
  });

  it('tell the report as it is now, which nobody keeps', async () => {
    const { ask, asked } = setUp();
    const response = await ask('/operator/report');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await response.json()).toEqual(busyReport());
    await ask('/operator/report');
    expect(asked()).toBe(2);
  });

  it('answer HEAD without a body', async () => {
    const response = await setUp().ask('/operator/report', LOCAL, 'HEAD');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it.each([
    ['AAAAAAAAAAA2', true],
    ['gone', false],
  ])('stop the job %s: %s', async (id, isStopped) => {
    const { ask, stopped } = setUp();
    const response = await ask(`/operator/jobs/${id}/cancel`, OWN, 'POST');
    expect(await response.json()).toEqual({ isStopped });
    expect(stopped).toEqual([id]);
  });

  it.each([
    ['POST', { ...LOCAL, 'sec-fetch-site': 'cross-site' }, 403],
    ['POST', { ...LOCAL, origin: 'http://elsewhere.example' }, 403],
    ['POST', LOCAL, 403],
    ['GET', OWN, 404],
  ])('stop nothing for %s with %j', async (method, headers, status) => {
    const { ask, stopped } = setUp();
    expect((await ask(CANCEL, headers, method)).status).toBe(status);
    expect(stopped).toEqual([]);
  });

  it.each([
    ['ja,en;q=0.8', 'en', 'ja'],
    ['zh-CN', 'en', 'zh'],
    ['fr-FR,fr', 'ja', 'ja'],
    [undefined, 'zh', 'zh'],
  ] as const)('speak %s, else %s: %s', async (asked, fallback, spoken) => {
    const { ask } = setUp(fallback);
    const headers = asked === undefined ? LOCAL : { ...LOCAL, 'accept-language': asked };
    const response = await ask('/operator/words', headers);
    expect(await response.json()).toMatchObject({ language: spoken });
    expect(LANGUAGES).toContain(spoken);
  });
});

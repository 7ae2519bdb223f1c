import { describe, expect, it } from 'vitest';
import { createWatch } from '../../src/core/index.ts';
import { createMemoryStore } from '../../src/core/store/memory-store.ts';
import { makeReport } from '../../src/core/watch/make-report.ts';
import { metricsRoutes } from '../../src/web/metrics.ts';
import { createLog, endOf, tryOf } from '../core/watch/facts.ts';

async function start() {
  const watch = await createWatch({
    store: createMemoryStore(),
    prices: { '*': 0.25 },
    logger: createLog().logger,
  });
  const report = () =>
    makeReport({
      figures: watch,
      platforms: [
        { name: 'fake', state: 'connected', since: 1 },
        { name: 'other', state: 'connecting', since: 1 },
      ],
      gateways: [],
      jobs: [
        { id: 'a', platform: 'fake', phase: 'painting', kind: 'picture', acceptedAt: 1 },
        { id: 'b', platform: 'fake', phase: 'waiting', kind: 'picture', acceptedAt: 2 },
        { id: 'c', platform: 'fake', phase: 'waiting', kind: 'picture', acceptedAt: 3 },
      ],
    });
  const routes = metricsRoutes({ report, totals: watch.totals });
  const scrape = async () => (await routes.request('/metrics')).text();
  return { watch, routes, scrape };
}

/** The samples of one metric: its lines without the name. */
function samples(text: string, name: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith(name));
  return lines.map((line) => line.slice(name.length).trim());
}

describe('/metrics', () => {
  it('tells what happened before anybody asked', async () => {
    const { watch, scrape } = await start();
    watch.tried(tryOf());
    watch.tried(tryOf({ key: 1, code: 'quota' }));
    watch.ended(endOf({ pictures: 2, usage: { promptTokens: 5, completionTokens: 7 } }));
    watch.ended(endOf({ outcome: 'failed', code: 'quota', pictures: 0 }));
    const text = await scrape();
    expect(samples(text, 'easel_jobs_total')).toEqual([
      '{platform="fake",outcome="delivered",code="ok"} 1',
      '{platform="fake",outcome="failed",code="quota"} 1',
    ]);
    expect(samples(text, 'easel_gateway_tries_total')).toEqual([
      '{provider="relay",key="1",code="ok"} 1',
      '{provider="relay",key="2",code="quota"} 1',
    ]);
    const maker = '{provider="relay",model="painter-1"}';
    expect(samples(text, 'easel_pictures_total')).toEqual([
      '{platform="fake",model="painter-1"} 2',
    ]);
    expect(samples(text, 'easel_prompt_tokens_total')).toEqual([`${maker} 5`]);
    expect(samples(text, 'easel_completion_tokens_total')).toEqual([`${maker} 7`]);
    expect(samples(text, 'easel_cost_dollars_total')).toEqual([`${maker} 0.5`]);
    expect(samples(text, 'easel_jobs_waiting')).toEqual(['2']);
    expect(samples(text, 'easel_jobs_running')).toEqual(['1']);
    expect(samples(text, 'easel_platform_connected')).toEqual([
      '{platform="fake"} 1',
      '{platform="other"} 0',
    ]);
  });

  it('counts on from scrape to scrape, durations too', async () => {
    const { watch, scrape } = await start();
    for (const durationMs of [1_000, 9_000, 9_500, 400_000]) watch.tried(tryOf({ durationMs }));
    const durations = async () => {
      const all = samples(await scrape(), 'easel_gateway_answer_seconds');
      const asked = /^(_sum|_count)|le="(1|5|10|300|\+Inf)"/;
      return all.filter((line) => asked.test(line)).map((line) => Number(line.split(' ').at(-1)));
    };
    expect(await durations()).toEqual([1, 1, 3, 3, 4, 419.5, 4]);
    expect(await durations()).toEqual([1, 1, 3, 3, 4, 419.5, 4]);
    watch.tried(tryOf({ durationMs: 500 }));
    watch.tried(tryOf({ durationMs: 10_000 }));
    expect(await durations()).toEqual([2, 2, 5, 5, 6, 430, 6]);
    watch.ended(endOf());
    watch.ended(endOf());
    const jobs = async () => samples(await scrape(), 'easel_jobs_total');
    expect(await jobs()).toEqual(['{platform="fake",outcome="delivered",code="ok"} 2']);
    expect(await jobs()).toEqual(['{platform="fake",outcome="delivered",code="ok"} 2']);
  });

  it('has the process in base units', async () => {
    const { scrape } = await start();
    const text = await scrape();
    const value = (name: string) => Number(samples(text, name)[0]);
    expect(value('easel_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    expect(Math.abs(value('easel_start_time_seconds') - Date.now() / 1_000)).toBeLessThan(60);
    expect(value('easel_event_loop_delay_p99_seconds')).toBeLessThan(10);
  });

  it('is well formed: each metric has its help, its type and a name that says its unit', async () => {
    const { watch, routes } = await start();
    watch.tried(tryOf());
    watch.ended(endOf({ model: 'a "model"\\\n2' }));
    const response = await routes.request('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const lines = (await response.text()).trimEnd().split('\n').filter(Boolean);
    const sample =
      /^easel_[a-z0-9_]+(\{(([a-z]+="([^"\\\n]|\\["\\n])*")(,|(?=\})))*\})? -?[0-9.e+-]+$/;
    expect(lines.filter((line) => !line.startsWith('# ') && !sample.test(line))).toEqual([]);
    const types = lines.flatMap((line) => {
      const [, name = '', type = ''] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
      return name === '' ? [] : [{ name, type }];
    });
    expect(types.length).toBeGreaterThan(10);
    for (const { name, type } of types) {
      expect(lines.some((line) => line.startsWith(`# HELP ${name} `))).toBe(true);
      expect(name.endsWith('_total')).toBe(type === 'counter');
    }
    const labels = lines.flatMap((line) =>
      [...line.matchAll(/[{,]([a-z]+)="/g)].map(([, name]) => name),
    );
    expect([...new Set(labels)].toSorted()).toEqual(
      ['platform', 'provider', 'model', 'outcome', 'code', 'key', 'le'].toSorted(),
    );
  });

  it('outlives a gateway that counts below nothing', async () => {
    const { watch, scrape } = await start();
    const usage = { promptTokens: -1, completionTokens: 7, cost: -0.5 };
    watch.ended(endOf({ usage }));
    const text = await scrape();
    expect(samples(text, 'easel_prompt_tokens_total')).toEqual([
      '{provider="relay",model="painter-1"} 0',
    ]);
    expect(samples(text, 'easel_completion_tokens_total')).toEqual([
      '{provider="relay",model="painter-1"} 7',
    ]);
    expect(samples(text, 'easel_cost_dollars_total')).toHaveLength(1);
  });

  it('answers HEAD, and refuses what would change something', async () => {
    const { routes } = await start();
    const head = await routes.request('/metrics', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const post = await routes.request('/metrics', { method: 'POST' });
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

/** `/metrics` in Prometheus' text format: open to everyone, since it holds no person, no prompt and no secret. */
import { Hono } from 'hono';
import type { Exposition, Sources } from './metrics-registry.ts';
import { onlyRead } from './only-read.ts';

export function metricsRoutes(sources: Sources): Hono {
  const routes = new Hono();
  let exposition: Promise<Exposition> | undefined;
  onlyRead(routes, '/metrics', async (context) => {
    exposition ??= open(sources);
    const { contentType, render } = await exposition;
    return context.body(await render(), 200, { 'content-type': contentType });
  });
  return routes;
}

/** Loaded when somebody asks: the library is large. */
async function open(sources: Sources): Promise<Exposition> {
  const { createExposition } = await import('./metrics-registry.ts');
  return createExposition(sources);
}

import type { Context, Hono } from 'hono';

/** A page that changes nothing and is never kept; other methods are told so. */
export function onlyRead(
  routes: Hono,
  path: string,
  answer: (context: Context) => Response | Promise<Response>,
): void {
  routes.get(path, async (context) => {
    context.header('cache-control', 'no-store');
    return answer(context);
  });
  routes.all(path, (context) => context.text('', 405, { allow: 'GET, HEAD' }));
}

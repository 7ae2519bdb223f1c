/** The operator's page: whether all is well, and what is being painted. */
import { type Context, Hono } from 'hono';
import { type Language, type Report, resolveLanguage } from '../core/index.ts';
import type { Gate } from './gate.ts';
import { pageFile } from './page.ts';
import { addPageHeaders, refuseForeign } from './page-headers.ts';
import { operatorWords } from './words.ts';

export interface OperatorOptions {
  /** Asked each time that a page asks. */
  report: () => Report;
  /** Ends a job by its id as if its person had; false where there is nothing to end any more. */
  stopJob: (id: string) => Promise<boolean>;
  gate: Pick<Gate, 'guard'>;
  /** For browsers that ask for none that we speak. */
  language: Language;
}

export interface Operator {
  /** `/operator` and `/operator/*`; its files are among the studio's, under `/page`. */
  routes: Hono;
}

/** The page asks for the report again and again, so that nothing is worked out where nobody looks. */
export function createOperator({ report, stopJob, gate, language }: OperatorOptions): Operator {
  const routes = new Hono();
  routes.use('/operator/*', addPageHeaders, gate.guard, refuseForeign);
  routes.get('/operator', pageFile('operator.html'));
  routes.get('/operator/words', (context) => {
    const spoken = languageOf(context, language);
    return tell(context, { language: spoken, ...operatorWords(spoken) });
  });
  routes.get('/operator/report', (context) => tell(context, report()));
  routes.post('/operator/jobs/:id/cancel', async (context) =>
    tell(context, { isStopped: await stopJob(context.req.param('id')) }),
  );
  return { routes };
}

function tell(context: Context, data: object): Response {
  context.header('Cache-Control', 'no-store');
  return context.json(data);
}

/** The first that the browser asks for. */
function languageOf(context: Context, fallback: Language): Language {
  const [tag] = context.req.header('accept-language')?.split(/[,;]/, 1) ?? [];
  return resolveLanguage(tag?.trim(), fallback);
}

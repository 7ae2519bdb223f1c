/** What is behind the headline, a card each. */
import { el } from './dom.js';
import { daysChart, durationChart, hourChart } from './operator-charts.js';
import { todayOf } from './operator-plots.js';
import { isStanding } from './operator-trouble.js';

/** More jobs than one looks at. */
const MAX_JOBS = 12;

function card(id, title, ...children) {
  const heading = el('h2', { id: `${id}-title`, text: title });
  const look = { class: 'card', id, 'aria-labelledby': `${id}-title` };
  return el('section', look, heading, ...children);
}

const none = (text) => el('p', { class: 'none', text });
const joined = (...parts) => parts.filter(Boolean).join(' · ');

/** `cancels`: by the ids of jobs, `sure` or `stopping`. */
export function nowCard({ report, say, nameOf, format, cancels }) {
  const { jobs, now } = report;
  const order = ['painting', 'ending', 'waiting'];
  const sorted = jobs.toSorted((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
  const rows = sorted.slice(0, MAX_JOBS).map(({ id, platform, phase, kind, acceptedAt }) => {
    const name = joined(nameOf(platform), say(`kind.${kind}`));
    const state = joined(say(`phase.${phase}`), format.duration(now - acceptedAt));
    return el(
      'li',
      { class: `job is-${phase}`, id: `job-${id}` },
      el('span', { class: 'job-name' }, el('b', { text: name }), el('span', { text: state })),
      phase !== 'ending' && cancelButton({ id, name, say, state: cancels.get(id) }),
    );
  });
  const rest = sorted.length - rows.length;
  return card(
    'now',
    say('now'),
    rows.length === 0 ? none(say('now.none')) : el('ul', { class: 'rows jobs' }, rows),
    rest > 0 && none(say('more', { count: format.count(rest) })),
  );
}

function cancelButton({ id, name, say, state }) {
  const text = say(state === undefined ? 'cancel' : `cancel.${state}`);
  return el(
    'button',
    {
      type: 'button',
      class: state === 'sure' ? 'action is-sure' : 'action',
      'aria-disabled': state === 'stopping' && 'true',
      data: { job: id },
    },
    el('span', { text }),
    el('span', { class: 'unseen', text: ` ${name}` }),
  );
}

export function platformsCard({ report, say, nameOf, format }) {
  const rows = report.platforms.map(({ name, state, since }) =>
    el(
      'li',
      { class: `row is-${state === 'connected' ? 'good' : 'bad'}` },
      el('b', { class: 'dotted', text: nameOf(name) }),
      el('span', {
        class: 'soft',
        text: joined(
          say(`state.${state}`),
          say('since', { time: format.moment(since, report.now) }),
        ),
      }),
    ),
  );
  const list = el('ul', { class: 'rows' }, rows);
  return card(
    'platforms',
    say('platforms'),
    rows.length === 0 ? none(say('platforms.none')) : list,
  );
}

export function providersCard(context) {
  const { report, say } = context;
  const providers = report.providers.map((provider) =>
    el(
      'li',
      { class: 'provider' },
      el('h3', { text: provider.name }),
      el('p', { class: 'soft', text: joined(provider.model, provider.dialect) }),
      el(
        'ol',
        { class: 'keys' },
        provider.keys.map((key, index) =>
          keyView(key, { ...context, number: provider.keys.length > 1 ? index + 1 : undefined }),
        ),
      ),
    ),
  );
  const list = el('ol', { class: 'rows providers' }, providers);
  return card(
    'providers',
    say('providers'),
    providers.length === 0 ? none(say('providers.none')) : list,
  );
}

function keyView(key, { report, say, format, problems, number }) {
  const { tries, failures, latencyMs, lastError, restsUntil = 0 } = key;
  const { now } = report;
  const isResting = restsUntil > now;
  const counts = joined(
    say('succeeded', { count: format.count(tries - failures) }),
    failures > 0 && say('failed', { count: format.count(failures) }),
    latencyMs !== undefined && say('median', { time: format.latency(latencyMs) }),
  );
  const problem = lastError && {
    ago: say('ago', { time: format.age(now - lastError.at) }),
    problem: problems[lastError.code] ?? lastError.code,
  };
  return el(
    'li',
    { class: `key is-${keyLevel(key, isResting)}` },
    el(
      'p',
      { class: 'dotted' },
      number !== undefined && el('b', { text: say('key', { key: number }) }),
      el('span', { text: tries === 0 ? say('untried') : counts }),
      isResting &&
        el('em', { class: 'chip', text: say('rests', { time: format.moment(restsUntil, now) }) }),
    ),
    problem &&
      el('p', {
        class: 'problem',
        text: `${say('last-error', problem)} ${isStanding(key) || isResting ? '' : say('recovered')}`.trim(),
      }),
  );
}

function keyLevel(key, isResting) {
  if (key.tries === 0) return 'idle';
  if (isStanding(key)) return 'bad';
  return isResting ? 'warn' : 'good';
}

export function todayCard(context) {
  const { report, say, nameOf, format } = context;
  const { platforms, models } = todayOf(report);
  const byPlatform = Object.entries(platforms).map(([name, pictures]) => [
    nameOf(name),
    format.count(pictures),
  ]);
  const byModel = Object.entries(models).map(([name, day]) => [
    name,
    format.count(day.pictures),
    format.compact(day.promptTokens + day.completionTokens),
    day.cost === undefined ? say('no-price') : format.cost(day.cost),
  ]);
  const isEmpty = byPlatform.length + byModel.length === 0;
  return card(
    'today',
    say('today'),
    isEmpty && none(say('today.none')),
    byPlatform.length > 0 && table([say('by-platform'), say('pictures')], byPlatform),
    byModel.length > 0 &&
      table([say('by-model'), say('pictures'), say('tokens'), say('cost')], byModel),
    el('p', { class: 'plot-text', text: say('today.utc') }),
  );
}

function table(names, rows) {
  const head = names.map((text) => el('th', { scope: 'col', text }));
  const body = rows.map(([name, ...cells]) =>
    el(
      'tr',
      {},
      el('th', { scope: 'row', text: name }),
      cells.map((text) => el('td', { text })),
    ),
  );
  return el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, body));
}

export function hourCard(context) {
  const { say } = context;
  const durations = durationChart(context);
  return card(
    'hour',
    say('hour'),
    hourChart(context) ?? none(say('hour.none')),
    durations && el('h3', { class: 'plot-title', text: say('duration') }),
    durations,
  );
}

export function daysCard(context) {
  const { say } = context;
  return card('days', say('days'), daysChart(context) ?? none(say('days.none')));
}

/** Those that follow each other and are alike stand in one line, with their number. */
export function failuresCard({ report, say, nameOf, format, problems }) {
  const rows = groupsOf(report.failures).map(({ count, failure }) => {
    const { at, platform, outcome, code, provider } = failure;
    const what = outcome === 'failed' ? problems[code] : undefined;
    return el(
      'li',
      { class: 'row failure' },
      el('time', { text: format.moment(at, report.now), datetime: new Date(at).toISOString() }),
      el(
        'div',
        {},
        el('span', { text: `${what ?? say(`outcome.${outcome}`)} ` }),
        count > 1 && el('em', { class: 'chip', text: `× ${format.count(count)}` }),
        el('p', { class: 'soft', text: joined(nameOf(platform), provider) }),
      ),
    );
  });
  const list = el('ul', { class: 'rows' }, rows);
  return card('failures', say('latest'), rows.length === 0 ? none(say('latest.none')) : list);
}

function groupsOf(failures) {
  const groups = [];
  const kindOf = ({ platform, outcome, code, provider }) =>
    [platform, outcome, code, provider].join();
  for (const failure of failures) {
    const last = groups.at(-1);
    if (last && kindOf(last.failure) === kindOf(failure)) last.count += 1;
    else groups.push({ failure, count: 1 });
  }
  return groups;
}

/** In two seconds: whether all is well, and if not, what to do. */
import { el, svg } from './dom.js';
import { durationsOf, todayOf } from './operator-plots.js';
import { troublesOf } from './operator-trouble.js';

const SIGNS = {
  good: 'M5.5 12.5l4.5 4.5 8.5-9.5',
  warn: 'M12 6v7.5M12 18h.01',
  bad: 'M7.5 7.5l9 9M16.5 7.5l-9 9',
};

/** `{ level, title, text, more }` of a report; `more` are the other troubles. */
export function healthOf(context) {
  const { report, say, format } = context;
  const [worst, ...others] = troublesOf(report);
  if (worst === undefined) {
    const text = say('up', { time: format.duration(report.now - report.startedAt) });
    return { level: 'good', title: say('well'), text, more: [] };
  }
  const more = others.map((trouble) => ({
    level: trouble.level,
    title: titleOf(trouble, context),
    text: adviceOf(trouble, context),
  }));
  return {
    level: worst.level,
    title: titleOf(worst, context),
    text: adviceOf(worst, context),
    more,
  };
}

const TITLES = {
  platform: ({ platform }, { say, nameOf }) =>
    say('trouble.platform', { platform: nameOf(platform) }),
  connecting: ({ platform }, { say, nameOf }) =>
    say('trouble.connecting', { platform: nameOf(platform) }),
  key({ provider, key, code }, { say, problems }) {
    const short = { auth: 'problem.auth', quota: 'problem.quota' }[code];
    if (short === undefined) {
      return say('trouble.provider', { provider, problem: problems[code] });
    }
    const problem = say(short);
    return key === undefined
      ? say('trouble.only-key', { provider, problem })
      : say('trouble.key', { provider, key, problem });
  },
  provider: ({ provider, code }, { say, problems }) =>
    say('trouble.provider', { provider, problem: problems[code] }),
  failing: ({ failures }, { say }) => say('trouble.failing', { failures }),
  slow: ({ forMs }, { say, format }) => say('trouble.slow', { time: format.duration(forMs) }),
};

const ADVICE = {
  platform: ({ forMs }, { say, format }) => say('fix.platform', { time: format.duration(forMs) }),
  connecting: () => '',
  key: ({ provider, code, setting }, { say }) =>
    code === 'quota' ? say('fix.quota', { provider, setting }) : say('fix.setting', { setting }),
  provider: ({ at }, { say, format, report }) =>
    say('fix.wait', { ago: say('ago', { time: format.age(report.now - at) }) }),
  failing: (_, { say }) => say('fix.failures'),
  slow: (_, { say }) => say('fix.slow'),
};

const titleOf = (trouble, context) => TITLES[trouble.kind](trouble, context);
const adviceOf = (trouble, context) => ADVICE[trouble.kind](trouble, context);

export function healthView({ level, title, text, more }) {
  const others = more.map((one) =>
    el(
      'li',
      { class: `trouble is-${one.level}` },
      signOf(one.level),
      el('div', {}, el('strong', { text: one.title }), el('p', { text: one.text })),
    ),
  );
  return el(
    'section',
    { class: `health is-${level}`, id: 'health' },
    signOf(level),
    el('div', { class: 'health-words', role: 'status' }, el('h1', { text: title })),
    el('p', { class: 'health-text', text }),
    others.length > 0 && el('ul', { class: 'troubles' }, others),
  );
}

function signOf(level) {
  const sign = svg(
    'svg',
    { viewBox: '0 0 24 24', class: 'icon' },
    svg('path', { d: SIGNS[level] }),
  );
  return el('span', { class: 'sign-of-health', 'aria-hidden': 'true' }, sign);
}

/** The numbers of the day and of this moment. */
export function figuresView({ report, say, format }) {
  const { pictures, failures, cost, isPartlyPriced } = todayOf(report);
  const times = durationsOf(report.minutes);
  const { running, waiting } = report.queue;
  const entries = [
    [say('pictures-today'), format.count(pictures)],
    [say('failures-today'), format.count(failures), failures > 0 && 'is-bad'],
    [say('painting'), format.count(running)],
    [say('waiting'), format.count(waiting)],
    [say('takes'), times === undefined ? '–' : format.latency(times.median)],
    [
      say('spend'),
      cost === undefined ? '–' : format.cost(cost),
      false,
      spendNote({ cost, isPartlyPriced, pictures, say }),
    ],
  ];
  return el('dl', { class: 'figures', id: 'figures' }, entries.map(figureOf));
}

function spendNote({ cost, isPartlyPriced, pictures, say }) {
  if (isPartlyPriced) return say('and-unpriced');
  return cost === undefined && pictures > 0 ? say('no-price') : undefined;
}

function figureOf([name, value, look, note]) {
  return el(
    'div',
    { class: look ? `figure ${look}` : 'figure' },
    el('dt', { text: name }),
    el('dd', {}, el('span', { text: value }), note && el('small', { text: note })),
  );
}

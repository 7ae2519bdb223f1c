/** Puts the page together, anew with each report. */
import { byId, el } from './dom.js';
import {
  daysCard,
  failuresCard,
  hourCard,
  nowCard,
  platformsCard,
  providersCard,
  todayCard,
} from './operator-cards.js';
import { cancelJob, getWords, watchReport } from './operator-feed.js';
import { createFormat } from './operator-format.js';
import { figuresView, healthOf, healthView } from './operator-health.js';
import { morph } from './operator-morph.js';
import { findRoom } from './operator-room.js';

const RETRY_MS = 3_000;
/** After that a second press is no answer to the question any more. */
const SURE_MS = 4_000;
const NOTE_MS = 5_000;
const MEGABYTE = 1_000_000;
const NAMES = { telegram: 'Telegram', discord: 'Discord' };

function createContext({ language, words, problems }) {
  const say = (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const nameOf = (platform) => (platform === 'web' ? say('web') : (NAMES[platform] ?? platform));
  // The same language as it is written where the person is.
  const [own] = navigator.languages.filter((tag) => tag.startsWith(language));
  return {
    say,
    nameOf,
    problems,
    format: createFormat(own ?? language),
    cancels: new Map(),
  };
}

function contentOf(context, missing) {
  const { report, daysAside } = context;
  const health = missing === undefined ? healthOf(context) : missingHealth(context, missing);
  const cards = report && [
    figuresView(context),
    columnOf(context, [hourCard, todayCard, !daysAside && daysCard]),
    columnOf(context, [nowCard, platformsCard, providersCard, failuresCard, daysAside && daysCard]),
    footView(context),
  ];
  const look = missing === undefined ? 'board' : 'board is-old';
  return el('main', { id: 'operator', class: look }, healthView(health), cards ?? []);
}

function columnOf(context, cards) {
  return el(
    'div',
    { class: 'column' },
    cards.filter(Boolean).map((cardOf) => cardOf(context)),
  );
}

function missingHealth({ report, seenAt, say, format }, missing) {
  if (missing === 'closed') {
    return { level: 'bad', title: say('closed'), text: say('closed.text'), more: [] };
  }
  const ago = say('ago', { time: format.age(Date.now() - seenAt) });
  const values = report && { time: format.clock(seenAt), ago };
  const text = values === undefined ? '' : say('lost.seen', values);
  return { level: 'bad', title: say('lost'), text, more: [] };
}

function footView({ report, say, format }) {
  const { now, startedAt, memoryBytes } = report;
  const facts = [
    say('started', { time: format.moment(startedAt, now) }),
    say('memory', { megabytes: format.count(Math.round(memoryBytes / MEGABYTE)) }),
  ];
  return el(
    'footer',
    { class: 'foot', id: 'foot' },
    facts.map((text) => el('span', { text })),
    el('span', { class: 'live' }, el('span', { text: `${say('live')} · ${format.clock(now)}` })),
  );
}

function createBoard(context) {
  let missing;
  function render() {
    const draw = () => morph(byId('operator'), contentOf(context, missing));
    draw();
    const daysAside = findRoom(byId('operator'), context.daysAside);
    if (daysAside !== context.daysAside) {
      context.daysAside = daysAside;
      draw();
    }
    const title = byId('operator').querySelector('h1').textContent;
    document.title = `${title} · Easel`;
  }
  return {
    render,
    report(report) {
      // Another process: its page may be another one, too.
      if (context.report && context.report.startedAt !== report.startedAt) location.reload();
      Object.assign(context, { report, seenAt: Date.now() });
      const ids = new Set(report.jobs.map(({ id }) => id));
      for (const id of context.cancels.keys()) if (!ids.has(id)) context.cancels.delete(id);
      missing = undefined;
      render();
    },
    missing(why) {
      missing = why;
      render();
    },
  };
}

/** A picture that somebody waits for: the first press asks, the second one stops it. */
function catchCancels({ cancels, say }, { board, lookNow }) {
  const mark = (id, state) => {
    if (state === undefined) cancels.delete(id);
    else cancels.set(id, state);
    board.render();
  };
  async function stop(id) {
    mark(id, 'stopping');
    if (await cancelJob(id).catch(() => false)) return lookNow();
    mark(id, undefined);
    note(say('cancel.failed'));
  }
  byId('operator').addEventListener('click', ({ target }) => {
    const id = target.closest('[data-job]')?.dataset.job;
    if (id === undefined || cancels.get(id) === 'stopping') return;
    if (cancels.get(id) === 'sure') return void stop(id);
    mark(id, 'sure');
    setTimeout(() => cancels.get(id) === 'sure' && mark(id, undefined), SURE_MS);
  });
}

function note(text) {
  byId('notes').textContent = text;
  setTimeout(() => byId('notes').replaceChildren(), NOTE_MS);
}

async function begin() {
  const spoken = await getWords();
  const context = createContext(spoken);
  const { say } = context;
  document.documentElement.lang = spoken.language;
  byId('subtitle').textContent = say('title');
  byId('top-tools').replaceChildren(el('a', { class: 'new', href: '/', text: say('studio') }));
  const board = createBoard(context);
  const lookNow = watchReport({ onReport: board.report, onMissing: board.missing });
  catchCancels(context, { board, lookNow });
}

try {
  await begin();
} catch {
  // There are no words yet, in no language.
  byId('operator').replaceChildren(el('p', { class: 'banner', role: 'alert', text: 'Easel …' }));
  setTimeout(() => location.reload(), RETRY_MS);
}

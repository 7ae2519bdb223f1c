/** Puts the page together. */
import { getSettings, getState, press, watch } from './api.js';
import { createChat } from './chat.js';
import { createComposer } from './composer.js';
import { byId, el, icon, iconButton } from './dom.js';
import { catchFiles, catchKeys } from './input.js';
import { createOptions } from './options.js';
import { createRail } from './rail.js';
import { createStore } from './store.js';
import { createViewer } from './viewer.js';
import { createWelcome } from './welcome.js';

/** When the page came, but nothing after it. */
const RETRY_MS = 3_000;
/** Long enough to be read. */
const TOAST_MS = 5_000;

function toast(text, look = 'toast') {
  if (text === '') return;
  const view = el('p', { class: look, text });
  byId('toasts').append(view);
  setTimeout(() => view.remove(), TOAST_MS);
}

/** Says that something was begun, until one sees that. */
const BEGUN = 'toast is-begun';
const hasBegun = ({ from, look }) => from !== 'person' && look !== 'words';
function clearBegun() {
  for (const view of byId('toasts').querySelectorAll('.is-begun')) view.remove();
}

/** The words of the page are in one language: another one is another page. */
async function choose(button) {
  const before = document.documentElement.lang;
  await press(button);
  const { language } = await getState();
  if (language !== before) location.reload();
}

function createActions({ store, words, parts }) {
  const failed = () => ({ type: 'note', text: words.failed });
  return {
    async press(button, message) {
      const before = new Set(store.messages().filter(hasBegun));
      const answer = await press(button, message).catch(failed);
      // What it began may be there before its answer.
      const isSeen = store.messages().some((one) => hasBegun(one) && !before.has(one));
      if (answer.type === 'note') return isSeen || toast(answer.text, BEGUN);
      store.goOnFrom({ message });
      toast(answer.text);
      parts.composer.focus();
    },
    goOnFrom(answered) {
      store.goOnFrom(answered);
      parts.composer.focus();
    },
    view: (message, index) => parts.viewer.open(message, index),
    scrollTo: (message) => parts.chat.show(message),
  };
}

function renderTop({ words, options, onNew }) {
  document.title = `Easel · ${words.studio}`;
  byId('subtitle').textContent = words.studio;
  byId('chat').setAttribute('aria-label', words.chat);
  byId('drop-words').textContent = words.drop;
  const fresh = iconButton('plus', words.new, onNew, 'new');
  fresh.append(el('span', { text: words.new }));
  const operator = { class: 'watching', href: '/operator', title: words.operator };
  const watching = el('a', operator, icon('pulse'), el('span', { text: words.operator }));
  byId('top-tools').replaceChildren(watching, options.language, fresh);
}

function connect({ store, words }) {
  const banner = el('p', { class: 'banner', hidden: true, role: 'status' });
  byId('studio').append(banner);
  watch({
    onAll: store.replaceAll,
    onChange: store.apply,
    onConnection(state) {
      banner.hidden = state === 'open';
      banner.textContent = state === 'closed' ? words.closed : words.offline;
    },
  });
}

async function showSettings(options) {
  try {
    options.show(await getSettings());
  } catch {
    setTimeout(() => showSettings(options), RETRY_MS);
  }
}

async function begin() {
  const state = await getState();
  const { words, language } = state;
  document.documentElement.lang = language;
  const store = createStore();
  const parts = {};
  const actions = createActions({ store, words, parts });
  const options = createOptions({
    state,
    onChoose: choose,
    onChange: () => parts.composer.changed(),
  });
  parts.composer = createComposer({
    store,
    state,
    options,
    onToast: toast,
    onSent: () => parts.chat.scrollToEnd(),
  });
  parts.chat = createChat({ store, words, chosen: options.chosen, actions });
  parts.viewer = createViewer({ store, words });
  const rail = createRail({ store, words, onPick: actions.scrollTo });
  const welcome = createWelcome({ state, onExample: parts.composer.write });

  store.listen(({ type, change }) => {
    if (type === 'all') parts.chat.renderAll();
    if (type === 'change') parts.chat.apply(change);
    if (change?.put && hasBegun(change.put)) clearBegun();
    parts.chat.mark(store.isChosen() ? store.anchor() : undefined);
    parts.composer.changed();
    rail.render();
    welcome.show(store.messages().length === 0);
  });
  const onNew = () => {
    store.goOnFrom('none');
    parts.chat.scrollToEnd();
    parts.composer.focus();
  };
  renderTop({ words, options, onNew });
  catchFiles(parts.composer.add);
  catchKeys({ store, goOnFrom: actions.goOnFrom });
  byId('studio').hidden = false;
  parts.composer.changed();
  parts.composer.focus();
  connect({ store, words });
  void showSettings(options);
}

try {
  await begin();
} catch {
  // There are no words yet, in no language.
  document.body.append(el('p', { class: 'banner', role: 'alert', text: 'Easel …' }));
  setTimeout(() => location.reload(), RETRY_MS);
}

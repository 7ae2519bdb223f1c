/** What stands where nothing has been said yet. */
import { byId, el } from './dom.js';

const EXAMPLES = ['example.1', 'example.2', 'example.3', 'example.4'];

export function createWelcome({ state: { words, envHint }, onExample }) {
  const section = byId('welcome');
  const examples = EXAMPLES.map((key) =>
    el('button', {
      type: 'button',
      class: 'example',
      text: words[key],
      onclick: () => onExample(words[key]),
    }),
  );
  // Fingers drop nothing.
  const isTouch = matchMedia('(pointer: coarse)').matches;
  const children = [
    el('h2', { text: words.welcome }),
    el('p', { class: 'how', text: isTouch ? words['welcome.touch'] : words['welcome.how'] }),
    el('div', { class: 'examples' }, examples),
    envHint.length > 0 ? noticeOf(words, envHint) : undefined,
  ];
  section.replaceChildren(...children.filter(Boolean));
  return { show: (isShown) => section.toggleAttribute('hidden', !isShown) };
}

function noticeOf(words, envHint) {
  return el(
    'aside',
    { class: 'notice' },
    el('strong', { text: words['sandbox.title'] }),
    el('p', { text: words['sandbox.text'] }),
    el('pre', {}, el('code', { text: envHint.join('\n') })),
  );
}

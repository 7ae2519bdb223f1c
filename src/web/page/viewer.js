/** One picture, as large as the window; the arrow keys turn to the others. */
import { nameOf, picturesOf } from './api.js';
import { byId, el, iconButton } from './dom.js';
import { downloadLink } from './message.js';

export function createViewer({ store, words }) {
  const dialog = byId('viewer');
  let shown = 0;

  const all = () =>
    store
      .messages()
      .flatMap((message) => picturesOf(message).map(({ url }, index) => ({ url, index, message })));

  function render() {
    const { url, message } = all()[shown];
    const alt = nameOf(message, words);
    const tools = el(
      'div',
      { class: 'viewer-tools' },
      downloadLink(url, words),
      iconButton('close', words.close, () => dialog.close()),
    );
    dialog.replaceChildren(el('img', { src: url, alt, onclick: () => dialog.close() }), tools);
  }

  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog) dialog.close();
  });
  dialog.addEventListener('keydown', ({ key }) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key] ?? 0;
    const next = shown + step;
    if (step === 0 || all()[next] === undefined) return;
    shown = next;
    render();
  });

  return {
    open(id, index) {
      shown = all().findIndex(({ message, index: own }) => message.id === id && own === index);
      if (shown < 0) return;
      dialog.setAttribute('aria-label', words.view);
      render();
      dialog.showModal();
    },
  };
}

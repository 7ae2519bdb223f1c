/** Where the next message is written. */
import { nameOf, picturesOf, say, upload } from './api.js';
import { byId, el, icon, iconButton } from './dom.js';
import { createTray } from './tray.js';

export function createComposer({ store, state, options, onToast, onSent }) {
  const { words, limits } = state;
  const tray = createTray({ words, limits, onToast, onChange: changed });
  const chip = el('div', { class: 'chip', hidden: true });
  const field = el('textarea', {
    id: 'words',
    rows: '1',
    'aria-label': words.placeholder,
    enterkeyhint: 'send',
  });
  const sendButton = iconButton('up', words.send, send, 'send');
  let isSending = false;

  const picker = el('input', { type: 'file', accept: 'image/*', multiple: true, hidden: true });
  picker.addEventListener('change', () => {
    add([...picker.files]);
    picker.value = '';
  });
  const addButton = iconButton('plus', words.add, () => picker.click(), 'add');

  const bar = el(
    'div',
    { class: 'bar', role: 'group', 'aria-label': words.options },
    addButton,
    options.element,
    picker,
  );
  const hint = el('p', { class: 'hint', text: words.keys });
  const panel = el(
    'div',
    { class: 'panel' },
    chip,
    tray.element,
    el('div', { class: 'field' }, field, sendButton),
    bar,
  );
  byId('composer').append(panel, hint);

  function add(files) {
    // A new picture begins something new, unless the person has said what it belongs to.
    if (tray.add(files) && !store.isChosen()) store.goOnFrom('none');
    field.focus();
  }

  function changed() {
    const anchor = store.anchor();
    const isReady =
      field.value.trim() !== '' ||
      tray.files().length > 0 ||
      (options.style() !== undefined && anchor !== undefined);
    sendButton.disabled = !isReady || isSending;
    field.placeholder =
      anchor === undefined && tray.files().length === 0
        ? words.placeholder
        : words['placeholder.change'];
    renderChip(anchor);
  }

  function renderChip(anchor) {
    const message = anchor && store.find(anchor.message);
    const pictures = message ? picturesOf(message) : [];
    chip.hidden = pictures.length === 0;
    chip.classList.toggle('is-chosen', store.isChosen());
    if (chip.hidden) return;
    const shown =
      anchor.picture === undefined
        ? pictures.slice(0, 3)
        : [pictures[anchor.picture] ?? pictures[0]];
    const what = nameOf(message, words);
    chip.replaceChildren(
      icon('branch'),
      el(
        'span',
        { class: 'chip-thumbs' },
        shown.map(({ url }) => el('img', { src: url, alt: '' })),
      ),
      el(
        'span',
        { class: 'chip-words' },
        el('span', { class: 'chip-label', text: words.continuing }),
        el('span', { class: 'chip-what', text: what }),
      ),
      iconButton('close', words.anew, () => store.goOnFrom('none')),
    );
  }

  async function send() {
    if (sendButton.disabled) return;
    const draft = { text: field.value, files: tray.files() };
    let current;
    const answers = store.anchor();
    const style = options.style();
    isSending = true;
    changed();
    try {
      const uploads = [];
      for (const { file } of draft.files) {
        current = file;
        uploads.push(await upload(file));
      }
      // What was written meanwhile belongs to the next message.
      if (field.value === draft.text) field.value = '';
      tray.clear();
      options.clearStyle();
      grow();
      const sent = say({ words: draft.text, style, uploads, answers });
      store.goOnFrom('auto');
      await sent;
      onSent();
    } catch (error) {
      if (field.value === '') field.value = draft.text;
      onToast(
        error.status === 413 || error.status === 415
          ? words['not-a-picture'].replace('{name}', () => current?.name ?? '')
          : words.failed,
      );
    } finally {
      isSending = false;
      changed();
    }
  }

  function grow() {
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, 200)}px`;
  }

  field.addEventListener('input', () => {
    grow();
    changed();
  });
  field.addEventListener('keydown', (event) => {
    // While an input method composes, Enter chooses a word; in Safari composing is over by then, and 229 tells.
    const isComposing = event.isComposing || event.keyCode === 229;
    if (event.key !== 'Enter' || event.shiftKey || isComposing) return;
    event.preventDefault();
    send();
  });

  return {
    add,
    changed,
    focus: () => field.focus(),
    write(text) {
      field.value = text;
      grow();
      changed();
      field.focus();
    },
  };
}

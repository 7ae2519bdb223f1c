/** Pictures that are dropped or pasted anywhere, and keys. */

export function catchFiles(add) {
  const isFiles = ({ dataTransfer }) => [...(dataTransfer?.types ?? [])].includes('Files');
  let depth = 0;
  const mark = (change) => {
    depth = Math.max(0, depth + change);
    document.body.classList.toggle('is-dragging', depth > 0);
  };
  const on = (name, listener) =>
    addEventListener(name, (event) => {
      if (!isFiles(event)) return;
      event.preventDefault();
      listener(event);
    });
  on('dragenter', () => mark(1));
  on('dragleave', () => mark(-1));
  on('dragover', () => {});
  on('drop', ({ dataTransfer }) => {
    mark(-depth);
    add([...dataTransfer.files]);
  });
  addEventListener('paste', (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    add(files);
  });
}

/** R goes on from the picture under the focus or the pointer, else from the latest; the arrows walk from one to the next. */
export function catchKeys({ store, goOnFrom }) {
  const picks = () => [...document.querySelectorAll('.pick')];
  const current = () =>
    picks().find((pick) => pick.closest('.picture').matches(':focus-within, :hover'));

  function answeredBy({ dataset: { message, picture } }) {
    return { message: Number(message), ...(picture !== undefined && { picture: Number(picture) }) };
  }

  function walk(step) {
    const all = picks();
    const next = all[all.indexOf(document.activeElement) + step];
    next?.focus();
    return next !== undefined;
  }

  addEventListener('keydown', (event) => {
    const isTyping = event.target.closest?.('input, textarea, select, dialog') !== null;
    if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
    const isOnPicture = event.target.matches?.('.pick');
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined && isOnPicture && walk(step)) event.preventDefault();
    if (event.key.toLowerCase() !== 'r') return;
    const pick = current() ?? picks().at(-1);
    if (pick === undefined) return;
    event.preventDefault();
    goOnFrom(answeredBy(pick));
  });
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && store.isChosen()) store.goOnFrom('auto');
  });
}

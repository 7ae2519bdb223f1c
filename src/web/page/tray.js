/** Pictures that wait to be sent. */
import { el, iconButton } from './dom.js';

/** Tells its user, with `onToast`, what it does not take. */
export function createTray({ words, limits, onToast, onChange }) {
  const element = el('ul', { class: 'tray', 'aria-label': words['your-picture'], hidden: true });
  let files = [];

  function render() {
    element.hidden = files.length === 0;
    element.replaceChildren(...files.map(thumbOf));
    onChange();
  }

  function thumbOf(entry) {
    const drop = () => {
      URL.revokeObjectURL(entry.url);
      files = files.filter((other) => other !== entry);
      render();
    };
    return el(
      'li',
      {},
      el('img', { src: entry.url, alt: entry.file.name }),
      iconButton('close', words.remove, drop),
    );
  }

  function problemOf(file) {
    const { uploadBytes } = limits;
    // Some systems do not know the type of an iPhone's photo.
    const isPicture = file.type.startsWith('image/') || /\.(?:heic|heif|avif)$/i.test(file.name);
    if (!isPicture || file.type === 'image/svg+xml')
      return words['not-a-picture'].replace('{name}', file.name);
    if (file.size <= uploadBytes) return undefined;
    const megabytes = String(Math.floor(uploadBytes / 1_048_576));
    return words['too-large'].replace('{name}', file.name).replace('{megabytes}', megabytes);
  }

  return {
    element,
    files: () => files,
    /** Whether it took any. */
    add(more) {
      const problems = more.map(problemOf).filter(Boolean);
      const good = more.filter((file) => problemOf(file) === undefined);
      const room = limits.uploads - files.length;
      if (good.length > room)
        problems.push(words['too-many'].replace('{limit}', String(limits.uploads)));
      for (const problem of problems) onToast(problem);
      const taken = good.slice(0, room).map((file) => ({ file, url: URL.createObjectURL(file) }));
      files = [...files, ...taken];
      render();
      return taken.length > 0;
    },
    clear() {
      for (const { url } of files) URL.revokeObjectURL(url);
      files = [];
      render();
    },
  };
}

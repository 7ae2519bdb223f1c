/** Elements without markup: words of people and models only ever become text. */

const SVG = 'http://www.w3.org/2000/svg';

/** 24 × 24, drawn in lines. */
const ICONS = {
  up: 'M12 19V5M6 11l6-6 6 6',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01',
  globe:
    'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM4 12h16M12 4c3 2.5 3 13.5 0 16M12 4c-3 2.5-3 13.5 0 16',
  pulse: 'M3 12h4l3-7 4 14 3-7h4',
  branch: 'M6 4v8a4 4 0 0 0 4 4h8M14 12l4 4-4 4',
};

/**
 * `on…` are listeners, `text` the text, `data` the data attributes; what is `undefined` or `false` is left out.
 * Children that are `undefined`, `null` or `false` too.
 */
export function el(tag, { text, data = {}, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(data)) element.dataset[name] = value;
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child instanceof Node));
  return element;
}

export function svg(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function icon(name) {
  const look = { viewBox: '0 0 24 24', class: 'icon', 'aria-hidden': 'true' };
  return svg('svg', look, svg('path', { d: ICONS[name] }));
}

/** A button that is only an icon. */
export function iconButton(name, label, onclick, look = 'icon-button') {
  return el(
    'button',
    { type: 'button', class: look, title: label, 'aria-label': label, onclick },
    icon(name),
  );
}

export function byId(id) {
  return document.getElementById(id);
}

export const prefersStill = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

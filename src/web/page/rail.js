/** The tree at a glance: a column of small pictures beside the chat, a row above it where there is little room. */
import { nameOf, picturesOf } from './api.js';
import { byId, el, svg } from './dom.js';
import { layOut, pathTo } from './tree.js';

/** Pixels; `step` along the time, `lane` across it. */
const COLUMN = { size: 44, step: 60, lane: 26, edge: 12 };
const ROW = { size: 38, step: 54, lane: 16, edge: 10 };
/** More branches at once are drawn over each other rather than take the chat's room. */
const MAX_LANES = 4;

export function createRail({ store, words, onPick }) {
  const rail = byId('rail');
  const narrow = matchMedia('(max-width: 760px)');
  /** What stands there: a status that counts its seconds must take neither the focus nor the place in it. */
  let drawn;

  function render() {
    const nodes = layOut(store.messages(), store.find);
    rail.hidden = nodes.length < 2;
    document.body.classList.toggle('has-rail', !rail.hidden);
    const anchor = store.anchor()?.message;
    const next = JSON.stringify([nodes.map(placeIn), anchor, narrow.matches]);
    if (rail.hidden || next === drawn) return;
    drawn = next;
    const place = placing(narrow.matches);
    const path = anchor === undefined ? new Set() : pathTo(anchor, store.find);
    rail.setAttribute('aria-label', words.tree);
    rail.replaceChildren(canvasOf(nodes, { place, path, anchor }));
    rail.querySelector('.is-anchor')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  function canvasOf(nodes, { place, path, anchor }) {
    const lanes = Math.max(...nodes.map(({ lane }) => Math.min(lane, MAX_LANES)));
    const { width, height } = place.canvas(nodes.length, lanes);
    const canvas = el(
      'div',
      { class: 'rail-canvas' },
      linesOf(nodes, { place, path, width, height }),
    );
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
    canvas.append(...nodes.map((node) => thumbOf(node, { place, path, anchor })));
    return canvas;
  }

  function thumbOf({ message, row, lane }, { place, path, anchor }) {
    const pictures = picturesOf(message);
    const look = [
      'rail-node',
      path.has(message.id) && 'is-path',
      message.id === anchor && 'is-anchor',
    ];
    const label = nameOf(message, words);
    const onclick = () => onPick(message.id);
    const button = el(
      'button',
      {
        type: 'button',
        class: look.filter(Boolean).join(' '),
        title: label,
        'aria-label': label,
        onclick,
      },
      el('img', { src: pictures[0].url, alt: '', loading: 'lazy' }),
      pictures.length > 1 && el('span', { class: 'rail-count', text: String(pictures.length) }),
    );
    const { x, y } = place.corner(row, lane);
    button.style.left = `${x}px`;
    button.style.top = `${y}px`;
    return button;
  }

  narrow.addEventListener('change', render);
  return { render };
}

const placeIn = ({ message, lane, parent }) => [message.id, lane, parent];

function linesOf(nodes, { place, path, width, height }) {
  const byMessage = new Map(nodes.map((node) => [node.message.id, node]));
  const edges = nodes.filter(({ parent }) => byMessage.has(parent));
  const lines = edges
    .toSorted((a, b) => path.has(a.message.id) - path.has(b.message.id))
    .map((node) =>
      svg('path', {
        d: place.line(byMessage.get(node.parent), node),
        class: path.has(node.message.id) ? 'rail-line is-path' : 'rail-line',
      }),
    );
  return svg('svg', { class: 'rail-lines', width, height, 'aria-hidden': 'true' }, ...lines);
}

/** Down the page, or along it. */
function placing(isRow) {
  const { size, step, lane: across, edge } = isRow ? ROW : COLUMN;
  const turn = (along, aside) => (isRow ? { x: along, y: aside } : { x: aside, y: along });
  const corner = (row, lane) => turn(edge + row * step, edge + Math.min(lane, MAX_LANES) * across);
  const middle = ({ row, lane }) => {
    const { x, y } = corner(row, lane);
    return { x: x + size / 2, y: y + size / 2 };
  };
  return {
    corner,
    canvas(rows, lanes) {
      const { x, y } = turn(
        rows * step - (step - size) + 2 * edge,
        lanes * across + size + 2 * edge,
      );
      return { width: x, height: y };
    },
    /** Leaves the parent in a curve, then runs straight in its own lane. */
    line(parent, child) {
      const [from, to] = [middle(parent), middle(child)];
      if (parent.lane === child.lane) return `M${from.x} ${from.y}L${to.x} ${to.y}`;
      const bend = isRow ? { x: from.x + step, y: to.y } : { x: to.x, y: from.y + step };
      const half = step / 2;
      const [a, b] = isRow
        ? [`${from.x + half} ${from.y}`, `${bend.x - half} ${bend.y}`]
        : [`${from.x} ${from.y + half}`, `${bend.x} ${bend.y - half}`];
      return `M${from.x} ${from.y}C${a} ${b} ${bend.x} ${bend.y}L${to.x} ${to.y}`;
    },
  };
}

/** The messages, kept in step with what the server tells. */
import { byId, prefersStill } from './dom.js';
import { messageView } from './message.js';

/** Pixels from the end within which one still reads the latest. */
const NEAR_END = 160;

export function createChat({ store, words, chosen, actions }) {
  const list = byId('messages');
  const scroller = byId('chat');
  const live = byId('live');
  const views = new Map();

  const viewOf = (message) => messageView(message, { words, find: store.find, chosen, actions });
  /** Whether one reads the latest: then it stays in view, whatever grows. */
  let isAtEnd = true;

  function scrollToEnd() {
    isAtEnd = true;
    scroller.scrollTop = scroller.scrollHeight;
  }

  let lastTop = 0;
  scroller.addEventListener('scroll', () => {
    const { scrollTop, scrollHeight, clientHeight } = scroller;
    const isNear = scrollHeight - scrollTop - clientHeight < NEAR_END;
    // Whoever wants to leave the end scrolls up; anything else is the page that grows.
    isAtEnd = isNear || (isAtEnd && scrollTop >= lastTop);
    lastTop = scrollTop;
  });
  const keeper = new ResizeObserver(() => isAtEnd && scrollToEnd());
  keeper.observe(list);
  keeper.observe(scroller);

  function put(message) {
    const view = views.get(message.id);
    const shape = shapeOf(message);
    // Only the words of a status change again and again: what has the focus must stay.
    if (view?.dataset.shape === shape) view.querySelector('.words').textContent = message.text;
    else {
      const fresh = viewOf(message);
      fresh.dataset.shape = shape;
      if (view === undefined) list.append(fresh);
      else view.replaceWith(fresh);
      views.set(message.id, fresh);
    }
  }

  function remove(id) {
    views.get(id)?.remove();
    views.delete(id);
  }

  /** A screen reader hears each step once, and not every second. */
  function announce({ from, look, text }) {
    if (from === 'person') return;
    const heard = look === 'result' ? words.done : text.replace(/[\d·]+ ?\p{L}*$/u, '').trim();
    if (live.textContent !== heard) live.textContent = heard;
  }

  return {
    scrollToEnd,
    renderAll() {
      list.replaceChildren();
      views.clear();
      for (const message of store.messages()) put(message);
      scrollToEnd();
    },
    apply(change) {
      if ('removed' in change) remove(change.removed);
      else {
        put(change.put);
        announce(change.put);
      }
      if (change.put?.from === 'person') scrollToEnd();
    },
    /** Marks the pictures that the person chose to go on from. */
    mark(anchor) {
      for (const pick of list.querySelectorAll('.pick')) {
        const { message, picture } = pick.dataset;
        const isOne =
          anchor?.picture === undefined ||
          picture === undefined ||
          Number(picture) === anchor.picture;
        const isChosen = Number(message) === anchor?.message && isOne;
        const view = pick.closest('.picture');
        view.classList.toggle('is-chosen', isChosen);
        view.querySelector('.go-on').setAttribute('aria-pressed', String(isChosen));
      }
    },
    /** Brings a message's pictures into view, and the focus to them. */
    show(id) {
      const view = views.get(id);
      view?.scrollIntoView({ block: 'center', behavior: prefersStill() ? 'auto' : 'smooth' });
      view?.querySelector('.pick')?.focus({ preventScroll: true });
    },
  };
}

function shapeOf({ text, ...rest }) {
  return rest.look === 'status' || rest.look === 'words'
    ? JSON.stringify(rest)
    : JSON.stringify({ text, ...rest });
}

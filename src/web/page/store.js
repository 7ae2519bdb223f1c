/** What the page knows: the messages, and where the next one goes on from. */
import { latestOf } from './tree.js';

export function createStore() {
  let messages = new Map();
  /** `auto` is the latest picture, `none` starts anew, else the person chose. */
  let anchor = 'auto';
  const listeners = new Set();

  function tell(event) {
    for (const listener of listeners) listener(event);
  }

  const find = (id) => messages.get(id);

  return {
    find,
    messages: () => [...messages.values()],
    /** `{ message, picture? }`, or undefined. */
    anchor() {
      if (anchor === 'none') return undefined;
      if (anchor !== 'auto' && find(anchor.message)) return anchor;
      return latestOf([...messages.values()], find);
    },
    isChosen: () => typeof anchor === 'object',
    goOnFrom(next) {
      anchor = next;
      tell({ type: 'anchor' });
    },
    replaceAll(all) {
      messages = new Map(all.map((message) => [message.id, message]));
      tell({ type: 'all' });
    },
    apply(change) {
      if ('removed' in change) messages.delete(change.removed);
      else messages.set(change.put.id, change.put);
      tell({ type: 'change', change });
    },
    listen: (listener) => listeners.add(listener),
  };
}

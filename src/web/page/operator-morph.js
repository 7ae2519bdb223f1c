/** Makes what is shown into what is to be shown, and touches only what differs: focus, selection and voices stay. */

/** Children with an id are known by it, all others by their place. Listeners of `next` are lost. */
export function morph(shown, next) {
  if (shown.isEqualNode(next)) return;
  if (!(shown instanceof Element)) {
    shown.data = next.data;
    return;
  }
  morphAttributes(shown, next);
  const children = [...next.childNodes];
  children.forEach((child, index) => {
    const place = shown.childNodes[index] ?? null;
    const known = counterpart(shown, { child, place });
    if (known === undefined) shown.insertBefore(child, place);
    else {
      if (known !== place) shown.insertBefore(known, place);
      morph(known, child);
    }
  });
  while (shown.childNodes.length > children.length) shown.lastChild.remove();
}

function counterpart(shown, { child, place }) {
  if (child.id) {
    const known = [...shown.children].find(({ id }) => id === child.id);
    return known?.nodeName === child.nodeName ? known : undefined;
  }
  return place !== null && !place.id && place.nodeName === child.nodeName ? place : undefined;
}

function morphAttributes(shown, next) {
  for (const { name } of [...shown.attributes]) {
    if (!next.hasAttribute(name)) shown.removeAttribute(name);
  }
  for (const { name, value } of next.attributes) {
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value);
  }
}

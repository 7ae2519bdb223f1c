/** One message as elements. */
import { linksOf, nameOf, picturesOf, pictureUrl, uploadUrl } from './api.js';
import { el, icon, iconButton } from './dom.js';
import { expectedOf } from './expected.js';

/** `chosen` gives a setting's choice. `actions`: press(button, message), goOnFrom(answered), view(message, index), scrollTo(message). */
export function messageView(message, { words, find, chosen, actions }) {
  const look = `message from-${message.from} look-${message.look}`;
  const author = el('span', {
    class: 'unseen',
    text: message.from === 'person' ? words.you : words.easel,
  });
  const content = message.from === 'person' ? personContent : CONTENTS[message.look];
  return el(
    'li',
    { class: look, id: `m${message.id}` },
    author,
    message.pressed && el('p', { class: 'bubble pressed', text: message.pressed }),
    content(message, { words, find, chosen, actions }),
  );
}

function personContent(message, { words, find, actions }) {
  const { text, uploads, answers } = message;
  const origin = answers && find(answers.message);
  const sent = uploads.map((id, index) =>
    pictureView({ url: uploadUrl(id) }, { message, index, words, actions }),
  );
  return [
    sent.length > 0 && el('div', { class: `frame sent count-${Math.min(sent.length, 4)}` }, sent),
    text !== '' &&
      el(
        'div',
        { class: 'said' },
        origin && originView(answers, origin, { words, actions }),
        el('p', { class: 'bubble', text }),
      ),
  ];
}

/** What the words go on from, small. */
function originView({ message, picture = 0 }, origin, { words, actions }) {
  const pictures = picturesOf(origin);
  const shown = pictures[picture] ?? pictures[0];
  if (shown === undefined) return undefined;
  const label = `${words.continuing}: ${nameOf(origin, words)}`;
  const onclick = () => actions.scrollTo(message);
  const thumb = el('img', { src: shown.url, alt: '' });
  return el(
    'button',
    { type: 'button', class: 'origin', title: label, 'aria-label': label, onclick },
    icon('branch'),
    thumb,
  );
}

const CONTENTS = {
  words: (message, context) => [wordsView(message), buttonsView(message, context)],
  status: (message, context) => [
    canvasView(message, context),
    el('div', { class: 'status-line' }, wordsView(message), buttonsView(message, context)),
  ],
  result: (message, context) => [
    framesView(message, context),
    message.text !== '' && wordsView(message),
    sourcesView(message),
    buttonsView(message, context),
  ],
  files: (message, context) =>
    message.pictures.map((picture) => fileView(picture, message, context)),
};

function canvasView(message, context) {
  const { ratio, count } = expectedOf(message, context);
  const canvases = Array.from({ length: count }, () =>
    el('div', { class: 'canvas' }, el('span', { class: 'brush' })),
  );
  const look = { class: `frame count-${count}`, 'aria-hidden': 'true' };
  return withRatio(el('div', look, canvases), ratio);
}

function withRatio(element, ratio) {
  element.style.setProperty('--ratio', ratio);
  return element;
}

function wordsView({ text }) {
  return el('p', { class: 'words', text });
}

function framesView(message, context) {
  const { pictures } = message;
  const views = pictures.map((picture, index) => {
    const place = pictures.length === 1 ? {} : { picture: index };
    return pictureView(
      { url: pictureUrl(picture), ...picture },
      { ...context, message, index, place },
    );
  });
  const frame = el('div', { class: `frame count-${Math.min(pictures.length, 4)}` }, views);
  return withRatio(frame, pictures[0].width / pictures[0].height);
}

function pictureView({ url, width, height }, { message, index, place = {}, words, actions }) {
  const which = words.picture.replace('{number}', String(index + 1));
  const name = nameOf(message, words);
  const alt = place.picture === undefined ? name : `${name} · ${which}`;
  const pick = () => actions.goOnFrom({ message: message.id, ...place });
  const view = () => actions.view(message.id, index);
  const gone = ({ target }) =>
    target.closest('.picture').replaceChildren(el('p', { class: 'gone', text: words.gone }));
  const image = el('img', { src: url, alt, width, height, loading: 'lazy', onerror: gone });
  const label = `${words.view}: ${alt}`;
  const data = { message: message.id, ...place };
  const pickProps = { type: 'button', class: 'pick', 'aria-label': label, title: words.view };
  const button = el('button', { ...pickProps, data, onclick: view }, image);
  // What people have sent they have.
  const isMade = message.from !== 'person';
  const isAlone = isMade && place.picture === undefined;
  const tools = [
    goOnButton(`${words.reply}: ${alt}`, pick, { words, isAlone }),
    isMade && downloadLink(url, words),
  ];
  const figure = el(
    'figure',
    { class: 'picture' },
    button,
    el('div', { class: 'picture-tools' }, tools),
  );
  if (width === undefined) return figure;
  // Its room is kept before it has come.
  figure.style.setProperty('--width', `${width}px`);
  return withRatio(figure, width / height);
}

function goOnButton(label, onclick, { words, isAlone }) {
  const button = iconButton('branch', label, onclick, 'icon-button go-on');
  button.setAttribute('aria-pressed', 'false');
  button.title = words.reply;
  if (isAlone) button.append(el('span', { text: words.reply }));
  return button;
}

export function downloadLink(href, words) {
  const label = words.download;
  return el(
    'a',
    { class: 'icon-button', href, download: '', title: label, 'aria-label': label },
    icon('download'),
  );
}

function fileView(picture, message, { words }) {
  const { width, height, mediaType, bytes } = picture;
  const kind = mediaType.slice('image/'.length).toUpperCase();
  const size =
    bytes < 1_048_576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1_048_576).toFixed(1)} MB`;
  const facts = `${width} × ${height} · ${kind} · ${size}`;
  return el(
    'div',
    { class: 'file' },
    el('img', { src: pictureUrl(picture), alt: nameOf(message, words), loading: 'lazy' }),
    el('div', {}, el('strong', { text: words.original }), el('span', { text: facts })),
    downloadLink(pictureUrl(picture), words),
  );
}

function sourcesView(message) {
  const links = linksOf(message).map(({ href, text }) =>
    el('a', { href, target: '_blank', rel: 'noreferrer noopener', text }),
  );
  return links.length > 0 && el('p', { class: 'sources' }, links);
}

function buttonsView({ id, buttons }, { actions }) {
  const flat = buttons.flat();
  const views = flat.map((button) =>
    el('button', {
      type: 'button',
      class: 'action',
      text: button.label,
      onclick: () => actions.press(button.id, id),
    }),
  );
  return flat.length > 0 && el('div', { class: 'actions' }, views);
}

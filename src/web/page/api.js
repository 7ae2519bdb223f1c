/** The way to the server. */

async function ask(path, options) {
  const response = await fetch(path, options);
  if (response.ok) return response.json();
  throw Object.assign(new Error(`${path}: ${response.status}`), { status: response.status });
}

function post(path, body) {
  const headers = { 'content-type': 'application/json' };
  return ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

export const getState = () => ask('/api/state');
/** May take its time: gateways are asked for their models. */
export const getSettings = () => ask('/api/settings');
export const press = (button, message) => post('/api/press', { button, message });
export const say = (said) => post('/api/messages', said);

export async function upload(file) {
  const headers = { 'content-type': 'application/octet-stream' };
  const { id } = await ask('/api/uploads', { method: 'POST', headers, body: file });
  return id;
}

/** What the server calls a picture of a message. */
export function pictureUrl({ hash }) {
  return `/pictures/${hash}`;
}

export function uploadUrl(id) {
  return `/uploads/${id}`;
}

/** What a message's pictures are called: by who asked, as far as they said anything. */
export function nameOf({ label, description }, words) {
  return label || description || words['your-picture'];
}

/** Every picture that a message shows, sent or made. */
export function picturesOf({ uploads, pictures }) {
  return [
    ...uploads.map((id) => ({ url: uploadUrl(id) })),
    ...pictures.map((picture) => ({ url: pictureUrl(picture), ...picture })),
  ];
}

/** Links that lead to the web and nowhere else; an address is whatever a model wrote. */
export function linksOf({ sources }) {
  return sources
    .filter(({ url }) => /^https?:\/\//i.test(url) && URL.canParse(url))
    .map(({ url, title }) => ({ href: url, text: title || new URL(url).host }));
}

/** Calls back with all messages, with each change, and with whether the connection stands; `closed` is for good. */
export function watch({ onAll, onChange, onConnection }) {
  const source = new EventSource('/api/events');
  source.addEventListener('open', () => onConnection('open'));
  source.addEventListener('all', ({ data }) => onAll(JSON.parse(data)));
  source.addEventListener('change', ({ data }) => onChange(JSON.parse(data)));
  source.addEventListener('error', () =>
    onConnection(source.readyState === EventSource.CLOSED ? 'closed' : 'lost'),
  );
}

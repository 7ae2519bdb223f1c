/** What is not well, by a report; the worst first. Pure: `test/web/operator-trouble.test.ts` says what it means. */

/** Only the operator can mend these, so they stay until something has gone well again. The setting: `{NAME}_…`. */
const SETTINGS = {
  auth: 'API_KEY',
  quota: 'API_KEY',
  'no-model': 'MODEL',
  'bad-config': 'BASE_URL',
  redirected: 'BASE_URL',
  'async-task': 'DIALECT',
};
/** These pass, or do not; they are a word worth while they are new. The rest is between a model and its prompt. */
const PASSING = [
  'rate-limited',
  'overloaded',
  'unreachable',
  'connection-lost',
  'timeout',
  'malformed-answer',
  'answer-too-large',
  'empty-answer',
  'server-error',
];
const MINUTE_MS = 60_000;
const RECENT_MINUTES = 10;
/** A platform that is just starting, or taking its connection up again. */
const CONNECTING_MS = 20_000;
const SLOW_MS = 2 * MINUTE_MS;
const MANY_FAILURES = 3;

/** `{ level: 'bad' | 'warn', kind, … }` with the facts of its kind. */
export function troublesOf(report) {
  const troubles = [
    ...report.platforms.flatMap((platform) => platformTrouble(platform, report)),
    ...report.providers.flatMap((provider) => providerTroubles(provider, report)),
    ...failing(report),
    ...slow(report),
  ];
  const isBad = ({ level }) => level === 'bad';
  return [...troubles.filter(isBad), ...troubles.filter((trouble) => !isBad(trouble))];
}

function platformTrouble({ name, state, since }, { now }) {
  if (state === 'connected') return [];
  const forMs = now - since;
  if (forMs < CONNECTING_MS) return [{ level: 'warn', kind: 'connecting', platform: name }];
  return [{ level: 'bad', kind: 'platform', platform: name, forMs }];
}

/** Bad where no key of it is left; one trouble for each key that is refused, one for what passes. */
function providerTroubles(provider, { now }) {
  const { name, keys } = provider;
  const stuck = keys.map(unmended);
  const level = stuck.every(Boolean) ? 'bad' : 'warn';
  const refused = stuck.flatMap((error, index) =>
    error
      ? [{ ...{ level, kind: 'key', provider: name }, ...refusal(error, { index, keys, name }) }]
      : [],
  );
  return [...refused, ...passing(provider, now)];
}

function refusal({ code, at }, { index, keys, name }) {
  const setting = `${name.toUpperCase().replaceAll('-', '_')}_${SETTINGS[code]}`;
  return { code, at, setting, ...(keys.length > 1 && { key: index + 1 }) };
}

/** The key's last error, where nothing has gone well since and only the operator can mend it. */
function unmended(key) {
  return isStanding(key) && key.lastError.code in SETTINGS ? key.lastError : undefined;
}

function passing({ name, keys }, now) {
  const errors = keys
    .filter(isStanding)
    .map(({ lastError }) => lastError)
    .filter(({ code, at }) => PASSING.includes(code) && now - at < RECENT_MINUTES * MINUTE_MS)
    .toSorted((a, b) => b.at - a.at);
  return errors
    .slice(0, 1)
    .map(({ code, at }) => ({ level: 'warn', kind: 'provider', provider: name, code, at }));
}

/** Whether nothing has gone well after the last error. */
export function isStanding({ lastError, lastSuccessAt = 0 }) {
  return lastError !== undefined && lastError.at >= lastSuccessAt;
}

function failing({ minutes }) {
  const recent = minutes.slice(-RECENT_MINUTES);
  const sum = (name) => recent.reduce((total, minute) => total + minute[name], 0);
  const failures = sum('failures');
  if (failures < MANY_FAILURES || failures <= sum('pictures')) return [];
  return [{ level: 'warn', kind: 'failing', failures }];
}

function slow({ jobs, now }) {
  const waits = jobs.filter(({ phase }) => phase === 'waiting').map((job) => now - job.acceptedAt);
  const forMs = Math.max(0, ...waits);
  return forMs < SLOW_MS ? [] : [{ level: 'warn', kind: 'slow', forMs }];
}

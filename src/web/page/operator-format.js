/** Numbers and times as people of one language write them, each kind in one way; nothing here needs words of ours. */

const SECOND_MS = 1_000;
/** As units are written everywhere: the number, a space that does not break, the sign. */
const SPACE = '\u00a0';
/** From the longest; a duration is told in two of them. */
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', SECOND_MS],
];
const DAY_MS = 86_400_000;
/** Below it tenths of a second are worth telling. */
const PRECISE_BELOW_MS = 10 * SECOND_MS;
/** Below it, in dollars, cents say too little. */
const SMALL_COST = 0.1;
const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };

/** For an IETF tag; times are in the browser's zone. */
export function createFormat(language) {
  const number = (options) => {
    const format = new Intl.NumberFormat(language, options);
    return (value) => format.format(value);
  };
  const unit = (name, options) => unitFormat(language, { unit: name, ...options });
  const tenths = unit('second', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const say = (time, options) => new Intl.DateTimeFormat(language, options).format(time);
  const duration = (ms) => sayDuration(unit, Math.max(0, ms));
  return {
    count: number({}),
    compact: number({ notation: 'compact', maximumFractionDigits: 1 }),
    cost: (dollars) => number(costOptions(dollars))(dollars),
    duration,
    /** Of what takes seconds as a rule. */
    latency: (ms) => (ms < PRECISE_BELOW_MS ? tenths(ms / SECOND_MS) : duration(ms)),
    /** A duration in one unit: of what was so long ago. */
    age(ms) {
      const [name, size] = UNITS.find(([, unitMs]) => ms >= unitMs) ?? UNITS.at(-1);
      return unit(name)(Math.floor(Math.max(0, ms) / size));
    },
    clock: (time) => say(time, { ...CLOCK, second: '2-digit' }),
    minute: (time) => say(time, CLOCK),
    /** With its day, where that was another. */
    moment(time, now) {
      const day = { month: 'short', day: 'numeric' };
      return say(time, now - time < DAY_MS ? CLOCK : { ...day, ...CLOCK });
    },
    /** `YYYY-MM-DD`, as it is: in UTC. */
    day: (day, options) => say(Date.parse(day), { ...options, timeZone: 'UTC' }),
  };
}

/** `3 s`, `12 min`: of the language alone, since its countries differ in nothing but dots and plurals here. */
function unitFormat(language, options) {
  const base = new Intl.Locale(language).language;
  // Where minutes would be an `m`, which is a metre.
  const isLetter = base === 'en' && options.unit !== 'minute';
  const unitDisplay = isLetter ? 'narrow' : 'short';
  const format = new Intl.NumberFormat(base, { style: 'unit', unitDisplay, ...options });
  return (value) => format.format(value).replace(/(\d)\s*(\p{L})/u, `$1${SPACE}$2`);
}

function sayDuration(unit, ms) {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [[name, size], next] = UNITS.slice(first < 0 ? -1 : first);
  const whole = unit(name)(Math.floor(ms / size));
  if (next === undefined) return whole;
  const rest = Math.floor((ms % size) / next[1]);
  return rest === 0 ? whole : whole + SPACE + unit(next[0])(rest);
}

function costOptions(dollars) {
  const digits = dollars > 0 && dollars < SMALL_COST ? 4 : 2;
  return {
    ...{ style: 'currency', currency: 'USD' },
    ...{ minimumFractionDigits: 2, maximumFractionDigits: digits },
  };
}

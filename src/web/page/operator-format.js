/** Numbers and times as people of one language write them; nothing here needs words of ours. */

const SECOND_MS = 1_000;
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
  const unit = (name, options) =>
    number({ style: 'unit', unit: name, unitDisplay: 'short', ...options });
  const tenths = unit('second', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const say = (time, options) => new Intl.DateTimeFormat(language, options).format(time);
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  const duration = (ms) => sayDuration(unit, Math.max(0, ms));
  return {
    count: number({}),
    compact: number({ notation: 'compact', maximumFractionDigits: 1 }),
    cost: (dollars) => number(costOptions(dollars))(dollars),
    duration,
    /** Of what takes seconds as a rule. */
    latency: (ms) => (ms < PRECISE_BELOW_MS ? tenths(ms / SECOND_MS) : duration(ms)),
    ago(ms) {
      const [name, size] = UNITS.find(([, unitMs]) => ms >= unitMs) ?? ['second', SECOND_MS];
      return relative.format(-Math.floor(Math.max(0, ms) / size), name);
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

function sayDuration(unit, ms) {
  const first = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [[name, size], next] = UNITS.slice(first < 0 ? -1 : first);
  const whole = unit(name)(Math.floor(ms / size));
  if (next === undefined) return whole;
  const rest = Math.floor((ms % size) / next[1]);
  return rest === 0 ? whole : `${whole} ${unit(next[0])(rest)}`;
}

function costOptions(dollars) {
  const digits = dollars > 0 && dollars < SMALL_COST ? 4 : 2;
  return {
    ...{ style: 'currency', currency: 'USD' },
    ...{ minimumFractionDigits: 2, maximumFractionDigits: digits },
  };
}

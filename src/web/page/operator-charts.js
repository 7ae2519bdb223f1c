/** Plots as drawings, each with a sentence that says the same. */
import { el, svg } from './dom.js';
import { daysOf, durationsOf, hourOf } from './operator-plots.js';

const HEIGHT = 100;
/** Of the room that a bar has. */
const BAR = 0.72;
const DAYS = 14;

/** Pictures upwards, failures downwards: nobody has to tell their colours apart. Undefined where there is neither. */
export function hourChart({ report, say, format }) {
  const { pictures, failures, most, top, base, bars } = hourOf(report.minutes);
  if (pictures + failures === 0) return undefined;
  const counts = Object.entries({ pictures, failures, most });
  const values = Object.fromEntries(counts.map(([name, value]) => [name, format.count(value)]));
  return figure({
    text: say('hour.text', values),
    width: bars.length,
    top: format.count(top),
    drawing: [
      ruleAt(base * HEIGHT, bars.length),
      ...bars.map((bar, index) => minuteBar(bar, { index, base, say, format })),
    ],
    legend: [
      el('span', { class: 'sign', text: say('pictures') }),
      el('span', { class: 'sign sign-failures', text: say('failures') }),
    ],
    ends: [say('hour.begin'), say('hour.end')],
  });
}

function minuteBar({ at, pictures, failures, up, down }, { index, base, say, format }) {
  const title = svg('title', {});
  title.textContent = say('hour.minute', { time: format.minute(at), pictures, failures });
  const middle = { x: index + (1 - BAR) / 2, width: BAR };
  return svg(
    'g',
    { class: 'bar' },
    rect('bar-room', { x: index, width: 1, y: 0, height: 1 }),
    rect('bar-up', { ...middle, y: base - up, height: up }),
    rect('bar-down', { ...middle, y: base, height: down }),
    title,
  );
}

/** Undefined where no picture was made. */
export function durationChart({ report, say, format }) {
  const times = durationsOf(report.minutes);
  if (times === undefined) return undefined;
  const { least, most, last, topMs, points } = times;
  const said = Object.entries({ least, most, last });
  const values = Object.fromEntries(said.map(([name, ms]) => [name, format.latency(ms)]));
  const line = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x} ${y * HEIGHT}`);
  // A line of no length with round ends is a dot that keeps its shape, however the plot is stretched.
  const dots = points.map(({ x, y }) => `M${x} ${y * HEIGHT}h0`);
  return figure({
    text: durationText(values, say),
    width: report.minutes.length,
    top: format.duration(topMs),
    drawing: [
      ruleAt(HEIGHT, report.minutes.length),
      svg('path', { class: 'line', d: line.join('') }),
      svg('path', { class: 'dots', d: dots.join('') }),
    ],
    legend: [],
    ends: [say('hour.begin'), say('hour.end')],
  });
}

/** What is the same is said once. */
function durationText(values, say) {
  const isSame = new Set(Object.values(values)).size === 1;
  return isSame ? say('duration.same', { time: values.last }) : say('duration.text', values);
}

/** The drawing is stretched to the room there is; words stand around it, where nothing stretches them. */
function figure({ text, width, top, drawing, legend, ends: [begin, end] }) {
  const look = { viewBox: `0 0 ${width} ${HEIGHT}`, preserveAspectRatio: 'none' };
  return el(
    'figure',
    { class: 'plot' },
    el('div', { class: 'plot-head', 'aria-hidden': 'true' }, el('span', { text: top }), legend),
    svg('svg', { ...look, role: 'img', 'aria-label': text }, ...drawing),
    el(
      'div',
      { class: 'plot-ends', 'aria-hidden': 'true' },
      el('span', { text: begin }),
      el('span', { text: end }),
    ),
    el('p', { class: 'plot-text', 'aria-hidden': 'true', text }),
  );
}

/** Columns with their numbers above them: a list, which needs no other words. Undefined where all are zero. */
export function daysChart({ report, say, format }) {
  const { pictures, most, bars } = daysOf(report.days, { now: report.now, count: DAYS });
  if (pictures === 0) return undefined;
  const values = { pictures: format.count(pictures), most: format.count(most) };
  return el(
    'div',
    {},
    el(
      'ol',
      { class: 'days' },
      bars.map((bar) => dayColumn(bar, format)),
    ),
    el('p', { class: 'plot-text', text: say('days.text', values) }),
  );
}

function dayColumn({ day, pictures, up, isMost, isToday }, format) {
  const height = Math.round(up * HEIGHT);
  const bar = svg('rect', { class: 'bar-up', x: 0, width: 1, y: HEIGHT - height, height });
  const look = { viewBox: `0 0 1 ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' };
  return el(
    'li',
    { class: ['day', isToday && 'is-today', isMost && 'is-most'].filter(Boolean).join(' ') },
    el('span', { class: 'unseen', text: format.day(day, { month: 'long', day: 'numeric' }) }),
    el('span', { class: 'day-count', text: format.compact(pictures) }),
    svg('svg', look, bar),
    el('span', { text: format.day(day, { weekday: 'narrow' }), 'aria-hidden': 'true' }),
  );
}

function rect(look, { x, width, y, height }) {
  return svg('rect', { class: look, x, width, y: y * HEIGHT, height: height * HEIGHT });
}

function ruleAt(y, width) {
  return svg('path', { class: 'rule', d: `M0 ${y}H${width}` });
}

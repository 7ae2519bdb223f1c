/** Numbers as shapes. Pure; x runs from 0 to the number of values, y from 0 at the top to 1. */

const DAY_MS = 86_400_000;

/** The next of 1, 2, 5, 10, 20, 50 … that is not below `value`. */
export function niceTop(value) {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

/**
 * What is shown of an hour: sums, and for each minute how far its bars go from `base`, where `y` is 0: pictures up,
 * failures down, both to one scale.
 */
export function hourOf(minutes) {
  const sum = (name) => minutes.reduce((total, minute) => total + minute[name], 0);
  const most = Math.max(0, ...minutes.map(({ pictures }) => pictures));
  const top = niceTop(most);
  const span = top + Math.max(0, ...minutes.map(({ failures }) => failures));
  const bars = minutes.map(({ at, pictures, failures }) => ({
    ...{ at, pictures, failures },
    up: pictures / span,
    down: failures / span,
  }));
  return {
    pictures: sum('pictures'),
    failures: sum('failures'),
    most,
    top,
    base: top / span,
    bars,
  };
}

/** The times of pictures as a line over those minutes that have one; undefined where none has. */
export function durationsOf(minutes) {
  const values = minutes.flatMap(({ durationMs }, index) =>
    durationMs === undefined ? [] : [{ x: index + 0.5, durationMs }],
  );
  if (values.length === 0) return undefined;
  const times = values.map(({ durationMs }) => durationMs);
  const sorted = times.toSorted((a, b) => a - b);
  const topMs = niceTop(sorted.at(-1) / 1000) * 1000;
  return {
    least: sorted[0],
    median: sorted[Math.floor((sorted.length - 1) / 2)],
    most: sorted.at(-1),
    last: times.at(-1),
    topMs,
    points: values.map(({ x, durationMs }) => ({ x, y: 1 - durationMs / topMs })),
  };
}

/** The last `count` days, also those of which nothing is known; the tallest bar is 1. */
export function daysOf(days, { now, count }) {
  const known = new Map(days.map((day) => [day.day, picturesOf(day)]));
  const all = Array.from({ length: count }, (_, index) => {
    const day = dayOf(now - (count - 1 - index) * DAY_MS);
    return { day, pictures: known.get(day) ?? 0 };
  });
  const most = Math.max(0, ...all.map(({ pictures }) => pictures));
  const bars = all.map((one) => ({
    ...one,
    up: one.pictures / Math.max(1, most),
    isMost: one.pictures === most,
    isToday: one.day === dayOf(now),
  }));
  return { pictures: all.reduce((total, { pictures }) => total + pictures, 0), most, bars };
}

export function picturesOf({ platforms }) {
  return Object.values(platforms).reduce((total, pictures) => total + pictures, 0);
}

/** `YYYY-MM-DD`, UTC. */
export function dayOf(time) {
  return new Date(time).toISOString().slice(0, 10);
}

/** Sums of the present day; zeros where nothing has happened in it yet. */
export function todayOf({ days, now }) {
  const day = days.find((one) => one.day === dayOf(now));
  const { platforms = {}, models = {}, outcomes = {} } = day ?? {};
  const { failed = 0, interrupted = 0, unknown = 0 } = outcomes;
  const used = Object.values(models);
  const priced = used.filter(({ cost }) => cost !== undefined);
  return {
    ...{ platforms, models },
    pictures: picturesOf({ platforms }),
    failures: failed + interrupted + unknown,
    cost: priced.length === 0 ? undefined : priced.reduce((total, { cost }) => total + cost, 0),
    isPartlyPriced: priced.length > 0 && priced.length < used.length,
  };
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLine, type Line, type Place } from '../../../src/core/job/line.ts';

function enter(
  line: Line,
  personId: string,
  signal = new AbortController().signal,
  { chat = 'chat', isOrdered = false } = {},
) {
  const place = line.enter({ personId, chat, isOrdered, signal });
  const entry = { place, started: false };
  void place.turn.then(() => {
    entry.started = true;
  });
  return entry;
}

const settle = () => new Promise(setImmediate);
const aheads = (entries: { place: Place }[]) => entries.map(({ place }) => place.ahead());

describe('the line', () => {
  it('lets as many run as there may, and tells the others how many are before them', async () => {
    const line = createLine({ concurrency: 2, userConcurrency: 1 });
    const entries = ['ada', 'bob', 'cyd', 'dan'].map((name) => enter(line, name));
    await settle();
    expect(entries.map(({ started }) => started)).toEqual([true, true, false, false]);
    expect(aheads(entries)).toEqual([0, 0, 1, 2]);
    expect(line.waiting()).toBe(2);
  });

  it('keeps one person below their own limit, in the order of asking', async () => {
    const line = createLine({ concurrency: 8, userConcurrency: 2 });
    const own = [1, 2, 3, 4].map(() => enter(line, 'ada'));
    const other = enter(line, 'bob');
    expect(aheads([...own, other])).toEqual([0, 0, 1, 2, 0]);
    own[1]?.place.leave();
    await settle();
    expect(own.map(({ started }) => started)).toEqual([true, true, true, false]);
    expect(aheads(own)).toEqual([0, 0, 0, 1]);
  });

  it('gives others a turn before the backlog of one', async () => {
    const line = createLine({ concurrency: 1, userConcurrency: 1 });
    const [first, second, third] = [1, 2, 3].map(() => enter(line, 'ada'));
    const other = enter(line, 'bob');
    expect([other.place.ahead(), second?.place.ahead(), third?.place.ahead()]).toEqual([1, 2, 3]);
    first?.place.leave();
    await settle();
    expect([other.started, second?.started]).toEqual([true, false]);
    expect([second?.place.ahead(), third?.place.ahead()]).toEqual([1, 2]);
  });

  it('keeps what goes on behind what it goes on from, and lets the rest pass', async () => {
    const line = createLine({ concurrency: 8, userConcurrency: 3 });
    const { signal } = new AbortController();
    const first = enter(line, 'ada', signal);
    const next = enter(line, 'ada', signal, { isOrdered: true });
    const free = enter(line, 'ada', signal);
    const elsewhere = enter(line, 'ada', signal, { chat: 'other', isOrdered: true });
    const last = enter(line, 'ada', signal, { isOrdered: true });
    await settle();
    const started = () => [first, next, free, elsewhere, last].map((entry) => entry.started);
    expect(started()).toEqual([true, false, true, true, false]);
    first.place.leave();
    await settle();
    expect(started()).toEqual([true, true, true, true, false]);
    next.place.leave();
    free.place.leave();
    await settle();
    expect(started()).toEqual([true, true, true, true, true]);
  });

  it('lets go at once who stops waiting, wherever they stand', async () => {
    const line = createLine({ concurrency: 1, userConcurrency: 1 });
    enter(line, 'ada');
    const [inLane, inLine] = [new AbortController(), new AbortController()];
    const waiting = [enter(line, 'ada', inLane.signal), enter(line, 'bob', inLine.signal)];
    const last = enter(line, 'cyd');
    inLane.abort();
    inLine.abort();
    await settle();
    expect(waiting.map(({ started }) => started)).toEqual([true, true]);
    expect([line.waiting(), last.place.ahead(), last.started]).toEqual([1, 1, false]);
  });

  it('keeps the place of who is stopped while running, until they leave', async () => {
    const line = createLine({ concurrency: 1, userConcurrency: 1 });
    const controller = new AbortController();
    const running = enter(line, 'ada', controller.signal);
    const next = enter(line, 'bob');
    controller.abort();
    await settle();
    expect(next.started).toBe(false);
    running.place.leave();
    running.place.leave();
    await settle();
    expect(next.started).toBe(true);
  });

  it('never runs more than it may, and forgets nobody', async () => {
    const step = fc.record({ person: fc.constantFrom('ada', 'bob', 'cyd'), leaves: fc.nat(9) });
    const limits = fc.record({
      concurrency: fc.integer({ min: 1, max: 4 }),
      own: fc.constantFrom(1, 2),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), limits, async (steps, limit) => {
        const { concurrency, own: userConcurrency } = limit;
        const line = createLine({ concurrency, userConcurrency });
        const here: (ReturnType<typeof enter> & { person: string })[] = [];
        const check = async () => {
          await settle();
          const running = here.filter(({ started }) => started).map(({ person }) => person);
          expect(running.length).toBeLessThanOrEqual(concurrency);
          for (const name of running) {
            expect(running.filter((other) => other === name).length).toBeLessThanOrEqual(
              userConcurrency,
            );
          }
          expect(line.waiting()).toBe(here.length - running.length);
        };
        for (const { person, leaves } of steps) {
          here.push(Object.assign(enter(line, person), { person }));
          const [gone] = here.splice(leaves, 1);
          gone?.place.leave();
          await check();
        }
        while (here.length > 0) {
          expect(here.some(({ started }) => started)).toBe(true);
          here
            .splice(
              here.findIndex(({ started }) => started),
              1,
            )[0]
            ?.place.leave();
          await check();
        }
      }),
      { numRuns: 50 },
    );
  });
});

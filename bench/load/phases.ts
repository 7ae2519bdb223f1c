/** What is asked of the bot, one after the other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { now } from './clock.ts';
import type { Journal } from './journal.ts';
import type { Server } from './server.ts';
import type { Pace } from './stamps.ts';

export interface World {
  journal: Journal;
  api: Server;
}

export interface Phase {
  name: string;
  run(world: World): Promise<void>;
}

export interface PhaseOptions {
  idleMs: number;
  holdMs: number;
  pacedCount: number;
  floodMs: number;
}

const USERS = 100;
/** Between the ends of two held streams: all at once would measure only the crowd at the end. */
const HELD_GAP_MS = 100;
const PACED_GAP_MS = 1_000;
/** A picture at about 13 MB/s. */
const PACED: Pace = { thinkMs: 9_800, sendMs: 200 };
const FLOOD: Pace = { thinkMs: 200, sendMs: 0 };

export function createPhases({ idleMs, holdMs, pacedCount, floodMs }: PhaseOptions): Phase[] {
  return [
    { name: 'idle', run: () => sleep(idleMs) },
    { name: 'held', run: (world) => hold(world, holdMs) },
    { name: 'paced', run: (world) => pace(world, pacedCount) },
    { name: 'flood', run: (world) => flood(world, floodMs) },
  ];
}

/** All at once, each half of the time thinking; the pictures then come slowly, so that all are held half done. */
async function hold({ journal, api }: World, holdMs: number): Promise<void> {
  const opened = users().map((user, index) => {
    const thinkMs = holdMs / 2;
    return journal.open('held', user, { thinkMs, sendMs: holdMs / 2 + index * HELD_GAP_MS });
  });
  api.say(opened.map(({ wish }) => wish));
  await Promise.all(opened.map(({ delivered }) => delivered));
}

/** One a second, whatever became of those before. */
async function pace({ journal, api }: World, count: number): Promise<void> {
  const begunAt = now();
  const all: Promise<void>[] = [];
  for (const [index, user] of users().slice(0, count).entries()) {
    await sleep(Math.max(0, begunAt + index * PACED_GAP_MS - now()));
    const { wish, delivered } = journal.open('paced', user, PACED);
    api.say([wish]);
    // Told at the end; until then, nobody waits for it.
    delivered.catch(() => {});
    all.push(delivered);
  }
  await Promise.all(all);
}

/** Everybody wishes again as soon as the picture is there. */
async function flood({ journal, api }: World, floodMs: number): Promise<void> {
  const endsAt = now() + floodMs;
  const wishOnAndOn = async (user: number) => {
    while (now() < endsAt) {
      const { wish, delivered } = journal.open('flood', user, FLOOD);
      api.say([wish]);
      await delivered;
    }
  };
  await Promise.all(users().map(wishOnAndOn));
}

function users(): number[] {
  return Array.from({ length: USERS }, (_, index) => 1_001 + index);
}

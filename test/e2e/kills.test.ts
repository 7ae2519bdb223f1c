/** A few of the kills that `npm run bench:kills` does by the hundred. */
import { expect, it } from 'vitest';
import { killJobs } from './kills.ts';

it('killed at random instants, no job is paid twice, and none ends in silence', async () => {
  const ledger = await killJobs({ jobs: 20, seed: 1 });
  const { paidTwice, silent, disagreements, delivered, told } = ledger;
  expect({ paidTwice, silent, disagreements }).toEqual({
    paidTwice: 0,
    silent: 0,
    disagreements: [],
  });
  expect(delivered + told).toBe(20);
}, 120_000);

/**
 * Opens the store in the folder it is given and writes rows, each told when it is written, until it is killed. It ends by
 * itself after so many rows, and when nobody listens any more.
 */
import { setTimeout } from 'node:timers/promises';
import { openStore } from '../../../src/core/store/open-store.ts';

const silent = () => {};
const logger = { debug: silent, info: silent, warn: silent, error: silent };
const [, , dataDir = ''] = process.argv;
process.stdout.on('error', () => process.exit(1));
const store = await openStore({ url: 'sqlite:', dataDir, logger });
const table = store.table<{ index: number; text: string }>('rows');
for (let index = 0; index < 5_000; index += 1) {
  await table.set(`row ${index}`, { index, text: 'x'.repeat(2_000) });
  process.stdout.write(`${index}\n`);
  // SQLite's calls never leave the microtasks: without a pause nothing else is heard.
  await setTimeout(1);
}
await store.close();

/**
 * One measurement, a process of its own: `node --expose-gc measure.ts <case as JSON>` prints its cost and the hashes of
 * the pictures as JSON. The pictures are hashed after the measured span.
 */
import { hashPicture } from './formats.ts';
import { type Cost, meter } from './meter.ts';
import type { Picture } from './peers/peer.ts';
import { peers } from './peers/peers.ts';
import type { Case } from './plan.ts';

export interface Measurement extends Cost {
  hashes: string[];
}

// As in a bot that has made a picture before: the compiler is done, and little memory was touched.
const WARM_UP_BYTES = 256 * 1024;
const WARM_UPS = 12;

async function measure({ peer, format, bytes, streams }: Case, origin: string) {
  const decode = await peers[peer].load();
  const address = (size: number) => ({ baseUrl: `${origin}/${format}/${size}`, format });
  for (let round = 0; round < WARM_UPS; round += 1) await decode(address(WARM_UP_BYTES));
  const all = Array.from({ length: streams }, () => address(bytes));
  const { cost, result } = await meter(() => Promise.all(all.map(decode)));
  return { ...cost, hashes: await hashAll(result.flat()) } satisfies Measurement;
}

async function hashAll(pictures: Picture[]): Promise<string[]> {
  const hashes: string[] = [];
  for (const picture of pictures) hashes.push(await hashPicture(picture));
  return hashes;
}

const [one = '', origin = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await measure(JSON.parse(one), origin)));
process.exit();

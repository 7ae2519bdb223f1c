import { EaselError } from '../errors.ts';
import type { ByteReader } from './byte-reader.ts';
import type { Facts, Walk } from './inspect.ts';

// Markers of ITU-T T.81, table B.1.
const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const JPG = 0xc8;
const DAC = 0xcc;
const COM = 0xfe;

// A progressive picture has some tens of segments.
const MAX_SEGMENTS = 20_000;

/** Segment by segment to the end of the first picture; thumbnails lie inside APP segments, a second picture behind. */
export const inspectJpeg: Walk = async (reader, fingerprint) => {
  await reader.skip(2);
  const facts: Facts = { width: 0, height: 0, frames: 1 };
  let marker = await readMarker(reader);
  let scanned = 0;
  for (let count = 0; count < MAX_SEGMENTS; count += 1) {
    if (marker === EOI && scanned > 0) return facts;
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= EOI)) break;

    const length = (await reader.read(2)).readUInt16BE(0) - 2;
    if (length < 0) break;
    const start = await reader.read(Math.min(length, 5));
    if (isFrame(marker) && start.length === 5) {
      facts.height = start.readUInt16BE(1);
      facts.width = start.readUInt16BE(3);
    }
    const kept = !isMetadata(marker);
    if (kept) fingerprint.update(Buffer.of(marker)).update(start);
    await reader.skip(length - start.length, (bytes) => kept && fingerprint.update(bytes));

    if (marker !== SOS) {
      marker = await readMarker(reader);
      continue;
    }
    const scan = reader.position();
    marker = await reader.skipPast(0xff, endsScan, (bytes) => fingerprint.update(bytes));
    scanned += reader.position() - scan - 2;
  }
  throw new EaselError('incomplete-image');
};

async function readMarker(reader: ByteReader): Promise<number> {
  if ((await reader.read(1))[0] !== 0xff) throw new EaselError('incomplete-image');
  // Any number of fill bytes may stand before a marker (T.81, B.1.1.2).
  for (;;) {
    const [byte = 0] = await reader.read(1);
    if (byte !== 0xff) return byte;
  }
}

/** Inside a scan, FF00 is a byte FF, FFD0 to FFD7 are restarts, and FFFF is fill. */
function endsScan(second: number): boolean {
  return second !== 0 && second !== 0xff && (second < 0xd0 || second > 0xd7);
}

function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== DHT && marker !== JPG && marker !== DAC;
}

function isMetadata(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === COM;
}

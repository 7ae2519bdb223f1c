import { EaselError } from '../errors.ts';
import type { ByteReader, Tap } from './byte-reader.ts';
import type { Walk } from './inspect.ts';

// Top-level boxes of HEIF and AVIF files; anything else begins a tail.
const KNOWN = new Set(
  'ftyp styp meta mdat moov moof mfra sidx free skip uuid idat pdin udta'.split(' '),
);

const MAX_BOXES = 1_000;
const REST_BYTES = 64 * 1024;
// Phones' tiled pictures have some 10 KB of properties.
const MAX_META_BYTES = 4 * 1024 * 1024;

interface Box {
  type: string;
  headerBytes: number;
  /** Bytes of content; undefined for a box that runs to the end of the file. */
  length: number | undefined;
}

type Size = readonly [width: number, height: number];

/** Box by box (ISO/IEC 14496-12). The fingerprint is of the media data, since provenance lives in boxes of its own. */
export const inspectIsobmff: Walk = async (reader, fingerprint) => {
  let size: Size | undefined;
  let dataBytes = 0;
  for (let count = 0; count < MAX_BOXES; count += 1) {
    const box = parseBox(await reader.peek(16));
    if (box === undefined || !KNOWN.has(box.type)) break;
    await reader.skip(box.headerBytes);
    if (box.type === 'meta') {
      size ??= largestExtent(await readMeta(reader, box));
      continue;
    }
    const start = reader.position();
    const media = box.type === 'mdat';
    await skipContent(reader, box, (bytes) => media && fingerprint.update(bytes));
    if (media) dataBytes += reader.position() - start;
  }
  if (size === undefined || dataBytes === 0) throw new EaselError('incomplete-image');
  return { width: size[0], height: size[1], frames: 1 };
};

/** The box at the start of `bytes`; undefined where there is none. */
function parseBox(bytes: Buffer): Box | undefined {
  if (bytes.length < 8) return undefined;
  const type = bytes.toString('latin1', 4, 8);
  const size = bytes.readUInt32BE(0);
  if (size === 0) return { type, headerBytes: 8, length: undefined };
  if (size >= 8) return { type, headerBytes: 8, length: size - 8 };
  if (size !== 1 || bytes.length < 16) return undefined;
  return { type, headerBytes: 16, length: Number(bytes.readBigUInt64BE(8)) - 16 };
}

async function skipContent(reader: ByteReader, box: Box, tap: Tap): Promise<void> {
  if (box.length !== undefined) return reader.skip(box.length, tap);
  for (;;) {
    const { length } = await reader.peek(REST_BYTES);
    if (length === 0) return;
    await reader.skip(length, tap);
  }
}

async function readMeta(reader: ByteReader, { length }: Box): Promise<Buffer> {
  if (length === undefined || length < 4 || length > MAX_META_BYTES) {
    throw new EaselError('incomplete-image');
  }
  // Past version and flags.
  return (await reader.read(length)).subarray(4);
}

/** The largest `ispe` property: the picture itself, for its tiles and thumbnails are smaller. */
function largestExtent(meta: Buffer): Size | undefined {
  const extents = children(meta, 'iprp')
    .flatMap((properties) => children(properties, 'ipco'))
    .flatMap((container) => children(container, 'ispe'))
    .filter((extent) => extent.length >= 12)
    .map((extent): Size => [extent.readUInt32BE(4), extent.readUInt32BE(8)]);
  return extents.toSorted((a, b) => b[0] * b[1] - a[0] * a[1])[0];
}

function children(content: Buffer, type: string): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < content.length; ) {
    const box = parseBox(content.subarray(at, at + 16));
    if (box === undefined) break;
    const start = at + box.headerBytes;
    const end = box.length === undefined ? content.length : start + box.length;
    if (box.type === type) found.push(content.subarray(start, end));
    at = end;
  }
  return found;
}

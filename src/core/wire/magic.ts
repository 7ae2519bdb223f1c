/** What bytes say of themselves. Declared types lie in both directions (Q38). */
import type { MediaType } from '../types.ts';

/** The raster format that the first bytes (16 or more) announce; names and declared types are never asked. */
export function detectMediaType(head: Uint8Array): MediaType | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const ascii = bytes.toString('latin1', 0, 64);
  if (ascii.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (ascii.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (/^GIF8[79]a/.test(ascii)) return 'image/gif';
  if (ascii.startsWith('RIFF') && ascii.slice(8, 12) === 'WEBP') return 'image/webp';
  if (ascii.slice(4, 8) === 'ftyp') return detectBrand(bytes);
  return undefined;
}

const AVIF_BRANDS = new Set(['avif', 'avis']);
// HEVC in HEIF (ISO/IEC 23008-12); mif1 and msf1 name no codec, and phones mean HEVC by them.
const HEIC_BRANDS = new Set('heic heix heim heis hevc hevx hevm hevs mif1 msf1'.split(' '));

function detectBrand(bytes: Buffer): MediaType | undefined {
  const end = Math.min(bytes.length, bytes.length < 4 ? 0 : bytes.readUInt32BE(0));
  const brands: string[] = [];
  // The major brand, then, past a version number, the compatible ones.
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4) {
    brands.push(bytes.toString('latin1', at, at + 4));
  }
  if (brands.some((brand) => AVIF_BRANDS.has(brand))) return 'image/avif';
  return brands.some((brand) => HEIC_BRANDS.has(brand)) ? 'image/heic' : undefined;
}

import sharp, { type Sharp } from 'sharp';
import type { Dimensions } from './dimensions.ts';
import { type Canvas, toCanvas } from './edit.ts';

const PAPER = '#f3efe6';
/** Of the shorter side. */
const GAP = 0.018;

/** All pictures, whole and in their order, in a grid on paper. */
export async function composeCollage(
  pictures: Uint8Array[],
  { size, sent }: { size: Dimensions; sent: Dimensions[] },
): Promise<Canvas> {
  const gap = Math.max(2, Math.round(Math.min(size.width, size.height) * GAP));
  const cells = layOut(sent, size, gap);
  const tiles = await Promise.all(
    pictures.map(async (picture, index) => {
      const { left = 0, top = 0, width = 1, height = 1 } = cells[index] ?? {};
      const tile = await openPicture(picture)
        .resize(width, height, { fit: 'contain', background: PAPER })
        .png({ compressionLevel: 0 })
        .toBuffer();
      return { input: tile, left, top };
    }),
  );
  const paper = sharp({ create: { ...size, channels: 3, background: PAPER } });
  return toCanvas(paper.composite(tiles));
}

/** A picture that somebody sent, upright. */
export function openPicture(bytes: Uint8Array): Sharp {
  return sharp(bytes, { autoOrient: true });
}

interface Cell extends Dimensions {
  left: number;
  top: number;
}

/** The grid that shows pictures of their common shape largest; a last row that is not full is centred. */
function layOut(sent: Dimensions[], { width, height }: Dimensions, gap: number): Cell[] {
  const count = sent.length;
  const shape = sent.reduce((sum, picture) => sum + picture.width / picture.height, 0) / count;
  const reach = (columns: number): number =>
    Math.min(width / columns / shape, height / Math.ceil(count / columns));
  const choices = sent.map((_, index) => index + 1);
  const columns = choices.reduce((best, next) => (reach(next) > reach(best) ? next : best));
  const rows = Math.ceil(count / columns);
  const cellWidth = Math.floor((width - gap * (columns + 1)) / columns);
  const cellHeight = Math.floor((height - gap * (rows + 1)) / rows);
  return sent.map((_, index) => {
    const row = Math.floor(index / columns);
    const inRow = Math.min(columns, count - row * columns);
    const start = Math.round((width - inRow * cellWidth - (inRow - 1) * gap) / 2);
    const left = start + (index - row * columns) * (cellWidth + gap);
    return { left, top: gap + row * (cellHeight + gap), width: cellWidth, height: cellHeight };
  });
}

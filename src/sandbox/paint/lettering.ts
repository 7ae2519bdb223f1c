import type { Dimensions } from './dimensions.ts';
import { canSpell, drawLetters, measureLetters } from './letters.ts';

const MARK = 'sandbox';

/** The caption (if any) and the sandbox's mark, as an SVG layer of the picture's size. */
export function drawLettering(size: Dimensions, caption?: string): Buffer {
  const { width, height } = size;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    caption === undefined ? '' : drawCaption(size, caption),
    drawMark(size),
    '</svg>',
  ];
  return Buffer.from(parts.join(''));
}

/** White letters on a dark plate, bottom right: readable on any picture, and free of colour. */
function drawMark({ width, height }: Dimensions): string {
  const cell = Math.max(1, Math.round(Math.min(width, height) / 400));
  const { columns, rows } = measureLetters(MARK);
  const plate = { width: (columns + 6) * cell, height: (rows + 5) * cell };
  const left = width - plate.width - 4 * cell;
  const top = height - plate.height - 4 * cell;
  return (
    `<rect x="${left}" y="${top}" width="${plate.width}" height="${plate.height}" rx="${3 * cell}" fill="#000" fill-opacity=".55"/>` +
    `<path transform="translate(${left + 3 * cell} ${top + 2.5 * cell}) scale(${cell})" d="${drawLetters(MARK)}" fill="#fff" shape-rendering="crispEdges"/>`
  );
}

function drawCaption(size: Dimensions, caption: string): string {
  const shade = Math.round(size.height * 0.3);
  const top = size.height - shade;
  return (
    '<defs><linearGradient id="shade" x2="0" y2="1"><stop offset="0" stop-color="#000" stop-opacity="0"/>' +
    '<stop offset=".8" stop-color="#000" stop-opacity=".7"/></linearGradient></defs>' +
    `<rect y="${top}" width="${size.width}" height="${shade}" fill="url(#shade)"/>` +
    (canSpell(caption) ? spellCaption(size, caption) : typeCaption(size, caption))
  );
}

/** Built-in letters, as large as fits; a soft outline rounds the squares. */
function spellCaption({ width, height }: Dimensions, caption: string): string {
  const { columns, rows } = measureLetters(caption);
  const cell = Math.min((width * 0.86) / columns, (height * 0.085) / rows);
  const left = (width - columns * cell) / 2;
  const top = height * 0.83 - (rows * cell) / 2;
  return (
    `<path transform="translate(${left} ${top}) scale(${cell})" d="${drawLetters(caption)}" ` +
    'fill="#fff" stroke="#fff" stroke-width=".22" stroke-linejoin="round"/>'
  );
}

/** Other scripts need a font of the machine; without one the shade alone shows. */
function typeCaption({ width, height }: Dimensions, caption: string): string {
  const letters = [...caption].length;
  const pixels = Math.min((width * 0.86) / letters, height * 0.09);
  return (
    `<text x="${width / 2}" y="${height * 0.83 + pixels * 0.36}" font-size="${pixels}" font-family="sans-serif" ` +
    `font-weight="600" text-anchor="middle" fill="#fff">${escapeXml(caption)}</text>`
  );
}

function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r -\uD7FF\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

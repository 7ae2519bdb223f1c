/** Options as people type them into the words: `a fox in snow --ar 16:9 --size 4K --n 2`. */
import { EaselError } from '../errors.ts';
import { ASPECT_RATIOS, IMAGE_SIZES, type PictureOptions } from '../types.ts';

const OPTION = /(?:^|\s)(?:--|—|――)(ar|aspect|ratio|size|n|count)(?:\s+|=)(\S+)/gi;
const MAX_COUNT = 10;

/** The words without their options, and the options. @throws EaselError `option-invalid`, `subject` as typed */
export function readInlineOptions(prompt: string): { prompt: string; options: PictureOptions } {
  const options: PictureOptions = {};
  const words = prompt.replace(OPTION, (_whole, name: string, value: string) => {
    Object.assign(options, readOption(name.toLowerCase(), value));
    return '';
  });
  return { prompt: words.trim(), options };
}

function readOption(name: string, value: string): PictureOptions {
  const found =
    name === 'size'
      ? readSize(value)
      : /^(?:n|count)$/.test(name)
        ? readCount(value)
        : readRatio(value);
  if (found === undefined)
    throw new EaselError('option-invalid', { subject: `--${name} ${value.slice(0, 20)}` });
  return found;
}

function readRatio(value: string): PictureOptions | undefined {
  const asked = value.replace(/[：xX×/]/, ':');
  const aspectRatio = ASPECT_RATIOS.find((ratio) => ratio === asked);
  return aspectRatio && { aspectRatio };
}

function readSize(value: string): PictureOptions | undefined {
  const size = IMAGE_SIZES.find((known) => known === value.toUpperCase());
  return size && { size };
}

function readCount(value: string): PictureOptions | undefined {
  const count = Number(value);
  return isCount(count) ? { count } : undefined;
}

/** Whether so many pictures can be asked for at once. */
export function isCount(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= MAX_COUNT;
}

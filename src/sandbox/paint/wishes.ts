/** What the words ask for, as far as the sandbox understands them. */
export interface Wishes {
  night: boolean;
  day: boolean;
  gray: boolean;
  blur: boolean;
  mirror: boolean;
  tint?: Tint;
  /** The words in quotation marks, to be drawn on the picture. */
  caption?: string;
}

export type Tint = 'red' | 'green' | 'blue';

const NIGHT = /\b(night|midnight|moonlight)\b|夜|晚上/i;
const DAY = /\b(bright|brighter|brighten|day|daylight|daytime|sunny)\b|白天|变亮|亮一点|昼|明るく/i;
const GRAY = /\b(black[ -]and[ -]white|b&w|monochrome|gr[ae]yscale)\b|黑白|白黒|モノクロ/i;
const BLUR = /\b(blur|blurry|blurred|bokeh)\b|模糊|ぼかし|ぼかして/i;
const MIRROR = /\b(mirror|mirrored|flip|flipped)\b|镜像|鏡|左右反転/i;
const TINTS: readonly [Tint, RegExp][] = [
  ['red', /\bred\b|[红紅赤]/i],
  ['green', /\bgreen\b|[绿緑綠]/i],
  ['blue', /\bblue\b|[蓝藍青]/i],
];
const QUOTED = /"([^"]{1,200})"|“([^”]{1,200})”|「([^」]{1,200})」|『([^』]{1,200})』/;

/** Reads English, Chinese and Japanese; words inside quotation marks are a caption and nothing else. */
export function readWishes(prompt: string): Wishes {
  const quoted = QUOTED.exec(prompt);
  const words = quoted === null ? prompt : prompt.replace(quoted[0], ' ');
  const caption = quoted
    ?.slice(1)
    .find((group) => group !== undefined)
    ?.trim();
  const tint = TINTS.find(([, pattern]) => pattern.test(words))?.[0];
  return {
    night: NIGHT.test(words),
    day: DAY.test(words),
    gray: GRAY.test(words),
    blur: BLUR.test(words),
    mirror: MIRROR.test(words),
    ...(tint === undefined ? {} : { tint }),
    ...(caption ? { caption } : {}),
  };
}

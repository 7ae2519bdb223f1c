/** The styles that everybody has. Prompts are English, which the models follow best. */
import type { StyleEntry } from './styles.ts';

const SAME_PEOPLE =
  'Keep every person and animal recognisable: the same face, age, skin tone, hair, body and expression.';
const SAME_FRAME = 'Keep the composition, the pose, the camera angle and the framing.';
const NO_LETTERING = 'Add no text, watermark, signature or border.';

/** In the order of the menu. */
export const STARTER_STYLES: readonly StyleEntry[] = [
  {
    name: 'night',
    labels: { en: '🌙 Night', zh: '🌙 夜晚', ja: '🌙 夜' },
    prompt: `Change the time of this picture to a clear night. Relight the whole scene: a deep blue sky with a few stars, soft moonlight from one side, and warm light from every window, lamp or screen that the picture already has, with true reflections and long soft shadows. Keep detail in the dark parts and natural skin in the warm light. ${SAME_PEOPLE} ${SAME_FRAME} Move and add no objects. ${NO_LETTERING}`,
  },
  {
    name: 'figurine',
    labels: { en: '🧸 Figurine', zh: '🧸 手办', ja: '🧸 フィギュア' },
    prompt: `Turn the main subject of this picture into a finely made collectible figurine at 1/7 scale, in the same pose, clothes and colours, photographed on a tidy wooden desk. It stands on a round clear acrylic base without lettering; behind it stands its packaging, a box with a window and a painting of the same subject. Painted PVC with a light satin sheen, crisp sculpted folds and hair, fine paint lines. Macro photography with soft window light and a shallow depth of field. ${SAME_PEOPLE} If there are several subjects, put them all on one base. ${NO_LETTERING}`,
  },
  {
    name: 'sketch',
    labels: { en: '🖍 Sketch', zh: '🖍 素描', ja: '🖍 スケッチ' },
    prompt: `Redraw this picture as a hand-drawn graphite pencil sketch on warm white, lightly textured paper. Confident construction lines that vary in weight, cross-hatching for the shadows, smudged soft tones for the skin and the sky, bright paper left for the highlights; the main subject is worked out in detail and the surroundings fade into loose strokes. No colour, but a faint warm tone of the paper. ${SAME_PEOPLE} ${SAME_FRAME} ${NO_LETTERING}`,
  },
  {
    name: 'enhance',
    labels: { en: '✨ Enhance', zh: '✨ 画质增强', ja: '✨ 高画質化' },
    prompt: `Restore and enhance this photograph as a careful professional retoucher would, so that it looks like the same moment taken with a much better camera. Remove noise, compression artefacts, scratches, dust, haze and motion blur; bring back true fine detail in eyes, hair, skin, fabric and foliage; correct exposure, white balance and contrast; open the shadows and recover the highlights. Skin keeps its pores and its marks: no smoothing, no make-up, no plastic look. ${SAME_PEOPLE} ${SAME_FRAME} Add, remove and move nothing, and leave lettering exactly as it is.`,
  },
  {
    name: 'film',
    labels: { en: '🎞 Film', zh: '🎞 胶片', ja: '🎞 フィルム' },
    prompt: `Make this picture look like a photograph on 35 mm colour negative film of the 1990s: fine organic grain, soft highlights with a slight halation around bright lights, gently lifted blacks, warm skin, muted greens and teal in the shadows, and the light fall-off of a fast prime lens towards the corners. The light stays natural and believable, as if nothing was done on a computer. ${SAME_PEOPLE} ${SAME_FRAME} Add no date stamp. ${NO_LETTERING}`,
  },
  {
    name: 'watercolour',
    labels: { en: '🖼 Watercolour', zh: '🖼 水彩', ja: '🖼 水彩' },
    prompt: `Paint this picture as a luminous watercolour on cold-pressed paper. Transparent washes laid from light to dark, wet-in-wet bleeding in the background, crisp wet-on-dry strokes for the main subject, granulating pigments, soft blooms, and white paper left for the brightest lights. A limited harmonious palette that is taken from the picture's own colours; loose edges that dissolve into the paper. ${SAME_PEOPLE} Keep the composition and the pose. ${NO_LETTERING}`,
  },
  {
    name: 'anime',
    labels: { en: '🎌 Anime', zh: '🎌 动漫', ja: '🎌 アニメ' },
    prompt: `Redraw this picture as a frame of a beautifully made hand-drawn animated film from Japan: clean line art of varying weight, cel shading in two or three tones, expressive but well-proportioned eyes, and a lovingly painted background with soft gouache clouds, rich greens and glowing light. Natural proportions, gentle mood, no exaggeration. Give everyone the same hair style and colour, glasses, beard, clothes and accessories as in the picture, so that friends know them at once. ${SAME_PEOPLE} ${SAME_FRAME} ${NO_LETTERING}`,
  },
  {
    name: 'bricks',
    labels: { en: '🧱 Bricks', zh: '🧱 积木', ja: '🧱 ブロック' },
    prompt: `Rebuild this whole picture out of small interlocking plastic toy bricks, photographed as a real model on a table. People and animals become brick-built minifigures with the same hair, clothes, colours and accessories, in the same poses, so that they stay recognisable; the surroundings are built from studs, plates and slopes that follow the real shapes. Glossy plastic with tiny scratches and seams between the bricks, soft studio light, macro photography with a shallow depth of field. Keep the composition and the colours, so that the scene is known at once. No brand names or logos. ${NO_LETTERING}`,
  },
];

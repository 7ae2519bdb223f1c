import { describe, expect, it } from 'vitest';
import { encodeRequest } from '../../../src/core/wire/encode.ts';
import type { ChatStyle, Dialect, WireInput } from '../../../src/core/wire/types.ts';
import {
  isOptionalField,
  OPTIONAL_FIELDS,
  type OptionalField,
} from '../../../src/core/wire/without.ts';

const INPUT: WireInput = {
  model: 'gemini-3-pro-image-preview',
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'a fox' }] }],
  stream: true,
  aspectRatio: '16:9',
  size: '2K',
  count: 2,
  search: true,
};
const STYLE: ChatStyle = {
  imagePart: 'image_url',
  sizing: ['image_config', 'extra_body'],
  modalities: true,
  streamUsage: true,
};

function encode(dialect: Dialect, ...refused: OptionalField[]): string {
  const { path, body } = encodeRequest(dialect, INPUT, STYLE, new Set(refused));
  return `${path} ${body.join('')}`;
}

describe('a refused field', () => {
  it.each<[Dialect, OptionalField, RegExp]>([
    ['openai-chat', 'size', /image_size/],
    ['openai-chat', 'sizing', /extra_body/],
    ['openai-chat', 'aspectRatio', /aspect_ratio/],
    ['openai-chat', 'modalities', /modalities/],
    ['openai-chat', 'streamUsage', /stream_options/],
    ['openai-chat', 'stream', /"stream":true/],
    ['gemini', 'size', /imageSize/],
    ['gemini', 'sizing', /imageConfig/],
    ['gemini', 'thoughts', /thinkingConfig/],
    ['gemini', 'search', /google_search/],
    ['gemini', 'stream', /streamGenerateContent/],
    ['openai-images', 'quality', /quality/],
    ['openai-images', 'count', /"n":/],
  ])('of %s is left out: %s', (dialect, field, pattern) => {
    expect(encode(dialect)).toMatch(pattern);
    expect(encode(dialect, field)).not.toMatch(pattern);
  });

  it.each<Dialect>(['openai-chat', 'gemini', 'openai-images'])(
    'for the size is said in words: %s',
    (dialect) => {
      expect(encode(dialect, 'sizing')).toContain('Aspect ratio: 16:9. Resolution: 2K.');
      expect(encode(dialect)).not.toContain('Resolution');
    },
  );

  it('takes only itself along', () => {
    expect(encode('gemini', 'size')).toContain('"aspectRatio":"16:9"');
    expect(encode('gemini', 'aspectRatio')).toContain('"imageSize":"2K"');
  });

  it('is known by name', () => {
    expect(OPTIONAL_FIELDS.every(isOptionalField)).toBe(true);
    expect([isOptionalField('model'), isOptionalField(undefined)]).toEqual([false, false]);
  });
});

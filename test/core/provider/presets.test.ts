import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  joinEndpoint,
  normaliseBaseUrl,
  PRESETS,
  presetFor,
} from '../../../src/core/provider/presets.ts';
import { DIALECTS } from '../../../src/core/wire/types.ts';

const CHAT = '/v1/chat/completions';
const NATIVE = '/v1beta/models/m:generateContent';

describe('joinEndpoint', () => {
  it.each([
    ['https://a.example', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1/', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1/v1', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example//v1//', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/V1', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1beta', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1/chat/completions', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1/images/edits/', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1/models', CHAT, 'https://a.example/v1/chat/completions'],
    ['https://a.example/v1', NATIVE, 'https://a.example/v1beta/models/m:generateContent'],
    [
      'https://a.example/v1beta/models/google/x:generateContent',
      NATIVE,
      'https://a.example/v1beta/models/m:generateContent',
    ],
    ['https://a.example/api', CHAT, 'https://a.example/api/v1/chat/completions'],
    ['https://a.example/api/v1', '/v1/models', 'https://a.example/api/v1/models'],
    ['https://a.example/api/v3', CHAT, 'https://a.example/api/v3/chat/completions'],
    [
      'https://a.example/api/v3/chat/completions',
      CHAT,
      'https://a.example/api/v3/chat/completions',
    ],
    ['https://a.example/api/v1beta1/', CHAT, 'https://a.example/api/v1beta1/chat/completions'],
    ['https://a.example/v1beta/openai/', CHAT, 'https://a.example/v1beta/openai/chat/completions'],
    [
      'https://a.example/v1/account/gate/openai',
      CHAT,
      'https://a.example/v1/account/gate/openai/chat/completions',
    ],
    ['https://a.example/openai/v1', CHAT, 'https://a.example/openai/v1/chat/completions'],
    ['https://a.example/openai', CHAT, 'https://a.example/openai/v1/chat/completions'],
    ['https://a.example/vision', CHAT, 'https://a.example/vision/v1/chat/completions'],
    ['http://v2', CHAT, 'http://v2/v1/chat/completions'],
    ['http://127.0.0.1:8080/v1', CHAT, 'http://127.0.0.1:8080/v1/chat/completions'],
    ['http://[::1]:8080', CHAT, 'http://[::1]:8080/v1/chat/completions'],
    ['https://a.example:443/?x=1#y', CHAT, 'https://a.example/v1/chat/completions'],
  ])('%s + %s', (baseUrl, path, url) => {
    expect(joinEndpoint(baseUrl, path)).toBe(url);
  });

  it('gives one address however the operator wrote the base URL', () => {
    const segment = fc.constantFrom(
      'v1',
      'v1beta',
      'v3',
      'api',
      'openai',
      'models',
      'chat',
      'completions',
      'images',
      'edits',
      '',
    );
    fc.assert(
      fc.property(fc.array(segment), (segments) => {
        const base = normaliseBaseUrl(`https://a.example/${segments.join('/')}`);
        expect(normaliseBaseUrl(base)).toBe(base);
        expect(joinEndpoint(`${base}/`, CHAT)).toBe(joinEndpoint(base, CHAT));
        expect(joinEndpoint(`${base}/chat/completions`, CHAT)).toBe(joinEndpoint(base, CHAT));
      }),
    );
  });
});

describe('presets', () => {
  it.each([
    ['ohmygpt', 'https://cn2us02.opapi.win/v1/chat/completions'],
    ['xiaotian', 'https://api.chatgptsb.com/v1/chat/completions'],
    ['yisu', 'https://api.yisu.com/v1/chat/completions'],
    ['openrouter', 'https://openrouter.ai/api/v1/chat/completions'],
  ])('%s is reached at the address of its page', (name, url) => {
    expect(joinEndpoint(presetFor(name).baseUrl ?? '', CHAT)).toBe(url);
  });

  it('knows a model, a dialect and a normal base URL for each', () => {
    for (const [name, preset] of Object.entries(PRESETS)) {
      expect(DIALECTS, name).toContain(preset.dialect);
      expect(preset.model, name).toMatch(/image/);
      expect(preset.style.sizing, name).not.toEqual([]);
      if (preset.baseUrl === undefined) expect(['newapi', 'sandbox']).toContain(name);
      else expect(normaliseBaseUrl(preset.baseUrl), name).toBe(preset.baseUrl);
    }
  });

  it.each(['my-gateway', 'constructor', '__proto__', 'toString'])(
    'assumes a chat gateway for the unknown name %s',
    (name) => {
      expect(presetFor(name)).toMatchObject({
        baseUrl: undefined,
        model: undefined,
        dialect: 'openai-chat',
        stream: true,
        style: { sizing: ['image_config', 'extra_body'], modalities: true },
      });
    },
  );
});

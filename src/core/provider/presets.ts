/** The gateways that Easel knows by name, what one provider needs to be reached, and how its addresses are put together. */
import type { ChatStyle, Dialect } from '../wire/types.ts';

/** One provider, complete. */
export interface ProviderSettings {
  /** As in `PROVIDERS`: lower-case letters, digits and hyphens. */
  name: string;
  /** As `normaliseBaseUrl` gives it; empty for `sandbox` until that listens. */
  baseUrl: string;
  /** Used in turn; empty for `sandbox` only. */
  keys: string[];
  /** Model id as the gateway spells it; opaque. */
  model: string;
  dialect: Dialect;
  /** Sent with every request, names in lower case. */
  headers: Record<string, string>;
  style: ChatStyle;
  /** Whether answers are asked for as a stream. */
  stream: boolean;
}

/** What is known of a gateway beforehand; what is undefined here, the operator has to say. */
export interface Preset {
  baseUrl: string | undefined;
  model: string | undefined;
  dialect: Dialect;
  style: ChatStyle;
  stream: boolean;
}

const PRO = 'gemini-3-pro-image-preview';

const PLAIN: ChatStyle = {
  imagePart: 'image_url',
  sizing: ['extra_body'],
  modalities: false,
  streamUsage: false,
};

/** Says everything twice: what a gateway does not know, it ignores. */
const ANY_GATEWAY: Preset = {
  baseUrl: undefined,
  model: undefined,
  dialect: 'openai-chat',
  style: { ...PLAIN, sizing: ['image_config', 'extra_body'], modalities: true },
  stream: true,
};

export const PRESETS: Record<string, Preset> = {
  // OhMyGPT's page "Gemini 3 Pro Image Preview API"; its stream is new-api's, hence the sizing. Bytes are asked
  // for, since a link would be hosted by a third party for 14 days.
  ohmygpt: {
    baseUrl: 'https://cn2us02.opapi.win',
    model: `vertex-${PRO}`,
    dialect: 'openai-chat',
    style: {
      ...PLAIN,
      streamUsage: true,
      extraFields: { omg_extra_body: { gemini_b64img_upload_enabled: false } },
    },
    stream: true,
  },
  // 小天API's page "图像生成 对话方式"; it names no field for the size, so the prompt says it too.
  xiaotian: {
    baseUrl: 'https://api.chatgptsb.com',
    model: PRO,
    dialect: 'openai-chat',
    style: { ...PLAIN, sizing: ['extra_body', 'prompt'] },
    stream: true,
  },
  // new-api's source, relayconvert/internal/oai_chat/to_gemini_chat_req.go; every relay has its own address.
  newapi: {
    baseUrl: undefined,
    model: PRO,
    dialect: 'openai-chat',
    style: { ...PLAIN, streamUsage: true },
    stream: true,
  },
  // OpenAI-Next's page for `:generateContent`, the only native method that it documents.
  'openai-next': {
    ...ANY_GATEWAY,
    baseUrl: 'https://drwa.openai-next.com',
    model: PRO,
    dialect: 'gemini',
    stream: false,
  },
  // yisu's page; `{"type":"image"}` is met nowhere else, and it names no field for the size.
  yisu: {
    baseUrl: 'https://api.yisu.com',
    model: `google/${PRO}`,
    dialect: 'openai-chat',
    style: { ...PLAIN, imagePart: 'image', sizing: ['image_config', 'prompt'] },
    stream: true,
  },
  // Google's Gemini API reference, `models.streamGenerateContent`.
  google: {
    ...ANY_GATEWAY,
    baseUrl: 'https://generativelanguage.googleapis.com',
    model: PRO,
    dialect: 'gemini',
  },
  // OpenRouter's docs, "Image generation": `modalities` and `image_config`.
  openrouter: {
    baseUrl: 'https://openrouter.ai/api',
    model: `google/${PRO}`,
    dialect: 'openai-chat',
    style: { ...PLAIN, sizing: ['image_config'], modalities: true, streamUsage: true },
    stream: true,
  },
  // OpenAI's API reference, "Images".
  openai: {
    ...ANY_GATEWAY,
    baseUrl: 'https://api.openai.com',
    model: 'gpt-image-1',
    dialect: 'openai-images',
    stream: false,
  },
  // Our own gateway on loopback (`src/sandbox`); its address is known once it listens.
  sandbox: {
    baseUrl: undefined,
    model: PRO,
    dialect: 'openai-chat',
    style: { ...PLAIN, sizing: ['image_config'], modalities: true },
    stream: true,
  },
};

/** The preset of that name, or what is assumed of a gateway that nobody here has met. */
export function presetFor(name: string): Preset {
  return (Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined) ?? ANY_GATEWAY;
}

/** What people paste after the part that stays: our own versions (`/v1/v1` is met, too) and whole endpoints. */
const PASTED =
  /(\/(v1(beta)?|chat\/completions|images\/(generations|edits)|responses|models(\/.*)?))+$/i;
/** Another version (`/api/v3`), or an OpenAI-like door behind a version (`/v1beta/openai`). */
const OTHER_VERSION = /\/v\d+[a-z]*\d*(\/(.*\/)?openai)?$/i;

/**
 * The part of a gateway's address that stays: origin and prefix (`/api`, `/api/v3`), without trailing slash, `/v1`,
 * `/v1beta`, pasted endpoint, query or fragment. Applying it twice changes nothing.
 * @throws TypeError for what is not a URL
 */
export function normaliseBaseUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  const path = pathname
    .split('/')
    .filter(Boolean)
    .map((segment) => `/${segment}`);
  return origin + path.join('').replace(PASTED, '');
}

/**
 * The address of an endpoint.
 * @param path with its usual version, such as `/v1/chat/completions`; the version gives way to one that ends the
 * base URL: `https://a.example/api/v3` gives `https://a.example/api/v3/chat/completions`
 */
export function joinEndpoint(baseUrl: string, path: string): string {
  const base = normaliseBaseUrl(baseUrl);
  const hasVersion = OTHER_VERSION.test(new URL(base).pathname);
  return base + (hasVersion ? path.replace(/^\/v\d+[a-z]*\d*(?=\/)/, '') : path);
}

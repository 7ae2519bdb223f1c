/** The signs by which a failure is known, in English, Chinese and Japanese. The first match counts. */
import type { ErrorCode } from '../errors.ts';
import type { BodyKind } from './types.ts';
import type { OptionalField } from './without.ts';

/**
 * Our own optional fields as gateways name them when they refuse one, and the field of `WireInput` or `ChatStyle` that
 * holds the wish. `sizing` stands for the place of ratio and size, `thoughts` for the native `thinkingConfig`.
 */
const OPTIONS: readonly [subject: OptionalField, RegExp][] = [
  ['aspectRatio', /aspect_?ratio/i],
  ['size', /image_?size|param=size|["'`]size["'`]/i],
  ['sizing', /image_?config|extra_body/i],
  ['modalities', /modalit(?:y|ies)/i],
  ['streamUsage', /stream_options|include_usage/i],
  ['thoughts', /thinking_?(?:config|level|budget)|include_?thoughts|(?<![-\w])thinking is not/i],
  ['search', /google_?search|search (?:grounding|tool|as tool)|param=tools|["'`]tools["'`]/i],
  ['quality', /param=quality|["'`]quality["'`]/i],
  ['count', /multiple candidates|candidate_?count|param=n\b|["'`]n["'`]/i],
  ['stream', /param=stream\b|["'`]stream["'`]|streaming is not supported/i],
];

const REJECTION =
  /not (?:be )?(?:support|enabl|allow|permit|valid|recogni[sz])|unsupported|invalid|unknown|unrecogni[sz]ed|unexpected|extra (?:fields|inputs)|must be|cannot find field|不支持|无效|サポートされて/i;

/** Which optional field a refusal names; undefined where it names none. */
export function rejectedOption(words: string): OptionalField | undefined {
  if (!REJECTION.test(words)) return undefined;
  return OPTIONS.find(([, pattern]) => pattern.test(words))?.[0];
}

const WORDS: readonly [ErrorCode, RegExp][] = [
  ['signature-rejected', /thought.?signature/i],
  [
    'bad-config',
    /unhandled generated data mime type|not (?:yet )?supported on the chat\.completions|invalid url \(|only imagen models are supported|404 page not found/i,
  ],
  [
    'quota',
    /insufficient_(?:user_)?(?:quota|balance|credits?)|pre_consume_token_quota|insufficient (?:account )?(?:balance|credits?|quota|funds)|quota is not enough|not enough (?:credits?|balance|quota)|more credits|payment.?required|余额不足|额度不足|额度已用|配额不足|欠费|残高|クレジットが?不足/i,
  ],
  [
    'auth',
    /(?:invalid|incorrect|wrong|missing)[ _](?:x-)?api[ _-]?key|api[ _]?key[ _](?:is )?(?:not[ _]valid|invalid|not found|expired|disabled)|invalid (?:access )?token\b|authentication|unauthenticated|unauthori[sz]ed|account (?:is |has been )?(?:deactivated|disabled|banned|suspended)|your ip|无效的令牌|令牌(?:已|状态|无效|验证|不可用)|未提供(?:令牌|密钥|认证|API)|密钥(?:无效|错误)|封禁|APIキー/i,
  ],
  [
    'rate-limited',
    /rate[ _-]?limit|too many requests|too_many_requests|resource_exhausted|请求(?:数|过于|太|频率)|频繁|频率限制|并发(?:数|上限|限制)|限流|レート制限|リクエストが多/i,
  ],
  [
    'no-model',
    /model_not_found|无可用渠道|no available channel|no endpoints found|not found for api version|no such model|unsupported model|not a valid model|model\b.{0,80}(?:not found|not exist|is not supported|not available|decommissioned)|模型.{0,40}(?:不存在|未找到|不支持|无权|已下线)|モデル.{0,40}(?:見つかり|存在し)/i,
  ],
  [
    'blocked',
    /prompt_blocked|(?:prompt|request|content) (?:was |is |has been )?(?:blocked|flagged|rejected)|sensitive_words|content[ _]policy|content[ _]filter|usage polic|safety|moderation|prohibited|敏感词|违规|审核|不合规|安全策略|不適切|ポリシー/i,
  ],
  [
    'bad-request',
    /mime type|invalid[_ ]image|convert_request_failed|request (?:body|entity) (?:is )?too large|image (?:is )?too large|request_too_large/i,
  ],
  ['timeout', /timed?[ -]?out|deadline.?exceeded|超时|タイムアウト/i],
  [
    'overloaded',
    /overloaded|unavailable|high demand|server is busy|too busy|at capacity|饱和|繁忙|负载|混雑/i,
  ],
  ['no-image', /no candidates|empty_response|no image (?:was )?(?:generated|returned)|未生成图片/i],
];

/** Codes whose words are so plain that a field named beside them is not the point. */
const FIRM: readonly (ErrorCode | undefined)[] = [
  'signature-rejected',
  'bad-config',
  'quota',
  'auth',
  'rate-limited',
];

/**
 * The code that a gateway's words amount to, whatever the status; undefined where they say nothing known. Options are
 * only looked for in a `refusal` (4xx): the same words in a 500 are the gateway's own trouble.
 */
export function codeOfWords(
  words: string,
  { refusal }: { refusal: boolean },
): ErrorCode | undefined {
  const known = WORDS.find(([, pattern]) => pattern.test(words))?.[0];
  if (!refusal || FIRM.includes(known)) return known;
  return rejectedOption(words) === undefined ? known : 'option-rejected';
}

const STATUSES: ReadonlyMap<number, ErrorCode> = new Map([
  [401, 'auth'],
  [402, 'quota'],
  [403, 'auth'],
  [404, 'no-model'],
  [405, 'bad-config'],
  [408, 'timeout'],
  [429, 'rate-limited'],
  [451, 'blocked'],
  [504, 'timeout'],
  [522, 'timeout'],
  [524, 'timeout'],
]);

const BUSY = [502, 503, 529];

/** The code of a status (HTTP's, or the one in a body) when words say nothing. */
export function codeOfStatus(status: number, kind: BodyKind): ErrorCode {
  const known = STATUSES.get(status);
  if (known) return known;
  if (status >= 400 && status < 500) return 'bad-request';
  // A busy gateway says so itself; without its JSON the status is a proxy's guess.
  return BUSY.includes(status) && (kind === 'json' || kind === 'sse')
    ? 'overloaded'
    : 'server-error';
}

/** Finish reasons without a picture. `content_filter` is a catch-all of relays, so it does not mean "unsafe". */
const FINISHES: readonly [ErrorCode, RegExp][] = [
  ['signature-rejected', /^MISSING_THOUGHT_SIGNATURE$/],
  [
    'blocked',
    /^(?:IMAGE_)?(?:SAFETY|PROHIBITED_CONTENT|RECITATION)$|^(?:BLOCKLIST|SPII|LANGUAGE|MODEL_ARMOR|JAILBREAK|REFUSAL)$/,
  ],
  [
    'no-image',
    /^(?:NO_IMAGE|IMAGE_OTHER|OTHER|CONTENT_FILTER|UNEXPECTED_TOOL_CALL|TOO_MANY_TOOL_CALLS|MALFORMED_.+)$/,
  ],
  ['server-error', /^ERROR$/],
];

export function codeOfFinish(reason: string | undefined): ErrorCode | undefined {
  return FINISHES.find(([, pattern]) => pattern.test(reason ?? ''))?.[0];
}

/** Gateways' fillers where a model's words would be. */
const PLACEHOLDER =
  /^[\s>*_]*(?:!\[[^\]]{0,99}\]\(\s*)?(?:暂无返回|image upload err|正在生成(?:图片)?中?|(?:图片)?生成中|排队中|generating(?: (?:an? )?image)?|processing|loading)[\s.…。!)*_~]*$/i;

export function isPlaceholder(text: string): boolean {
  return PLACEHOLDER.test(text.slice(0, 200));
}

/** Refusals as each family of gateways words them. The texts are theirs; ids in them are invented. */
import { jsonReply, printFlush } from './reply.ts';
import type { ProblemKind, ProblemShape, Reply } from './types.ts';

/** The tags are printed where each family has its `type`, `code`, `status` and their kin. */
type Row = readonly [status: number, message: string, tag: string, code?: string];
type Table = Partial<Record<ProblemKind, Row>>;

interface Facts {
  kind: ProblemKind;
  status: number;
  message: string;
  tag: string;
  code: string | undefined;
}

/** Seconds in `Retry-After` and its kin. */
const RETRY_SECONDS = 1;

/** A family's shape: which row says what, and how it is printed. */
function createShape(table: Table, print: (facts: Facts) => Reply): ProblemShape {
  return (kind, detail) => {
    const row = table[kind];
    if (row === undefined) return undefined;
    const [status, message, tag, code] = row;
    const reply = print({ kind, status, message: detail ?? message, tag, code });
    if (kind !== 'rate') return reply;
    return { ...reply, headers: { ...reply.headers, 'retry-after': `${RETRY_SECONDS}` } };
  };
}

/** `{error: {message, type, param, code}}` with a request id, as new-api and its relatives print. */
export const newApiProblem = createShape(
  {
    'no-key': [401, '未提供令牌', 'new_api_error'],
    'bad-key': [401, '无效的令牌', 'new_api_error'],
    quota: [403, '用户额度不足, 剩余额度: $0.000000', 'new_api_error', 'insufficient_user_quota'],
    rate: [429, '您已达到请求数限制:1分钟内最多请求60次', 'new_api_error', 'rate_limit_exceeded'],
    model: [
      503,
      '当前分组 default 下对于模型 sandbox 无可用渠道',
      'new_api_error',
      'model_not_found',
    ],
    overloaded: [
      503,
      'The model is overloaded. Please try again later.',
      'upstream_error',
      'UNAVAILABLE',
    ],
    blocked: [
      400,
      'request blocked by Gemini API: PROHIBITED_CONTENT',
      'prompt_blocked',
      'prompt_blocked',
    ],
    'bad-request': [400, 'invalid request', 'new_api_error', 'invalid_request'],
    'not-found': [404, 'Invalid URL', 'invalid_request_error'],
    'too-large': [413, 'request body too large', 'new_api_error', 'read_request_body_failed'],
  },
  ({ status, message, tag: type, code }) => {
    const id = '202512091537316107838680SANDBOX';
    const error = { message: `${message} (request id: ${id})`, type, param: '', code: code ?? '' };
    return jsonReply(JSON.stringify({ error }), status);
  },
);

/** yisu's page shows three fields, printed flush; it names no HTTP status. */
export const yisuProblem = createShape(
  {
    'no-key': [401, 'Invalid API key.', 'authentication_error', 'invalid_api_key'],
    'bad-key': [401, 'Invalid API key.', 'authentication_error', 'invalid_api_key'],
    quota: [402, 'Insufficient balance.', 'insufficient_quota_error', 'insufficient_quota'],
    rate: [429, 'Rate limit exceeded.', 'rate_limit_error', 'rate_limit_exceeded'],
    model: [404, 'Model not found.', 'invalid_request_error', 'model_not_found'],
    overloaded: [503, 'Service unavailable.', 'server_error', 'service_unavailable'],
    'bad-request': [400, 'Invalid request.', 'invalid_request_error', 'invalid_request'],
    'not-found': [404, 'Not found.', 'invalid_request_error', 'not_found'],
    'too-large': [413, 'Request body too large.', 'invalid_request_error', 'request_too_large'],
  },
  ({ status, message, tag: type, code }) => {
    const invalidPicture = message === 'Invalid image format.';
    const error = { message, type, code: invalidPicture ? 'invalid_image' : code };
    return jsonReply(printFlush({ error }), status);
  },
);

/** `{error: {code, message, status}}` as Google prints, with details where it has them. */
export const googleProblem = createShape(
  {
    'no-key': [
      403,
      "Method doesn't allow unregistered callers. Please use API Key.",
      'PERMISSION_DENIED',
    ],
    'bad-key': [
      400,
      'API key not valid. Please pass a valid API key.',
      'INVALID_ARGUMENT',
      'API_KEY_INVALID',
    ],
    quota: [
      429,
      'You exceeded your current quota, please check your plan and billing details.',
      'RESOURCE_EXHAUSTED',
    ],
    rate: [
      429,
      `Resource has been exhausted. Please retry in ${RETRY_SECONDS}s.`,
      'RESOURCE_EXHAUSTED',
    ],
    model: [404, 'models/sandbox is not found for API version v1beta.', 'NOT_FOUND'],
    overloaded: [503, 'The model is overloaded. Please try again later.', 'UNAVAILABLE'],
    'bad-request': [400, 'Request contains an invalid argument.', 'INVALID_ARGUMENT'],
    'not-found': [404, 'Requested entity was not found.', 'NOT_FOUND'],
    'too-large': [413, 'Request payload size exceeds the limit.', 'INVALID_ARGUMENT'],
  },
  ({ kind, status: httpStatus, message, tag: status, code: reason }) => {
    // Google itself says 403 here; the sandbox's rule is one status for a missing key on every route.
    const code = kind === 'no-key' ? 401 : httpStatus;
    const details = googleDetails(kind, reason);
    const error = { code, message, status, ...(details === undefined ? {} : { details }) };
    return jsonReply(JSON.stringify({ error }, null, 2), code);
  },
);

function googleDetails(kind: ProblemKind, reason: string | undefined): object[] | undefined {
  const type = (name: string): string => `type.googleapis.com/google.rpc.${name}`;
  if (kind === 'rate') return [{ '@type': type('RetryInfo'), retryDelay: `${RETRY_SECONDS}s` }];
  if (kind === 'quota') return [{ '@type': type('QuotaFailure'), violations: [] }];
  return reason === undefined ? undefined : [{ '@type': type('ErrorInfo'), reason }];
}

/** `{error: {code, message, metadata}}` with the HTTP status as code, as OpenRouter prints. */
export const openRouterProblem = createShape(
  {
    'no-key': [401, 'No auth credentials found', ''],
    'bad-key': [401, 'User not found.', ''],
    quota: [402, 'Insufficient credits. Add more using https://openrouter.ai/settings/credits', ''],
    rate: [429, 'Provider returned error', '{"error":{"code":429,"status":"RESOURCE_EXHAUSTED"}}'],
    model: [404, 'No endpoints found for sandbox.', ''],
    overloaded: [503, 'Provider returned error', '{"error":{"code":503,"status":"UNAVAILABLE"}}'],
    blocked: [403, 'Your chosen model requires moderation and your input was flagged', 'flagged'],
    'bad-request': [400, 'Invalid request', ''],
    'not-found': [404, 'Not Found', ''],
    'too-large': [413, 'Request entity too large', ''],
  },
  ({ kind, status: code, message, tag: raw }) => {
    const provider = { provider_name: 'Google AI Studio' };
    const flagged = { reasons: ['sexual'], flagged_input: '', ...provider };
    const metadata = kind === 'blocked' ? flagged : { raw, ...provider };
    return jsonReply(
      JSON.stringify({ error: { code, message, ...(raw === '' ? {} : { metadata }) } }),
      code,
    );
  },
);

/** `{error: {message, type, param, code}}` as OpenAI prints. */
export const openAiProblem = createShape(
  {
    'no-key': [401, "You didn't provide an API key.", 'invalid_request_error'],
    'bad-key': [401, 'Incorrect API key provided.', 'invalid_request_error', 'invalid_api_key'],
    quota: [
      429,
      'You exceeded your current quota, please check your plan and billing details.',
      'insufficient_quota',
      'insufficient_quota',
    ],
    rate: [
      429,
      `Rate limit reached. Please try again in ${RETRY_SECONDS}s.`,
      'requests',
      'rate_limit_exceeded',
    ],
    model: [404, "The model 'sandbox' does not exist.", 'invalid_request_error', 'model_not_found'],
    overloaded: [
      503,
      'The engine is currently overloaded, please try again later.',
      'server_error',
    ],
    blocked: [
      400,
      'Your request was rejected by the safety system.',
      'image_generation_user_error',
      'moderation_blocked',
    ],
    'bad-request': [400, 'Invalid request.', 'invalid_request_error'],
    'not-found': [404, 'Invalid URL', 'invalid_request_error'],
    'too-large': [413, 'Maximum content size limit exceeded.', 'invalid_request_error'],
  },
  ({ status, message, tag: type, code }) =>
    jsonReply(
      JSON.stringify({ error: { message, type, param: null, code: code ?? null } }, null, 2),
      status,
    ),
);

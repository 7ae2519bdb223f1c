/** Errors as Discord's REST answers them. */

/** Status and words by code; codes that Discord answers with several statuses have the usual one. */
const KNOWN: Record<number, readonly [status: number, message: string]> = {
  0: [401, '401: Unauthorized'],
  10003: [404, 'Unknown Channel'],
  10008: [404, 'Unknown Message'],
  10013: [404, 'Unknown User'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  10063: [404, 'Unknown application command'],
  20001: [403, 'Bots cannot use this endpoint'],
  30015: [400, 'Maximum number of attachments in a message reached (10)'],
  30032: [400, 'Maximum number of application commands reached (100)'],
  30046: [429, 'Maximum number of edits to messages older than 1 hour reached. Try again later'],
  40005: [413, 'Request entity too large'],
  40060: [400, 'Interaction has already been acknowledged.'],
  40094: [400, 'This interaction has reached the maximum number of follow up messages'],
  50001: [403, 'Missing Access'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50008: [400, 'Cannot send messages in a non-text channel'],
  50013: [403, 'Missing Permissions'],
  50024: [400, 'Cannot execute action on this channel type'],
  50027: [401, 'Invalid Webhook Token'],
  50035: [400, 'Invalid Form Body'],
  50083: [400, 'Thread is archived'],
  50109: [400, 'The request body contains invalid JSON.'],
  160002: [400, 'Cannot reply without permission to read message history'],
  160005: [400, 'Thread is locked'],
};

export class DiscordFailure extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: object | undefined;

  constructor(code: number, { status, message, errors }: Partial<DiscordFailure> = {}) {
    const [usual = 400, words = `Error ${code}`] = KNOWN[code] ?? [];
    super(message ?? words);
    this.status = status ?? usual;
    this.code = code;
    this.errors = errors;
  }
}

/** 50035 with the tree of errors that leads to one field: `data.components.0.custom_id`. */
export function invalid(path: string, code: string, message: string): DiscordFailure {
  const leaf: object = { _errors: [{ code, message }] };
  const keys = path.split('.').filter((key) => key !== '');
  return new DiscordFailure(50_035, {
    errors: keys.reduceRight((tree, key) => ({ [key]: tree }), leaf),
  });
}

export function required(path: string): DiscordFailure {
  return invalid(path, 'BASE_TYPE_REQUIRED', 'This field is required');
}

/** Texts are counted in code points; absent ones have none. */
export function checkText(
  text: unknown,
  path: string,
  { min = 0, max }: { min?: number; max: number },
): void {
  const { length } = [...String(text ?? '')];
  if (min > 0 && length === 0) throw required(path);
  if (length >= min && length <= max) return;
  const code = length > max ? 'BASE_TYPE_MAX_LENGTH' : 'BASE_TYPE_MIN_LENGTH';
  const bound = min === 0 ? `${max} or fewer` : `between ${min} and ${max}`;
  throw invalid(path, code, `Must be ${bound} in length.`);
}

export function checkCount(
  list: readonly unknown[] | undefined,
  path: string,
  { min = 0, max }: { min?: number; max: number },
): void {
  const length = list?.length ?? 0;
  if (length >= min && length <= max) return;
  throw invalid(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`);
}

/** The names by which the core knows what is in the studio. */
import type { Attachment, ReplyTarget } from '../core/index.ts';
import type { Answered } from './chat-message.ts';

/** In every target and attachment of ours, and in front of every id. */
export const PLATFORM = 'web';

/** A person and their chat alike. */
export function idOf(session: string): string {
  return `${PLATFORM}:${session}`;
}

/** A message, or one of its pictures. */
export function refOf(session: string, { message, picture }: Answered): string {
  const part = picture === undefined ? '' : `-${picture}`;
  return `${PLATFORM}:${session}:${message}${part}`;
}

export function attachmentOf(id: string): Attachment {
  return { platform: PLATFORM, id };
}

export interface Destination {
  session: string;
  /** The message that is answered. */
  answers?: Answered;
  /** The message that shows the status, or is to become it. */
  statusId?: number;
  /** As in `ChatMessage`. */
  label?: string;
}

export function toTarget({ session, answers, statusId, label }: Destination): ReplyTarget {
  return {
    platform: PLATFORM,
    session,
    ...(answers && { answers: { ...answers } }),
    ...(statusId !== undefined && { statusId }),
    ...(label !== undefined && { label }),
  };
}

/** The targets of this adapter are the only ones that it gets. */
export function readTarget({ session, answers, statusId, label }: ReplyTarget): Destination {
  return {
    session: String(session),
    ...(isAnswered(answers) && { answers }),
    ...(typeof statusId === 'number' && { statusId }),
    ...(typeof label === 'string' && { label }),
  };
}

function isAnswered(value: unknown): value is Answered {
  return typeof value === 'object' && value !== null && 'message' in value;
}

import type { Content, Endpoint, ProblemKind, Reply } from './types.ts';

/** Failures that are refusals in the gateway's own error shape. */
const REFUSALS = new Map<string, ProblemKind>(
  Object.entries({
    auth: 'bad-key',
    quota: 'quota',
    '429': 'rate',
    model: 'model',
    overloaded: 'overloaded',
    blocked: 'blocked',
  }),
);

const REFUSING_WORDS = "I can't draw that. Shall we try something else?";

/** 200 without a picture. */
const EMPTY_HANDED = new Map<string, Content>(
  Object.entries({
    text: { pictures: [], words: REFUSING_WORDS, finish: 'stop', painted: false },
    empty: { pictures: [], finish: 'stop', painted: false },
    lost: { pictures: [], finish: 'stop', painted: true },
    blocked: { pictures: [], finish: 'blocked', painted: false },
  }),
);

const HTML_PAGE =
  '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n' +
  '<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n';

/** Failures that happen to an answer that was on its way. */
const BREAKS = new Map<string, NonNullable<Failure['spoil']>>(
  Object.entries({
    cut: cutReply,
    slow: stallReply,
  }),
);

/**
 * A failure that somebody asked for by writing `fail:<name>` in the words:
 *
 * | words             | what the gateway does                                                              |
 * |-------------------|------------------------------------------------------------------------------------|
 * | `fail:auth`       | refuses the key                                                                    |
 * | `fail:quota`      | says that the credit is used up                                                    |
 * | `fail:429`        | says that requests come too fast, retry after 1 s                                  |
 * | `fail:model`      | does not know the model, or has no channel for it                                  |
 * | `fail:overloaded` | 503                                                                                |
 * | `fail:blocked`    | refuses the prompt: 400 or 403, or 200 with a blocking finish where that is its way |
 * | `fail:html`       | 502 with nginx's page                                                              |
 * | `fail:text`       | 200 with words and no picture                                                      |
 * | `fail:empty`      | 200 with nothing                                                                   |
 * | `fail:lost`       | 200 with nothing, though the usage counts a picture                                |
 * | `fail:cut`        | breaks the connection in the middle of the picture                                 |
 * | `fail:slow`       | starts to answer (a stream) or not (JSON), then is silent for good                 |
 *
 * The Images API cannot carry words, so `fail:text` is `fail:empty` there.
 */
export interface Failure {
  /** Replaces the whole answer. */
  reply?: Reply;
  /** Replaces the pictures. */
  content?: Content;
  /** Spoils the answer on its way. */
  spoil?: (reply: Reply, content: Content) => Reply;
}

/** What the words ask to go wrong; an unknown name asks for nothing. */
export function readFailure(prompt: string, { problem }: Endpoint): Failure {
  const name = /\bfail:([a-z0-9]+)/i.exec(prompt)?.[1]?.toLowerCase() ?? '';
  if (name === 'html') return { reply: renderHtml() };
  const kind = REFUSALS.get(name);
  const reply = kind === undefined ? undefined : problem(kind);
  if (reply !== undefined) return { reply };
  const content = EMPTY_HANDED.get(name);
  const spoil = BREAKS.get(name);
  return {
    ...(content === undefined ? {} : { content }),
    ...(spoil === undefined ? {} : { spoil }),
  };
}

function renderHtml(): Reply {
  return { status: 502, headers: { 'content-type': 'text/html' }, chunks: [HTML_PAGE] };
}

/** Keeps everything up to the middle of the picture; where a link stands for it, all but the last piece. */
function cutReply(reply: Reply, { pictures: [picture] }: Content): Reply {
  const base64 = picture?.base64 ?? '';
  const rest = base64.slice(base64.length / 2);
  const sent: Reply['chunks'] = [];
  for (const chunk of reply.chunks) {
    const end = typeof chunk === 'string' && rest !== '' ? chunk.indexOf(rest) : -1;
    sent.push(end < 0 ? chunk : chunk.slice(0, end));
    if (end >= 0) return { ...reply, chunks: sent, ending: 'cut' };
  }
  return { ...reply, chunks: sent.slice(0, -1), ending: 'cut' };
}

/** A stream shows its first event; a plain answer nothing but its headers. */
function stallReply(reply: Reply): Reply {
  return {
    ...reply,
    chunks: reply.chunks.length > 1 ? reply.chunks.slice(0, 1) : [],
    ending: 'hang',
  };
}

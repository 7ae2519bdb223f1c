/**
 * Server-sent events as gateways really write them. `eventsource-parser` reads the standard; this file first mends
 * what its senders break: pretty-printed JSON behind one `data:`, no blank line between events, `[DONE]` and JSON
 * without a field name. Linear in the text.
 */
import { createParser } from 'eventsource-parser';
import { EaselError } from '../errors.ts';

/** The skeleton of one event, pictures taken out; real ones are a few hundred characters. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

export interface SseEvent {
  /** The `event:` field, when there is one. */
  event: string | undefined;
  data: string;
}

export interface SseReader {
  feed(text: string): void;
  end(): void;
}

/** `onEvent` gets every event; `onStray` every line that is none, such as an error in plain words. */
export function createSseReader(
  onEvent: (event: SseEvent) => void,
  onStray: (line: string) => void,
): SseReader {
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: (message) => onEvent({ event: message.event, data: message.data }),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') {
        throw new EaselError('answer-too-large', { billed: 'maybe' });
      }
    },
  });
  const nesting = createNesting();
  let open = false;
  let mended = '';

  function data(value: string): void {
    nesting.read(value);
    open = true;
    mended += `data: ${value}\n`;
  }

  function close(): void {
    nesting.reset();
    open = false;
    mended += '\n';
  }

  function field(line: string): void {
    if (open && nesting.complete()) close();
    if (line.startsWith('data:')) data(line.slice(line[5] === ' ' ? 6 : 5));
    else mended += `${line}\n`;
  }

  function line(text: string): void {
    if (text === '') close();
    else if (/^(?:data|event|id|retry)?:|^(?:data|event|id|retry)$/.test(text)) field(text);
    else if (open && nesting.inside()) data(text);
    else if (/^\s*[{[]/.test(text)) {
      if (open) close();
      data(text);
    } else onStray(text);
  }

  const lines = createLineSplitter(line);

  function flush(): void {
    parser.feed(mended);
    mended = '';
  }

  return {
    feed(text) {
      lines.feed(text);
      flush();
    },
    end() {
      lines.end();
      close();
      flush();
    },
  };
}

/** Lines end with LF, CR LF or CR; a CR LF may be cut in two. */
function createLineSplitter(onLine: (line: string) => void) {
  let begun: string[] = [];
  let begunCharacters = 0;
  let afterReturn = false;

  function finish(rest: string): void {
    onLine(begun.length === 0 ? rest : begun.join('') + rest);
    begun = [];
    begunCharacters = 0;
  }

  function keep(text: string): void {
    begun.push(text);
    begunCharacters += text.length;
    if (begunCharacters > MAX_EVENT_CHARACTERS) {
      throw new EaselError('answer-too-large', { billed: 'maybe' });
    }
  }

  return {
    feed(text: string): void {
      let start = afterReturn && text.startsWith('\n') ? 1 : 0;
      if (text !== '') afterReturn = text.endsWith('\r');
      const hasReturns = text.includes('\r');
      while (start < text.length) {
        const at = hasReturns ? nextBreak(text, start) : text.indexOf('\n', start);
        if (at === -1) {
          keep(text.slice(start));
          break;
        }
        finish(text.slice(start, at));
        start = text.startsWith('\r\n', at) ? at + 2 : at + 1;
      }
    },
    end(): void {
      if (begun.length > 0) finish('');
    },
  };
}

function nextBreak(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) return at;
  }
  return -1;
}

/** Whether what stands behind `data:` so far is a JSON value that is still open, or one that is whole. */
function createNesting() {
  let depth = 0;
  let seen = false;
  let quoted = false;
  let escaped = false;
  let unread: string[] = [];

  /** Counted only when the answer matters: most events are one line and a blank one. */
  function count(): void {
    for (const text of unread)
      for (let at = 0; at < text.length; at += 1) step(text.charCodeAt(at));
    unread = [];
  }

  function step(code: number): void {
    if (quoted) {
      if (escaped) escaped = false;
      else if (code === 0x5c) escaped = true;
      else if (code === 0x22) quoted = false;
      return;
    }
    if (code === 0x22 && depth > 0) quoted = true;
    else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      seen = true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }

  return {
    read: (text: string) => unread.push(text),
    inside(): boolean {
      count();
      return depth > 0;
    },
    complete(): boolean {
      count();
      return seen && depth <= 0;
    },
    reset(): void {
      depth = 0;
      seen = false;
      quoted = false;
      escaped = false;
      unread = [];
    },
  };
}

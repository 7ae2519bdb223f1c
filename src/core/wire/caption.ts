/** The model's words as a person should read them: without thoughts, progress chatter and what is left of pictures. */

/** Lines that relays write while a queue works (Q12), in a quote. */
const PROGRESS_LINE =
  /^\s*>?\s*(?:ID:\s*`?task|(?:🕐|⏳|⌛|✅)?\s*(?:进度|排队中|生成中|生成完成|正在生成|Progress|Queuing|Generating))/i;
/** The request that some relays repeat before the picture (Q12). */
const ECHOED_PROMPT = /^\s*(?:```json\s*)?\{\s*"prompt"\s*:[\s\S]{0,4000}?\n\}\s*(?:```)?/;
const DOWNLOAD_LINK = /\[[^[\]]{0,40}(?:下载|下載|ダウンロード|download)[^[\]]{0,40}\]\([^()]*\)/gi;
/** The start of a picture that never came (Q44). */
const UNFINISHED =
  /!?\[[^[\]]{0,2000}\]?\(?\s{0,4}(?:data\s{0,4}(?::[\s\S]*)?)?$|data\s{0,4}:\s{0,4}image\/[\s\S]*$/i;

const WORDS = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;

/** `text` holds no pictures any more. Progress lines go only when `hasPictures`: else they may be all that was said. */
export function cleanCaption(text: string, hasPictures: boolean): string {
  let out = text.replace(UNFINISHED, '');
  if (hasPictures || /^\s*>/m.test(out)) out = out.replace(ECHOED_PROMPT, '');
  out = out.replace(DOWNLOAD_LINK, '').split('\n').filter(isWords).join('\n');
  out = out.replace(/[ \t]+\n/g, '\n').replace(/\n{3,}/g, '\n\n');
  if (!hasPictures) return out.trim();
  // Where a picture stood between words, two blanks are left, or a bracket.
  return WORDS.test(out) ? out.replace(/ {2,}/g, ' ').trim() : '';
}

function isWords(line: string): boolean {
  return !PROGRESS_LINE.test(line);
}

/** Text outside and inside of `<think>` tags (Q15); an open tag at the end counts as thinking. Linear. */
export function splitThinking(text: string): { said: string; thought: string } {
  const said: string[] = [];
  const thought: string[] = [];
  let at = 0;
  const firstClose = text.indexOf('</think>');
  const firstOpen = text.indexOf('<think>');
  if (firstClose !== -1 && (firstOpen === -1 || firstClose < firstOpen)) {
    thought.push(text.slice(0, firstClose));
    at = firstClose + '</think>'.length;
  }
  while (at < text.length) {
    const open = text.indexOf('<think>', at);
    if (open === -1) break;
    said.push(text.slice(at, open));
    const close = text.indexOf('</think>', open);
    thought.push(text.slice(open + '<think>'.length, close === -1 ? undefined : close));
    at = close === -1 ? text.length : close + '</think>'.length;
  }
  said.push(text.slice(at));
  return { said: said.join(''), thought: thought.join('\n') };
}

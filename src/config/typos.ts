/** Finds the variable that an operator meant. */

/**
 * Names that other programs use as well, or whose neighbours they use (`HTTP_PROXY`, `HTTPS_PORT`): what merely
 * resembles them is nobody's mistake.
 */
const SHARED_NAMES = new Set([
  'STORE_URL',
  'DATA_DIR',
  'ADMINS',
  'CONCURRENCY',
  'HTTP_HOST',
  'HTTP_PORT',
  'HTTPS_PROXY',
  'NO_PROXY',
  'LOG_LEVEL',
  'LANGUAGE',
]);

/** From this length on, two wrong letters are still surely the same name. */
const LONG_NAME = 12;

/** The one of `candidates` that `name` was surely meant to be: words are missing, or a letter or two are wrong. */
export function findMeant(name: string, candidates: string[]): string | undefined {
  return candidates.find((candidate) => {
    if (SHARED_NAMES.has(candidate)) return false;
    return lacksWords(name, candidate) || isMisspelt(name, candidate);
  });
}

/** `TELEGRAM_TOKEN` for `TELEGRAM_BOT_TOKEN`. */
function lacksWords(name: string, candidate: string): boolean {
  const words = name.split('_');
  const wanted = candidate.split('_');
  return words.length > 1 && words[0] === wanted[0] && words.every((word) => wanted.includes(word));
}

function isMisspelt(name: string, candidate: string): boolean {
  const allowed = candidate.length >= LONG_NAME ? 2 : 1;
  return (
    Math.abs(name.length - candidate.length) <= allowed && distance(name, candidate) <= allowed
  );
}

/** Levenshtein's: how many letters have to be added, left out or changed. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [count, letter] of [...from].entries()) {
    const next = [count + 1];
    for (const [index, other] of [...to].entries()) {
      const changed = (row[index] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(changed, (row[index + 1] ?? 0) + 1, (next[index] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

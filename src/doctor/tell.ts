/** Findings as plain text, for terminals and for files. */
import type { Finding, Mark } from './finding.ts';

const SIGNS: Record<Mark, string> = { good: '✓', bad: '✗', warning: '!', unset: '–' };
const COLUMNS = 80;
/** Names and words of other servers may hold what a terminal obeys. */
const CONTROLS = /\p{Cc}+/gu;

/** One finding in lines of at most 80 columns, unless a single word (a link) is longer; ends with a line break. */
export function tellFinding({ mark, name, text, mend }: Finding): string {
  const lines = wrap(`${SIGNS[mark]} ${name}: ${sentence(text)}`, '  ');
  const advice = mend === undefined ? [] : wrap(`  → ${sentence(mend)}`, '    ');
  return `${[...lines, ...advice].join('\n')}\n`;
}

/** A full stop behind a link would be copied with it. */
function sentence(text: string): string {
  return /[.?!]$|https?:\/\/\S+$/.test(text) ? text : `${text}.`;
}

/** The last line. */
export function tellSum(findings: readonly Finding[]): string {
  const count = (wanted: Mark) => findings.filter(({ mark }) => mark === wanted).length;
  const [problems, warnings] = [count('bad'), count('warning')];
  if (problems + warnings === 0) return 'All is well.\n';
  return `${plural(problems, 'problem')}, ${plural(warnings, 'warning')}.\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Further lines begin with `indent`. */
function wrap(text: string, indent: string): string[] {
  const margin = /^ */.exec(text)?.[0] ?? '';
  const lines: string[] = [];
  let line = margin;
  for (const word of text.replace(CONTROLS, ' ').trim().split(/ +/)) {
    const isFirst = line.trim() === '';
    if (!isFirst && line.length + 1 + word.length > COLUMNS) {
      lines.push(line);
      line = indent + word;
    } else line += isFirst ? word : ` ${word}`;
  }
  return [...lines, line];
}

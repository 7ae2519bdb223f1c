/** Names that resemble one: by the pairs of letters that they share (Dice's coefficient). */

/** Below this, names have nothing to do with each other. */
const MIN_LIKENESS = 0.4;

/** Gateways put a word before or behind the names that others give (`vertex-…`, `…-2K`): such come first. */
const WHOLE_BONUS = 1;

/** At most `count` of `names`, the most similar first. */
export function nearNames(wanted: string, names: readonly string[], count: number): string[] {
  return names
    .map((name) => ({ name, likeness: likeness(wanted, name) }))
    .filter((each) => each.likeness >= MIN_LIKENESS)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, count)
    .map(({ name }) => name);
}

function likeness(one: string, other: string): number {
  const [mine, theirs] = [pairsOf(one), pairsOf(other)];
  const shared = [...mine].filter((pair) => theirs.has(pair)).length;
  const bonus = other.toLowerCase().includes(one.toLowerCase()) ? WHOLE_BONUS : 0;
  return bonus + (2 * shared) / (mine.size + theirs.size || 1);
}

function pairsOf(name: string): Set<string> {
  const text = name.toLowerCase();
  return new Set(Array.from({ length: text.length }, (_, at) => text.slice(at, at + 2)));
}

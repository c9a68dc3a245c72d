/**
 * The known name that somebody who wrote `name` most likely meant: the same but for case, `_` and
 * `-`; what one of the two abbreviates (`lr` and `learningRate`, `eps` and `epsilon`); what it
 * contains or is contained in; or what few letters tell it from.
 */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const wanted = plain(name);
  if (wanted === '') return undefined;
  const abbreviates = (short: string, long: string) => initials(long) === plain(short);
  const tests: ((other: string) => boolean)[] = [
    (other) => plain(other) === wanted,
    (other) => abbreviates(name, other) || abbreviates(other, name),
    (other) => plain(other).startsWith(wanted) || wanted.startsWith(plain(other)),
    (other) => letters(wanted, plain(other)) <= Math.floor((wanted.length + 1) / 4),
    (other) => plain(other).includes(wanted) || wanted.includes(plain(other)),
  ];
  for (const test of tests) {
    const found = known.find(test);
    if (found !== undefined) return found;
  }
  return undefined;
}

function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();
}

/** `lr` of `learningRate` and of `learning_rate`. */
function initials(name: string): string {
  const words = name.replace(/\p{Lu}/gu, (letter) => ` ${letter}`).split(/[^\p{L}\p{N}]+/u);
  return plain(words.map((word) => word.charAt(0)).join(''));
}

/** How many letters must be put in, left out or changed (Levenshtein's distance). */
function letters(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= to.length; j++) {
      const changed = (row[j - 1] as number) + (letter === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[to.length] as number;
}

// What two kernels, launch rules or optimizers share has one place. Lines are compared without their
// indentation and comments, and blank ones are skipped: a copy stays a copy when its comments
// differ. Imports do not count: two files may need the same.
import { linesOf, sourceFiles } from './source-files.mjs';

const FEWEST_LINES = 10;

export function check() {
  // Files are compared with those of the same group.
  const groups = [
    sourceFilesWith('src/kernels', '.wgsl'),
    sourceFilesWith('src/kernels', '.ts'),
    [...sourceFilesWith('src/optim', '.ts'), ...sourceFilesWith('src/kernels/optimizers', '.ts')],
  ];
  const places = new Set(groups.flatMap((paths) => duplicatesAmong(paths.map(readCode))));
  return {
    summary:
      places.size === 0
        ? `No ${FEWEST_LINES} lines of code stand in two kernels, launch rules or optimizers.`
        : `${FEWEST_LINES} lines of code or more stand in two kernels, launch rules or optimizers:`,
    places: [...places],
  };
}

function sourceFilesWith(folder, ending) {
  return sourceFiles(folder).filter((path) => path.endsWith(ending));
}

/** The lines that hold code, trimmed, each with its number in the file. */
function readCode(path) {
  const code = linesOf(path)
    .join('\n')
    .replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$|^import\s[^;]*;/gm, (skipped) =>
      skipped.replace(/[^\n]/g, ''),
    );
  const lines = code
    .split('\n')
    .map((line, i) => ({ text: line.trim(), number: i + 1 }))
    .filter(({ text }) => text !== '');
  return { path, lines };
}

function duplicatesAmong(files) {
  return files.flatMap((a, i) => files.slice(i + 1).flatMap((b) => duplicatesOf(a, b)));
}

/** Every run of lines that two files have in common, at its full length. */
function duplicatesOf(a, b) {
  const found = [];
  /** Of the row above: how many lines up to there and to each line of `b` are the same. */
  let above = [];
  for (let i = 0; i <= a.lines.length; i++) {
    const row = b.lines.map(({ text }, j) =>
      text === a.lines[i]?.text ? 1 + (j > 0 ? (above[j - 1] ?? 0) : 0) : 0,
    );
    // A run has ended where the next pair of lines does not go on with it.
    above.forEach((length, j) => {
      if (length < FEWEST_LINES || row[j + 1] > length) return;
      found.push(
        `${range(a, i - 1, length)} and ${range(b, j, length)}: the same ${length} lines.`,
      );
    });
    above = row;
  }
  return found;
}

function range({ path, lines }, last, length) {
  return `${path}:${lines[last - length + 1].number}-${lines[last].number}`;
}

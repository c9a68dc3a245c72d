// Short files with one subject, in folders that fit on a screen.
import { byFolder, linesOf, sourceFiles } from './source-files.mjs';

const MOST_LINES = 350;
const MOST_FILES = 20;

export function check() {
  const files = sourceFiles('src').map((path) => ({ path, lines: linesOf(path).length }));
  const long = files
    .filter(({ lines }) => lines > MOST_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines.`);
  const full = [...byFolder(files)]
    .filter(([, { length }]) => length > MOST_FILES)
    .map(([folder, { length }]) => `${folder} has ${length} source files.`);
  const places = [...long, ...full];
  return {
    summary:
      places.length === 0
        ? `No file of src is longer than ${MOST_LINES} lines, and no folder has more than ${MOST_FILES}.`
        : `A file of src has at most ${MOST_LINES} lines, a folder at most ${MOST_FILES} source files:`,
    places,
  };
}

// Tables that a command writes into a document, between two marks.
import { readFile, rename, writeFile } from 'node:fs/promises';

/**
 * Puts `text` between `<!-- name: … -->` and `<!-- /name -->` of a document.
 * @throws Error where the marks are not there
 */
export async function writeBetweenMarks(file: string, name: string, text: string): Promise<void> {
  const document = await readFile(file, 'utf8');
  const begin = new RegExp(`<!-- ${name}: .*-->\n`).exec(document);
  const end = document.indexOf(`<!-- /${name} -->`);
  const start = begin === null ? -1 : begin.index + begin[0].length;
  if (start < 0 || end < start) {
    throw new Error(`${file} has no "<!-- ${name}: … -->" with "<!-- /${name} -->" behind it`);
  }
  const unfinished = `${file}.${process.pid}.part`;
  await writeFile(unfinished, `${document.slice(0, start)}\n${text}\n\n${document.slice(end)}`);
  await rename(unfinished, file);
}

import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DataError } from 'wgrad';
import { writeWhole } from '../runs/whole-file.ts';
import type { Report } from './report.ts';
import type { Result } from './results.ts';
import { markdownTable } from './table.ts';

const HEAD = `# Results

Five published reports on image classification, written with Keras, and what the same networks
reach here. Every line and picture is written by \`npm run reproduce -- NAME\`; seconds are those of
the machine it ran on, loaded or not. Accuracies are of the test images after the last epoch (with
early stopping, of the best one), F1 and AUC means over the classes. What is left open was not run,
or with fewer epochs; the same command runs it. Pictures show what was run.
`;

/** What a report adds to the page besides its table. */
export interface Extras {
  /** Paths relative to the page, without `.svg` and `-dark.svg`, by title. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Writes a report's section of the page anew and leaves the others as they are.
 *
 * @throws DataError for a page that cannot be read or has half a section
 * @throws FileError for one that cannot be written
 */
export async function writeSection(
  file: string,
  report: Report,
  results: readonly Result[],
  extras: Extras,
): Promise<void> {
  const page = await readPage(file);
  const [start, end] = [`<!-- ${report.name} -->`, `<!-- /${report.name} -->`];
  const section = [start, body(report, results, extras), end].join('\n\n');
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  if (from < 0 !== to < 0 || to < from) {
    throw new DataError(`${file}: ${start} and ${end} do not go together. Put both back, or none.`);
  }
  const next =
    from < 0
      ? `${page.trimEnd()}\n\n${section}\n`
      : `${page.slice(0, from)}${section}${page.slice(to + end.length)}`;
  await writeWhole(file, next);
}

/** What a picture's files are called, without the ending. */
export function fileNameOf(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}.]+/gu, '-');
}

/**
 * The pictures in a report's folder beside the page: those with these names first, then the others
 * that were drawn before.
 */
export async function picturesIn(
  folder: string,
  report: string,
  names: readonly string[],
): Promise<Record<string, string>> {
  const files = await readdir(join(folder, report)).catch(() => []);
  const drawn = names.map((name) => [fileNameOf(name), name] as const);
  const before = files
    .sort()
    .flatMap((file) => /^(.+)(?<!-dark)\.svg$/.exec(file)?.[1] ?? [])
    .map((name) => [name, name.replaceAll('-', ' ')] as const);
  const titles = new Map([...drawn, ...before.filter(([name]) => !new Map(drawn).has(name))]);
  return Object.fromEntries(
    [...titles].map(([name, title]) => [title, `${basename(folder)}/${report}/${name}`]),
  );
}

async function readPage(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return HEAD;
    throw new DataError(`${file} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

function body(report: Report, results: readonly Result[], { pictures, texts }: Extras): string {
  return [
    `## ${report.title}`,
    `\`npm run reproduce -- ${report.name}\``,
    report.about,
    markdownTable(report, results),
    ...Object.entries(texts).map(([title, text]) => `${title}:\n\n\`\`\`\n${text}\n\`\`\``),
    ...Object.entries(pictures).map(([title, path]) => pictureOf(title, encodeURI(path))),
  ].join('\n\n');
}

/** For light and dark pages, as GitHub and browsers show them. */
function pictureOf(title: string, path: string): string {
  return [
    '<picture>',
    `  <source media="(prefers-color-scheme: dark)" srcset="${path}-dark.svg">`,
    `  <img alt="${title.replaceAll('"', '&quot;')}" src="${path}.svg">`,
    '</picture>',
  ].join('\n');
}

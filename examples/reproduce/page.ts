import { readFile } from 'node:fs/promises';
import { io } from '../../src/index.ts';
import type { Report } from './report.ts';
import type { Result } from './results.ts';
import { markdownTable } from './table.ts';

const HEAD = `# Results

Five published reports on image classification, written with Keras, and what the same networks
reach here. Every line and picture is written by \`npm run reproduce -- NAME\`; seconds are those of
the machine it ran on, loaded or not. Accuracies are of the test images after the last epoch (with
early stopping, of the best one), F1 and AUC means over the classes. What is left open was not run,
or with fewer epochs; the same command runs it.
`;

/** What a report adds to the page besides its table. */
export interface Extras {
  /** File names relative to the page, by title. */
  readonly pictures: Readonly<Record<string, string>>;
  readonly texts: Readonly<Record<string, string>>;
}

/** Writes a report's section of the page anew and leaves the others as they are. */
export async function writeSection(
  file: string,
  report: Report,
  results: readonly Result[],
  extras: Extras,
): Promise<void> {
  const page = await readFile(file, 'utf8').catch(() => HEAD);
  const [start, end] = [`<!-- ${report.name} -->`, `<!-- /${report.name} -->`];
  const section = [start, body(report, results, extras), end].join('\n\n');
  const [from, to] = [page.indexOf(start), page.indexOf(end)];
  const next =
    from < 0 || to < 0
      ? `${page.trimEnd()}\n\n${section}\n`
      : `${page.slice(0, from)}${section}${page.slice(to + end.length)}`;
  await io.writeAtomically(file, next);
}

function body(report: Report, results: readonly Result[], { pictures, texts }: Extras): string {
  return [
    `## ${report.title}`,
    `\`npm run reproduce -- ${report.name}\``,
    report.about,
    markdownTable(report, results),
    ...Object.entries(texts).map(([title, text]) => `${title}:\n\n\`\`\`\n${text}\n\`\`\``),
    ...Object.entries(pictures).map(([title, path]) => `![${title}](${encodeURI(path)})`),
  ].join('\n\n');
}

import { basename, dirname, join, relative } from 'node:path';
import { saveBoth } from '../experiment/pictures.ts';
import { type TrialSettings, titleOf } from '../experiment/settings.ts';
import { runTrial, type TrialResult } from '../experiment/trial.ts';
import type { ReproduceOptions } from './options.ts';
import { writeSection } from './page.ts';
import type { Report } from './report.ts';
import { keepResults, resultOf } from './results.ts';
import { markdownTable } from './table.ts';

/** The trainings of a report that a command line asks for, in the report's order. */
export function wantedTrials(report: Report, options: ReproduceOptions): TrialSettings[] {
  return report.entries
    .map(({ settings }) => settings)
    .filter((settings) => options.only?.test(titleOf(settings)) ?? true)
    .map((settings) => ({
      ...settings,
      epochs: Math.min(settings.epochs, options.epochs ?? settings.epochs),
      weights: settings.model === 'cifar10/resnet50' ? (options.weights ?? null) : null,
    }));
}

/** Runs what is wanted of a report, one training after the other, and writes its part of the page. */
export async function reproduce(
  report: Report,
  options: ReproduceOptions,
  signal: AbortSignal,
): Promise<void> {
  const done: TrialResult[] = [];
  for (const settings of wantedTrials(report, options)) {
    const { runs, device, data } = options;
    const result = await runTrial(settings, { root: runs, device, dataFolder: data, signal });
    if (!result) break;
    done.push(result);
  }
  if (done.length === 0) return;

  const folder = join(dirname(options.page), basename(options.page, '.md'));
  const results = await keepResults(join(folder, 'results.json'), done.map(resultOf));
  const pictures: Record<string, string> = {};
  for (const [name, picture] of Object.entries(report.pictures(done))) {
    const path = join(folder, report.name, name.replaceAll(' ', '-'));
    await saveBoth(path, picture);
    pictures[name] = relative(dirname(options.page), `${path}.png`);
  }
  await writeSection(options.page, report, results, {
    pictures,
    texts: report.texts?.(done) ?? {},
  });
  console.log(`\n${report.title}\n\n${markdownTable(report, results)}\n`);
  for (const [title, text] of Object.entries(report.texts?.(done) ?? {})) {
    console.log(`${title}:\n\n${text}\n`);
  }
  console.log(`Written to ${options.page}; each run's own page is in ${options.runs}/index.html`);
}

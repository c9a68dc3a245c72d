import { basename, dirname, join } from 'node:path';
import { ArgumentError } from 'wgrad';
import { saveBoth } from '../runs/pictures.ts';
import { finishedTrials } from '../trial/run-store.ts';
import { failure, runTrials } from '../trial/run-trials.ts';
import { keyOf, type TrialSettings, titleOf } from '../trial/settings.ts';
import type { ReproduceOptions } from './options.ts';
import { fileNameOf, picturesIn, writeSection } from './page.ts';
import type { Report } from './report.ts';
import { keepResults, resultOf } from './results.ts';
import { rowsOf } from './rows.ts';
import { markdownTable } from './table.ts';

/**
 * The trainings of a report that a command line asks for, in the report's order.
 *
 * @throws ArgumentError where it asks for none, or for weights that none of them can take
 */
export function wantedTrials(
  report: Report,
  { epochs = Number.POSITIVE_INFINITY, only, weights }: Partial<ReproduceOptions>,
): TrialSettings[] {
  const takesWeights = ({ model }: TrialSettings) => model === 'cifar10/resnet50';
  const all = report.entries.map(({ settings }) => ({
    ...settings,
    epochs: Math.min(settings.epochs, epochs),
    weights: (takesWeights(settings) && weights) || settings.weights,
  }));
  const wanted = all.filter((settings) => only?.test(titleOf(settings)) ?? true);
  if (wanted.length === 0) {
    throw new ArgumentError(
      `--only ${only?.source} matches no training of ${report.name}. There are:\n` +
        all.map((settings) => `  ${titleOf(settings)}`).join('\n'),
    );
  }
  if (weights !== undefined && !wanted.some(takesWeights)) {
    throw new ArgumentError(
      `--weights ${weights}: no training that was asked for starts from weights; cifar10/resnet50 does.`,
    );
  }
  return wanted;
}

/**
 * Runs what is wanted of a report, one training after the other, and writes its part of the page
 * from all its trainings that have ended, in this call or before.
 */
export async function reproduce(
  report: Report,
  options: ReproduceOptions,
  signal: AbortSignal,
): Promise<void> {
  const { runs: root, device, data: dataFolder } = options;
  const trials = wantedTrials(report, options);
  const { results, failed } = await runTrials(trials, { root, device, dataFolder, signal });
  if (results.length > 0) await writeUp(report, options);
  if (failed.length > 0) throw failure(failed, trials.length);
}

async function writeUp(report: Report, { runs, page }: ReproduceOptions): Promise<void> {
  const ended = rowsOf(report, await finishedTrials(runs)).flatMap(({ own }) => own ?? []);
  const folder = join(dirname(page), basename(page, '.md'));
  const results = await keepResults(join(folder, 'results.json'), ended.map(resultOf));
  console.log(`\n${report.title}\n\n${markdownTable(report, results)}\n`);

  // A longer training of the same may have been run somewhere else: the table has it then.
  const outcomes = rowsOf(report, results).flatMap(({ own }) => own ?? []);
  const shown = new Set(outcomes.map(({ settings }) => keyOf(settings)));
  const done = ended.filter((own) => shown.has(keyOf(resultOf(own).settings)));
  if (done.length === 0) return;
  const drawn = Object.entries(report.pictures(done, outcomes));
  for (const [name, picture] of drawn) {
    await saveBoth(join(folder, report.name, fileNameOf(name)), picture);
  }
  const names = drawn.map(([name]) => name);
  const texts = report.texts?.(done) ?? {};
  // What was drawn from runs that are somewhere else stays.
  const pictures = await picturesIn(folder, report.name, names);
  await writeSection(page, report, results, { pictures, texts });
  for (const [title, text] of Object.entries(texts)) console.log(`${title}:\n\n${text}\n`);
  console.log(`Written to ${page}; each run's own page is in ${join(runs, 'index.html')}`);
}

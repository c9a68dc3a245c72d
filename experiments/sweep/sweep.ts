import { join } from 'node:path';
import { report } from 'wgrad/node';
import { saveBoth } from '../runs/pictures.ts';
import { sweepPicture } from '../trial/comparison-pictures.ts';
import { loadData } from '../trial/data.ts';
import { findRun, finishedMetrics, type TrialResult } from '../trial/run-store.ts';
import { failure, runTrials } from '../trial/run-trials.ts';
import type { TrialSettings } from '../trial/settings.ts';
import { runJobs } from './jobs.ts';
import { type SweepOptions, trialsOf } from './options.ts';

/** Runs what has not been run, then prints the table of all and draws it. */
export async function sweep(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { runs: root, device, folder: dataFolder, jobs } = options;
  const trials = trialsOf(options);
  if (jobs > 1) {
    const open = await openTrials(root, trials);
    // Once, before several processes look for the same files.
    for (const name of new Set(open.map(({ data }) => data))) {
      await loadData(name, dataFolder, signal);
    }
    const shared = { root, device, dataFolder };
    await runJobs(
      open.map((settings) => ({ settings, options: shared })),
      jobs,
      signal,
    );
    if (signal.aborted) return;
  }
  const run = await runTrials(trials, { root, device, dataFolder, signal });
  const { results, failed, isInterrupted } = run;
  if (isInterrupted) return;
  if (results.length > 0) {
    console.log(`\n${table(options, results)}\n`);
    const picture = join(root, `sweep-${options.models.join('-').replaceAll('/', '-')}`);
    await saveBoth(picture, sweepPicture(results));
    // A run that was killed between its own page and that of all is missing there.
    const index = await report.writeIndex(root);
    console.log(`Drawn in ${picture}.svg; all runs are compared in ${index}`);
  }
  if (failed.length > 0) throw failure(failed, trials.length);
}

async function openTrials(
  root: string,
  trials: readonly TrialSettings[],
): Promise<TrialSettings[]> {
  const open: TrialSettings[] = [];
  for (const settings of trials) {
    const folder = await findRun(root, settings);
    if (!folder || !(await finishedMetrics(folder))) open.push(settings);
  }
  return open;
}

/** Test accuracy: a line for each model and optimizer, a column for each learning rate. */
function table({ lr }: SweepOptions, results: readonly TrialResult[]): string {
  const nameOf = ({ settings: { model, optimizer } }: TrialResult) => `${model}, ${optimizer}`;
  const names = [...new Set(results.map(nameOf))];
  const rows = names.map((name) => {
    const own = results.filter((result) => nameOf(result) === name);
    const best = Math.max(...own.map(({ metrics }) => metrics.accuracy));
    return [
      name,
      ...own.map(({ metrics: { accuracy, status } }) => {
        const mark = status === 'diverged' ? ' diverged' : accuracy === best ? ' *' : '';
        return `${accuracy.toFixed(4)}${mark}`;
      }),
    ];
  });
  const all = [['test accuracy', ...lr.map((rate) => `lr ${rate}`)], ...rows];
  const widths = all[0]!.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

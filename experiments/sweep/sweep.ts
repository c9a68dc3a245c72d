import { join } from 'node:path';
import { ArgumentError, WgradError } from 'wgrad';
import { report } from 'wgrad/node';
import { saveBoth } from '../runs/pictures.ts';
import { outcomeOf, sweepPicture } from '../trial/comparison-pictures.ts';
import { loadData } from '../trial/data.ts';
import { findRun, finishedMetrics } from '../trial/run-store.ts';
import { runTrial } from '../trial/run-trial.ts';
import { failure, runTrials } from '../trial/run-trials.ts';
import type { TrialSettings } from '../trial/settings.ts';
import { accuracyTable } from './accuracy-table.ts';
import { checkLauncher, launch } from './launchers/launch.ts';
import { type SweepOptions, trialsOf } from './options.ts';

/**
 * Has trained what has not been, then prints the table of all and draws it.
 *
 * @throws ArgumentError where there is no combination of that number, or a launcher lacks its command
 */
export async function sweep(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { runs: root, device, folder: dataFolder, launcher, jobs = 1 } = options;
  const combinations = trialsOf(options);
  const here = { root, device, dataFolder, signal };
  if (options.trial !== undefined) {
    await runTrial(combination(combinations, options.trial), here);
    return;
  }
  checkLauncher(options);
  let trials = combinations;
  if (launcher !== 'local' || jobs > 1) {
    const open = await openTrials(root, combinations);
    // Once, before several processes look for the same files.
    for (const name of new Set([...open.values()].map(({ data }) => data))) {
      await loadData(name, dataFolder, signal);
    }
    const later = open.size > 0 ? await launch(open, options, signal) : undefined;
    if (later !== undefined) console.log(later);
    if (later !== undefined || signal.aborted) return;
    // What others were to train is not trained here.
    if (launcher !== 'local') trials = await endedTrials(root, combinations);
  }
  const { results, failed, isInterrupted } = await runTrials(trials, here);
  if (isInterrupted) return;
  if (results.length > 0) {
    console.log(`\n${accuracyTable(options.lr, results)}\n`);
    const picture = join(root, `sweep-${options.models.join('-').replaceAll('/', '-')}`);
    await saveBoth(picture, sweepPicture(results.map(outcomeOf)));
    // A run that was killed between its own page and that of all is missing there.
    const index = await report.writeIndex(root);
    console.log(`Drawn in ${picture}.svg; all runs are compared in ${index}`);
  }
  if (failed.length > 0) throw failure(failed, trials.length);
  const missing = combinations.length - trials.length;
  if (missing > 0) {
    throw new WgradError(
      `${missing} of ${combinations.length} trainings have not ended, though their commands have. ` +
        'The same command goes on.',
    );
  }
}

function combination(all: readonly TrialSettings[], index: number): TrialSettings {
  const found = all[index];
  if (found) return found;
  throw new ArgumentError(
    `--trial ${index}: there are ${all.length} combinations, with the numbers from 0 to ${all.length - 1}.`,
  );
}

/** The combinations that have not ended, by their numbers. */
async function openTrials(
  root: string,
  combinations: readonly TrialSettings[],
): Promise<Map<number, TrialSettings>> {
  const open = new Map<number, TrialSettings>();
  for (const [index, settings] of combinations.entries()) {
    const folder = await findRun(root, settings);
    if (!folder || !(await finishedMetrics(folder))) open.set(index, settings);
  }
  return open;
}

async function endedTrials(
  root: string,
  combinations: readonly TrialSettings[],
): Promise<TrialSettings[]> {
  const open = await openTrials(root, combinations);
  return combinations.filter((_, index) => !open.has(index));
}

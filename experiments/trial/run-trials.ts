import { closeDevice, WgradError } from 'wgrad';
import type { TrialResult } from './run-store.ts';
import { runTrial, type TrialOptions } from './run-trial.ts';
import { type TrialSettings, titleOf } from './settings.ts';

interface Outcome {
  readonly results: readonly TrialResult[];
  /** A line for each that failed. */
  readonly failed: readonly string[];
  readonly isInterrupted: boolean;
}

/** Runs trials one after the other until one is interrupted; one that fails stops no other. */
export async function runTrials(
  trials: readonly TrialSettings[],
  options: TrialOptions,
): Promise<Outcome> {
  const results: TrialResult[] = [];
  const failed: string[] = [];
  for (const settings of trials) {
    try {
      const result = await runTrial(settings, options);
      if (!result) return { results, failed, isInterrupted: true };
      results.push(result);
    } catch (error) {
      if (options.signal?.aborted || !(error instanceof WgradError)) throw error;
      failed.push(`  ${titleOf(settings)}: ${error.message}`);
    }
    closeDevice(); // each training opens one
  }
  return { results, failed, isInterrupted: false };
}

/** What is said of trials that failed when the others have ended. */
export function failure(failed: readonly string[], of: number, why = ''): WgradError {
  return new WgradError(
    `${failed.length} of ${of} trainings failed:\n${failed.join('\n')}\n` +
      `${why}The same command tries them again.`,
  );
}

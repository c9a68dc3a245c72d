import { CheckpointError } from 'wgrad';
import { report } from 'wgrad/node';
import { requirePackages } from '../command/require-packages.ts';

/** All that decides the weights a run ends with: a run goes on only with the same. */
export interface Recipe {
  readonly model: string;
  readonly [setting: string]: string | number;
}

/**
 * The folder of a run that begins, or of one to go on with (`resume`).
 *
 * @param facts what else `settings.json` is to say
 * @throws DataError where there is no such folder, none can be made, or the run goes on elsewhere
 * @throws CheckpointError for a run that was begun with another recipe
 * @throws MissingPackageError where its pictures could not be drawn at the end
 */
export async function openRun(
  { runs, resume }: { readonly runs: string; readonly resume?: string },
  { model, ...recipe }: Recipe,
  facts: Readonly<Record<string, unknown>>,
): Promise<string> {
  requirePackages();
  if (resume === undefined) return report.createRun(runs, model, { ...recipe, ...facts });
  const { settings } = await report.readRun(resume);
  for (const [name, value] of Object.entries({ model, ...recipe })) {
    if (settings[name] === value) continue;
    throw new CheckpointError(
      `${resume} cannot go on: its ${name} is ${settings[name] ?? 'unknown'}, now it is ${value}. ` +
        'Give the options it was begun with, or begin a new run without --resume.',
    );
  }
  await report.resumeRun(resume);
  return resume;
}

import { join } from 'node:path';
import { CheckpointError } from 'wgrad';
import { report } from 'wgrad/node';
import type { MnistOptions } from '../../examples/mnist/options.ts';

/** With the model, all that decides the weights a run ends with. */
export interface Recipe extends Pick<MnistOptions, 'optimizer' | 'epochs' | 'batchSize' | 'seed'> {
  /** Where the images are from. */
  readonly dataset: string;
  /** How many there are to train on. */
  readonly images: number;
  /** The learning rate at the start. */
  readonly lr: number;
}

/**
 * The folder of a run that begins, or of one to go on with.
 *
 * Throws `DataError` where there is no such folder or none can be made, and `CheckpointError` for a
 * run that was begun with other options.
 */
export async function openRun(
  { runs, resume, model }: Pick<MnistOptions, 'runs' | 'resume' | 'model'>,
  recipe: Recipe,
  facts: Readonly<Record<string, unknown>>,
): Promise<string> {
  if (resume === undefined) return report.createRun(runs, model, { ...recipe, ...facts });
  const { settings } = await report.readRun(resume);
  for (const [name, value] of Object.entries({ model, ...recipe })) {
    if (settings[name] === value) continue;
    throw new CheckpointError(
      `${resume} cannot go on: its ${name} is ${settings[name] ?? 'unknown'}, now it is ${value}. ` +
        'Give the options it was begun with, or begin a new run without --resume.',
    );
  }
  await report.writeJson(join(resume, report.RUN_FILES.metrics), { status: 'running' });
  return resume;
}

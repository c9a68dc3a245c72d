import { ArgumentError } from '../../errors.ts';
import { isBetter } from '../history.ts';
import { writeTraining } from '../training-state.ts';
import type { Callback } from './callback.ts';
import { monitored } from './monitored.ts';

export interface CheckpointOptions {
  /** `last` (default) writes every time, `best` only when the metric is the best so far. */
  readonly keep?: 'last' | 'best';
  /** The metric that says which epoch is best. Default `valLoss`, or `loss` without validation. */
  readonly monitor?: string;
  /** Epochs between two checkpoints. Default 1. */
  readonly everyEpochs?: number;
  /** Steps between two checkpoints within an epoch. Default: none but at its end. */
  readonly everySteps?: number;
}

/**
 * Writes checkpoints that `fit`'s `resume` goes on from, and one more where training is stopped
 * on the way. The file is replaced as a whole, so that no moment leaves half of one. With
 * `{epoch}` in its name each epoch has a file of its own.
 */
export function checkpoint(file: string, options: CheckpointOptions = {}): Callback {
  const { keep = 'last', monitor, everyEpochs = 1, everySteps } = options;
  for (const [name, every] of Object.entries({ everyEpochs, everySteps })) {
    if (every === undefined || (Number.isInteger(every) && every > 0)) continue;
    throw new ArgumentError(`checkpoint: ${name} must be a whole number above 0, not ${every}.`);
  }
  if (keep === 'best' && everySteps !== undefined) {
    throw new ArgumentError(
      'checkpoint: everySteps goes with keep: last; which weights are best is known after an epoch.',
    );
  }
  let best: number | undefined;
  return {
    name: `checkpoint ${file}`,
    async onSettled(training, logs) {
      if (!logs) {
        const isDue = everySteps !== undefined && training.step % everySteps === 0;
        if (keep === 'best' || !(isDue || training.isOver)) return;
      } else if (keep === 'best') {
        const { metric, value } = monitored('checkpoint', monitor, logs);
        if (Number.isNaN(value) || (best !== undefined && !isBetter(metric)(value, best))) return;
        best = value;
      } else if (logs.epoch % everyEpochs !== 0 && logs.epoch !== training.epochs) {
        if (!training.isOver) return;
      }
      await writeTraining(file.replaceAll('{epoch}', String(training.epoch)), training);
    },
    state: () => ({ values: best ?? null }),
    restore({ values }) {
      best = (values as number | null) ?? undefined;
    },
  };
}

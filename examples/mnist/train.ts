import { join } from 'node:path';
import { callbacks, crossEntropy, type data, fit, type History, type nn, optim } from 'wgrad';
import { progressBar, report, tensorBoard } from 'wgrad/node';
import type { Recipe } from '../../experiments/runs/open-run.ts';
import { optimizers } from './optimizers.ts';

/** Steps between two checkpoints: what a run that is killed loses at most. */
const CHECKPOINT_STEPS = 500;

/**
 * Trains a model, or goes on where the checkpoint in the run's folder was written. Afterwards the
 * folder has `history.csv`, events for TensorBoard and the last checkpoint.
 */
export async function train(
  model: nn.Layer,
  digits: { readonly train: data.Dataset; readonly test: data.Dataset },
  { optimizer, lr, epochs, batchSize, seed }: Recipe,
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<History> {
  const checkpoint = join(folder, report.RUN_FILES.checkpoint);
  // Ever smaller steps settle the weights: the rate falls evenly to 0 at the end.
  const steps = epochs * Math.ceil(digits.train.count / batchSize);
  const falling = optim.schedules.linear(lr, 0, steps);
  return fit(model, digits.train, {
    loss: crossEntropy,
    metrics: ['accuracy'],
    optimizer: optimizers[optimizer].make(model.trainableVariables, falling),
    epochs,
    batchSize,
    validation: digits.test,
    seed,
    signal,
    resume: checkpoint,
    callbacks: [
      await progressBar(),
      callbacks.nanGuard(),
      callbacks.csvLog(join(folder, 'history.csv')),
      tensorBoard(folder),
      callbacks.checkpoint(checkpoint, { everySteps: CHECKPOINT_STEPS }),
    ],
  });
}

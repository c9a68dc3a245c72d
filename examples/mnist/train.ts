import { crossEntropy, type data, type nn, type optim } from '../../src/index.ts';
import type { DeviceDigits } from './device-digits.ts';
import type { Progress } from './progress.ts';
import { type Score, Tally } from './tally.ts';

export interface EpochOptions {
  /** Which images to take at each step. */
  readonly batches: data.Batches;
  /** The learning rate of a step, counted from 0 over all epochs. */
  readonly lr: (step: number) => number;
  readonly progress: Progress;
  /** Ends the epoch after the step at hand. */
  readonly signal: AbortSignal;
}

/** What an epoch has shown: the score while training, on how many images, in how many seconds. */
export interface EpochScore extends Score {
  readonly images: number;
  readonly seconds: number;
}

/** Trains a model on each batch once. */
export async function trainEpoch(
  model: nn.Layer,
  optimizer: optim.Optimizer,
  digits: DeviceDigits,
  { batches, lr, progress, signal }: EpochOptions,
): Promise<EpochScore> {
  const start = performance.now();
  const seconds = () => (performance.now() - start) / 1000;
  const tally = new Tally();
  let trained = 0;
  for (const numbers of batches) {
    const { images, labels } = digits.batch(numbers);
    const logits = model.forward(images, { training: true });
    const loss = crossEntropy(logits, labels);
    tally.add(loss, logits, labels);
    optimizer.lr = lr(optimizer.steps);
    await optimizer.step(loss);

    trained += numbers.length;
    if (signal.aborted) break;
    if (progress.isDue())
      progress.show({ ...(await tally.read()), images: trained, seconds: seconds() });
  }
  return { ...(await tally.read()), images: trained, seconds: seconds() };
}

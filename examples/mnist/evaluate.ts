import { crossEntropy, data, metrics, type nn, realize } from '../../src/index.ts';
import type { DeviceDigits } from './device-digits.ts';
import type { Score } from './tally.ts';

/** Large, since no gradients have to be kept in memory. */
const BATCH_SIZE = 500;

export interface Evaluation extends Score {
  readonly confusion: metrics.ConfusionMatrix;
}

/** The model's score on images it is not trained on; undefined if it is stopped on the way. */
export async function evaluate(
  model: nn.Layer,
  digits: DeviceDigits,
  trueLabels: Uint8Array,
  signal: AbortSignal,
): Promise<Evaluation | undefined> {
  const predictions = new Int32Array(digits.count);
  let lossSum = 0;
  let seen = 0;
  for (const numbers of data.batches(digits.count, { batchSize: BATCH_SIZE })) {
    if (signal.aborted) return undefined;
    const { images, labels } = digits.batch(numbers);
    const logits = model.forward(images);
    const loss = crossEntropy(logits, labels, { reduction: 'sum' });
    const predicted = logits.argMax(1);
    await realize(loss, predicted);

    lossSum += await loss.item();
    predictions.set(await predicted.data(), seen);
    seen += numbers.length;
  }
  return {
    loss: lossSum / seen,
    accuracy: metrics.accuracy(trueLabels, predictions),
    confusion: metrics.confusionMatrix(trueLabels, predictions, 10),
  };
}

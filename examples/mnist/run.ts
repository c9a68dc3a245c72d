import { data, metrics, nn, openDevice, setDevice, setSeed } from '../../src/index.ts';
import { loadDigits } from './data.ts';
import { DeviceDigits, firstOf } from './device-digits.ts';
import { type Evaluation, evaluate } from './evaluate.ts';
import { IMAGE_SHAPE, models } from './models.ts';
import { optimizers } from './optimizers.ts';
import type { MnistOptions } from './options.ts';
import { showProgress } from './progress.ts';
import {
  closingReport,
  type EpochResult,
  epochLine,
  epochResult,
  stopLine,
  writeResult,
} from './result.ts';
import { trainEpoch } from './train.ts';

/** Trains a model and says how well it reads digits; stops early, with what it has, on a signal. */
export async function run(options: MnistOptions, signal: AbortSignal): Promise<void> {
  const { epochs, batchSize, seed } = options;
  const { device, reason } = await openDevice(options.device);
  await setDevice(device);
  console.log(`Device: ${reason}`);

  const { train: all, test, source } = await loadDigits({ data: options.data, seed, signal });
  const train = firstOf(all, options.limit ?? all.count);
  console.log(`Digits: ${train.count} to train on, ${test.count} to test on (${source})`);

  setSeed(seed);
  const model = models[options.model]().build(IMAGE_SHAPE);
  console.log(`Model:  ${options.model}\n\n${nn.summary(model, IMAGE_SHAPE)}\n`);
  const optimizer = optimizers[options.optimizer](model.trainableVariables, options.lr);
  const peak = optimizer.lr;
  const steps = epochs * Math.ceil(train.count / batchSize);
  // Ever smaller steps settle the weights: the rate falls evenly to 0 at the end.
  const lr = (step: number) => peak * (1 - step / steps);

  const trainDigits = new DeviceDigits(train);
  const testDigits = new DeviceDigits(test);
  const results: EpochResult[] = [];
  let tested: Evaluation | undefined;
  for (let epoch = 0; epoch < epochs && !signal.aborted; epoch++) {
    const batches = data.batches(train.count, { batchSize, shuffle: true, seed, epoch });
    const progress = showProgress(process.stderr, epoch + 1, epochs, train.count);
    const trained = await trainEpoch(model, optimizer, trainDigits, {
      batches,
      lr,
      progress,
      signal,
    });
    progress.stop();
    const evaluation = await evaluate(model, testDigits, test.labels, signal);
    if (!evaluation) {
      console.log(stopLine(epoch + 1, epochs, trained));
      break;
    }
    tested = evaluation;
    results.push(epochResult(trained, evaluation));
    console.log(epochLine(epoch + 1, epochs, results[epoch]!));
  }

  if (!tested) return;
  console.log(closingReport(tested));
  if (options.json === undefined) return;
  await writeResult(options.json, {
    model: options.model,
    device: device.name,
    parameters: model.parameterCount,
    dataset: { source, train: train.count, test: test.count },
    epochs: results,
    testAccuracy: tested.accuracy,
    macroF1: metrics.f1Scores(tested.confusion).macro,
  });
}

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { callbacks, optim } from '../../../src/index.ts';
import { perceptron } from '../small-training.ts';
import { valuesTraining } from './told-values.ts';

const test = suite('learning rate callbacks');

const flat = Number.NaN; // any value: nobody looks at it

test('learningRate follows a schedule of epochs', async () => {
  const model = perceptron();
  const rate = callbacks.learningRate((epoch) => 1 / (1 + epoch));
  const history = await valuesTraining(model, 'other', [flat, flat, flat], [rate]);
  assert.equal(history.series('lr'), [1, 1 / 2, 1 / 3]);
});

/** The rates after each epoch. */
async function ratesOf(
  values: readonly number[],
  options: callbacks.ReduceOnPlateauOptions,
  metric = 'valLoss',
  lr: number | optim.Schedule = 1,
): Promise<number[]> {
  const model = perceptron();
  const optimizer = optim.sgd(model.trainableVariables, { lr });
  const rates: number[] = [];
  const note: callbacks.Callback = {
    name: 'note',
    onEpochEnd: (training) => void rates.push(training.optimizer.lr),
  };
  await valuesTraining(
    model,
    metric,
    values,
    [callbacks.reduceOnPlateau(options), note],
    optimizer,
  );
  return rates;
}

test('reduceOnPlateau lowers the rate after so many epochs without improvement', async () => {
  const values = [3, 2, 2, 2, 1, 1, 1, 1, 1];
  const options = { patience: 2, factor: 0.5 };
  assert.equal(await ratesOf(values, options), [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125]);
  const bounded = await ratesOf(values, { ...options, minLr: 0.4 });
  assert.equal(bounded, [1, 1, 1, 0.5, 0.5, 0.5, 0.4, 0.4, 0.4]);
});

test('reduceOnPlateau watches what it is told to, and knows which way is up', async () => {
  const options = { patience: 1, factor: 0.5, monitor: 'valAccuracy' };
  assert.equal(await ratesOf([0.1, 0.2, 0.15, 0.3], options, 'valAccuracy'), [1, 1, 0.5, 0.5]);
  assert.equal(await ratesOf([Number.NaN, 1], { patience: 1, factor: 0.5 }), [0.5, 0.5]);
});

test('a schedule counts until the rate is lowered', async () => {
  const schedule = optim.schedules.linear(1, 0, 10);
  const rates = await ratesOf([2, 1, 1, 1], { patience: 1, factor: 0.5 }, 'valLoss', schedule);
  assert.equal(rates, [0.9, 0.8, 0.35, 0.175]);
});

test.run();

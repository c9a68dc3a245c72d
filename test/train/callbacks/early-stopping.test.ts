import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArgumentError, callbacks, type nn, type Training, tensor } from '../../../src/index.ts';
import { refuses, rejects } from '../../tensor/refusal.ts';
import { bitsOf, perceptron } from '../small-training.ts';
import { valuesTraining } from './told-values.ts';

const test = suite('early stopping');

/** In which epoch a training ends whose validation loss takes these values. */
async function endOf(
  valLoss: readonly number[],
  options: callbacks.EarlyStoppingOptions,
  metric = 'valLoss',
): Promise<{ readonly epochs: number; readonly reason: string; readonly best: number }> {
  const model = perceptron();
  const bias = model.namedVariables().get('layers.1.bias')!;
  const history = await valuesTraining(model, metric, valLoss, [
    {
      // The weights tell the epoch.
      name: 'mark',
      onEpochBegin: ({ epoch }) => bias.assign(tensor([epoch + 1, 0, 0])),
    },
    callbacks.earlyStopping(options),
  ]);
  const { ending, epochs } = history;
  const reason = 'reason' in ending ? ending.reason : ending.kind;
  return { epochs: epochs.length, reason, best: (await bias.data())[0] as number };
}

test('stops after the first epoch that is no better, with the weights of the best', async () => {
  const end = await endOf([3, 2, 2, 1], {});
  assert.is(end.epochs, 3);
  assert.is(end.best, 2);
  assert.match(end.reason, /valLoss has not been better than 2, in epoch 2, for 1 epoch$/);
});

test('waits as long as it is told', async () => {
  const values = [3, 2, 4, 2.5, 1, 5, 5, 5, 0];
  assert.is((await endOf(values, { patience: 1 })).epochs, 3);
  const end = await endOf(values, { patience: 3 });
  assert.equal([end.epochs, end.best], [8, 5]);
  assert.match(end.reason, /better than 1, in epoch 5, for 3 epochs/);
  assert.equal(await endOf(values, { patience: 4 }), { epochs: 9, reason: 'finished', best: 9 });
});

test('minDelta says what counts as better, for what should rise too', async () => {
  assert.is((await endOf([3, 2.9, 2.8, 2], { minDelta: 0.5 })).epochs, 2);
  assert.is((await endOf([3, 2.9, 2.4, 2], { minDelta: 0.5, patience: 2 })).epochs, 4);
  const rising = { monitor: 'valAccuracy', minDelta: 0.1 };
  assert.is((await endOf([0.1, 0.3, 0.5, 0.55, 0.9], rising, 'valAccuracy')).epochs, 4);
});

test('the direction is that of the name, unless mode says another', async () => {
  const values = [3, 2, 1, 2];
  assert.is((await endOf(values, { monitor: 'mae' }, 'mae')).best, 3);
  assert.is((await endOf(values, { monitor: 'rocAuc' }, 'rocAuc')).epochs, 2);
  assert.is((await endOf(values, { monitor: 'mae', mode: 'max' }, 'mae')).epochs, 2);
  assert.is((await endOf(values, { monitor: 'own', mode: 'min' }, 'own')).best, 3);
});

test('without restoreBest the model ends as it is', async () => {
  assert.is((await endOf([1, 2], { restoreBest: false })).best, 2);
});

test('NaN is no improvement; infinities compare', async () => {
  const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;
  const first = await endOf([nan, nan, 1], { patience: 2 });
  assert.equal([first.epochs, first.reason], [2, 'valLoss has been NaN for 2 epochs']);
  assert.equal((await endOf([nan, 2, nan, nan, 1], { patience: 2 })).epochs, 4);
  assert.equal((await endOf([infinity, 5, 6], {})).best, 2);
});

test('an unknown metric is an error that lists those there are', async () => {
  await rejects(
    () => endOf([1], { monitor: 'f1' }),
    ArgumentError,
    /no metric 'f1' to watch.*epoch, loss/,
  );
  refuses(() => callbacks.earlyStopping({ patience: -1 }), ArgumentError, /patience -1/);
});

test('its state goes through JSON and tensors', async () => {
  const model: nn.Layer = perceptron();
  const first = callbacks.earlyStopping({ patience: 5 });
  await valuesTraining(model, 'valLoss', [3, 2, 4], [first]);
  const { values, tensors } = await first.state!();
  const second = callbacks.earlyStopping({ patience: 5 });
  second.restore!({ values: JSON.parse(JSON.stringify(values)), tensors: tensors! }, model);
  assert.equal(await second.state!(), await first.state!());
  const other = perceptron();
  await second.onTrainEnd!({ model: other } as Training);
  assert.equal(await bitsOf(other), await bitsOf(model));
});

test.run();

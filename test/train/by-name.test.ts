import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluate, fit, losses, nn, optim, random } from '../../src/index.ts';
import { bitsOf, logsOf, points } from './small-training.ts';

const test = suite('losses and optimizers by name');

const network = () => {
  random.seed(2);
  return nn.sequential([nn.dense(5, { activation: 'tanh' }), nn.dense(3)]);
};

const names = [
  'adadelta',
  'adagrad',
  'adam',
  'adamax',
  'adamW',
  'lamb',
  'lars',
  'lion',
  'nadam',
  'radam',
  'rmsprop',
  'sgd',
] as const;

for (const name of names) {
  test(`'${name}' trains as optim.${name} does, on a model that was not built`, async () => {
    const common = { metrics: ['accuracy'], epochs: 2, batchSize: 8 } as const;
    const one = network();
    const byName = await fit(one, points(20), { ...common, loss: 'crossEntropy', optimizer: name });
    const other = network().build([4]);
    const optimizer = optim[name](other.variables);
    const loss = losses.crossEntropy;
    const byValue = await fit(other, points(20), { ...common, loss, optimizer });
    assert.equal(await bitsOf(one), await bitsOf(other));
    assert.equal(logsOf(byName), logsOf(byValue));
  });
}

test('evaluate takes the name of a loss', async () => {
  const model = network().build([4]);
  assert.equal(
    await evaluate(model, points(9), { loss: 'crossEntropy' }),
    await evaluate(model, points(9), { loss: losses.crossEntropy }),
  );
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Backup } from '../../../examples/browser/worker/backup.ts';
import { losses, nn, optim, random, tensor } from '../../../src/index.ts';

const test = suite('playground: what a lost device leaves');

const inputs = tensor([
  [1, 2, 3],
  [3, 1, 2],
  [0, 1, 1],
  [2, 2, 0],
]);
const labels = tensor([0, 1, 1, 0], { dtype: 'u8' });

function training(seed: number) {
  random.seed(seed);
  const model = nn.sequential([nn.dense(5, { activation: 'tanh' }), nn.dense(2)]).build([3]);
  const optimizer = optim.adam(model.trainableVariables, { lr: 0.1 });
  const train = async (steps: number) => {
    for (let i = 0; i < steps; i++) {
      await optimizer.step(losses.crossEntropy(model.forward(inputs), labels));
    }
  };
  const weights = () => Promise.all(model.variables.map((variable) => variable.data()));
  return { train, weights, backup: new Backup({ model, optimizer }) };
}

test('a model and its optimizer go on bit by bit as they would have', async () => {
  const former = training(1);
  await former.train(4);
  await former.backup.keep();
  const later = training(2);
  await later.backup.takeOver(former.backup);
  const latest = training(3);
  await latest.backup.takeOver(later.backup);
  for (const { train } of [former, later, latest]) await train(3);
  assert.equal(await later.weights(), await former.weights());
  assert.equal(await latest.weights(), await former.weights(), 'lost again before a copy was made');
});

test('where nothing was kept, the first weights stay', async () => {
  const fresh = training(2);
  const before = await fresh.weights();
  await fresh.backup.takeOver(training(1).backup);
  assert.equal(await fresh.weights(), before);
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crossEntropy, optim, random } from '../../src/index.ts';
import { ImageBatches } from './image-batches.ts';
import { smallModels } from './small-models.ts';

const test = suite('two runs of one program');

async function train(seed: number): Promise<Uint32Array[]> {
  random.seed(seed);
  const data = new ImageBatches(8, [12, 12, 1]);
  const model = smallModels.resnet().build([12, 12, 1]);
  const optimizer = optim.adam(model.variables, { lr: 0.01 });
  for (let number = 0; number < 20; number++) {
    const { x, y } = data.batch(number);
    await optimizer.step(crossEntropy(model.forward(x, { training: true }), y));
  }
  const weights = await Promise.all(model.variables.map((variable) => variable.data()));
  return weights.map((values) => new Uint32Array(Float32Array.from(values).buffer));
}

test('have the same bits in all weights and statistics, with another seed other ones', async () => {
  const [first, second, other] = [await train(5), await train(5), await train(6)];
  assert.equal(second, first);
  assert.ok(first.every((bits) => bits.every((word) => (word & 0x7f800000) !== 0x7f800000)));
  assert.not.equal(other[0], first[0]);
});

test.run();

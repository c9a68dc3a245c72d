import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import * as data from '../../../src/data/index.ts';
import { arange, ones, tensor } from '../../../src/tensor/ops/creation.ts';
import { moments } from '../../../src/tensor/ops/norms.ts';

const test = suite('standardizing');

const near = (found: ArrayLike<number>, expected: number[]) =>
  assert.ok(
    expected.every((x, i) => Math.abs(x - (found[i] ?? Number.NaN)) < 2e-5 * (1 + Math.abs(x))),
    `${Array.from(found)} for ${expected}`,
  );

test('what was fitted has mean 0 and deviation 1, what is new goes by the same numbers', async () => {
  const count = 700; // three batches, the last not full
  const line = arange(count).reshape([count, 1]);
  const train = data.fromTensors(
    line.mul(tensor([[1, -2, 0]])).add(tensor([[5, 0, 8]])),
    arange(count).mul(3),
  );
  const { apply, inputs, targets } = await data.standardize(train, { targets: true });
  const std = Math.sqrt((count ** 2 - 1) / 12);
  near(inputs.mean, [354.5, -699, 8]);
  near(inputs.std, [std, 2 * std, 1]);
  near(targets.std, [3 * std]);
  const whole = await train.map(apply).get(Int32Array.from({ length: count }, (_, i) => i));
  const { mean, variance } = moments(whole.inputs, 0);
  near(await mean.data(), [0, 0, 0]);
  near(await variance.data(), [1, 1, 0]);
  const test = data.fromArrays([[5, 1, 9]], [30]).map(apply);
  const { inputs: x, targets: y } = await test.get(Int32Array.of(0));
  near(await x.data(), [-349.5 / std, 700 / (2 * std), 1]);
  near(await targets.restore(y).data(), [30]);
});

test('by name, and whole numbers stay', async () => {
  const examples = data.fromTensors(
    { price: tensor([1, 3]), word: tensor([4, 5], { dtype: 'i32' }) },
    tensor([0, 1], { dtype: 'i32' }),
    { weights: ones([2]) },
  );
  const { apply, inputs, targets } = await data.standardize(examples);
  near(inputs.price.mean, [2]);
  assert.equal([inputs.word.mean, targets.std], [[0], [1]]);
  const words = tensor([7], { dtype: 'i32' });
  assert.equal(await inputs.word.restore(inputs.word.scale(words)).array(), [7]);
  const batch = await examples.map(apply).get(Int32Array.of(0, 1));
  assert.equal(await batch.inputs.price.array(), [-1, 1]);
  assert.equal(await batch.inputs.word.array(), [4, 5]);
  assert.equal([batch.targets.dtype, batch.weights === undefined], ['i32', false]);
});

test('features of images are their channels', async () => {
  const pictures = data.fromTensors(arange(16).reshape([2, 2, 2, 2]), arange(2));
  const { inputs } = await data.standardize(pictures);
  near(inputs.mean, [7, 8]);
});

test.run();

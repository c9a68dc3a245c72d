import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyTensor,
  ArgumentError,
  crossEntropy,
  DTypeError,
  grad,
  nn,
  ShapeError,
} from '../../../src/index.ts';
import { NdArray } from '../../reference/array.ts';
import { assertSame } from '../../tensor/closeness.ts';
import { refuses } from '../../tensor/refusal.ts';
import { download, upload } from '../../tensor/transfer.ts';
import { scatterVariables } from './layer-values.ts';

const test = suite('nn: embedding');

const words = new NdArray([2, 3], [4, 0, 2, 2, 4, 4]);

test('gives each number its vector', async () => {
  const layer = nn.embedding(5, 3).build([3]);
  assert.is(layer.parameterCount, 15);
  assert.equal([...layer.namedVariables().keys()], ['weight']);
  const [weight] = (await scatterVariables(layer)) as [NdArray];
  const expected = NdArray.build([2, 3, 3], ([i, j, k]) => weight.at(words.at(i!, j!), k!));
  for (const dtype of ['i32', 'u32', 'u8'] as const) {
    assertSame(await download(layer.forward(upload(words, dtype))), expected, dtype);
  }
});

test('each vector gets the gradients of all its uses', async () => {
  const layer = nn.embedding(5, 2).build([3]);
  const vectors = layer.forward(upload(words, 'i32'));
  const [slope] = grad(vectors.sum(), layer.variables) as AnyTensor[];
  const uses = [1, 0, 2, 0, 3];
  assertSame(
    await download(slope as AnyTensor),
    NdArray.build([5, 2], ([i]) => uses[i!]!),
  );
});

test('builds, summarises and trains within other layers', async () => {
  const model = nn.sequential([nn.sequential([nn.embedding(5, 4)]), nn.flatten(), nn.dense(2)]);
  assert.match(nn.summary(model, [3]), /embedding +\(None, 3, 4\) +20/);
  assert.is(nn.residual(nn.embedding(5, 1), nn.embedding(5, 1)).inputDType, 'i32');
  assert.is(nn.concat([nn.embedding(5, 1)]).inputDType, 'i32');
  const labels = upload(new NdArray([2], [0, 1]), 'u8');
  const loss = crossEntropy(model.forward(upload(words, 'i32')), labels);
  const slopes = grad(loss, model.variables) as AnyTensor[];
  for (const slope of slopes) assert.ok((await slope.data()).some((value) => value !== 0));
});

test('its vectors start between -0.05 and 0.05, or as told, and may be regularised', async () => {
  const values = await nn.embedding(50, 20).build([1]).variables[0]!.data();
  assert.ok(values.every((value) => Math.abs(value) <= 0.05) && values.some((v) => v > 0.04));
  const { ones: initializer } = nn.initializers;
  const layer = nn.embedding(4, 5, { initializer, regularizer: nn.l2(0.5) }).build([1]);
  assert.is(await (layer.penalty() as AnyTensor).item(), 10);
});

test('what does not fit', () => {
  refuses(() => nn.embedding(0, 3), ArgumentError, /^embedding: count 0 must be/);
  const layer = nn.embedding(4, 2);
  refuses(() => layer.forward(upload(words)), DTypeError, /indices must be i32, got f32/);
  refuses(() => layer.forward(upload(words, 'i32')), ShapeError, /index 4 is out of range/);
});

test.run();

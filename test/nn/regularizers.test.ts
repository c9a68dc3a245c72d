import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, ArgumentError, grad, nn, tensor } from '../../src/index.ts';
import { refuses } from '../tensor/refusal.ts';

const close = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-6 * Math.abs(expected), `${actual}, not ${expected}`);

test('l1, l2 and both, by Keras’ formulas', async () => {
  const w = tensor([
    [1, -2],
    [3, -4],
  ]) as AnyTensor;
  close(await nn.l1(0.5)(w).item(), 5);
  close(await nn.l2(0.1)(w).item(), 3);
  close(await nn.l1l2(0.5, 0.1)(w).item(), 8);
  const [slope] = grad(nn.l1l2(0.5, 0.1)(w), [w]) as AnyTensor[];
  const values = [...(await (slope as AnyTensor).data())];
  [0.7, -0.9, 1.1, -1.3].forEach((expected, i) => {
    close(values[i] as number, expected);
  });
});

test('a model’s penalty sums its layers’ terms, that of a layer used twice once', async () => {
  const { ones } = nn.initializers;
  const options = { kernelInitializer: ones, biasInitializer: ones };
  const shared = nn.dense(3, { ...options, kernelRegularizer: nn.l2(0.5) });
  const image = nn.conv2d(2, 2, {
    ...options,
    kernelRegularizer: nn.l1(2),
    biasRegularizer: nn.l1(10),
  });
  const model = nn.sequential([image, nn.flatten(), nn.dense(3), shared, nn.residual(shared)]);
  model.build([2, 2, 1]);
  close(await (model.penalty() as AnyTensor).item(), 0.5 * 9 + 2 * 8 + 10 * 2);
});

test('a layer without regularizers has no penalty', () => {
  assert.is(nn.dense(3).build([2]).penalty(), undefined);
});

test('a negative factor is refused', () => {
  refuses(() => nn.l1(-1), ArgumentError, /^l1: factor -1 must be/);
  refuses(() => nn.l1l2(1, Number.NaN), ArgumentError, /^l2: factor NaN must be/);
});

test.run();

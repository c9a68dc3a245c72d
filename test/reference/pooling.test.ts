import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NdArray } from './array.ts';
import { assertGradient, scattered } from './check-gradient.ts';
import {
  avgPool2d,
  avgPool2dGradient,
  maxPool2d,
  maxPool2dGradient,
  type PoolingOptions,
} from './pooling.ts';
import { samePadding } from './window.ts';

const test = suite('reference: pooling');

const image = new NdArray([1, 3, 3, 1], [1, 2, 3, 4, 9, 9, -7, -8, -9]);
const same: PoolingOptions = { window: [2, 2], padding: samePadding([1, 3, 3, 1], [2, 2], [2, 2]) };

test('a hand-computed case with "same" padding', () => {
  assert.equal([...maxPool2d(image, same).data], [9, 9, -7, -9]);
  assert.equal([...avgPool2d(image, same).data], [4, 6, -7.5, -9]);
});

test('the gradient of a maximum goes to the first of equals', () => {
  const options: PoolingOptions = { window: [3, 3], strides: [1, 1] };
  const gradient = maxPool2dGradient(image, new NdArray([1, 1, 1, 1], [5]), options);
  assert.equal([...gradient.data], [0, 0, 0, 0, 5, 0, 0, 0, 0]);
});

test('a window of padding alone is refused', () => {
  assert.throws(() => maxPool2d(image, { window: [1, 1], padding: [1, 0, 0, 0] }), /padding/);
});

const cases: Record<string, PoolingOptions> = {
  'no overlap': { window: [2, 2] },
  'overlap and uneven padding': { window: [3, 2], strides: [2, 1], padding: [1, 2, 0, 1] },
  gaps: { window: [1, 2], strides: [3, 3] },
};
for (const [name, options] of Object.entries(cases)) {
  test(`${name}: gradients`, () => {
    const x = scattered([2, 5, 6, 3]);
    assertGradient(
      (input) => maxPool2d(input, options),
      x,
      (dy) => maxPool2dGradient(x, dy, options),
    );
    assertGradient(
      (input) => avgPool2d(input, options),
      x,
      (dy) => avgPool2dGradient(x.shape, dy, options),
    );
  });
}

test.run();

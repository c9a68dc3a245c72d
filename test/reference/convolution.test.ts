import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { concat, NdArray } from './array.ts';
import { assertClose, assertGradient, scattered } from './check-gradient.ts';
import {
  type ConvolutionOptions,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
} from './convolution.ts';
import { matMul } from './linear.ts';
import { samePadding, samePaddingOfAxis } from './window.ts';

const test = suite('reference: conv2d');

const cases: Record<string, [input: number[], filter: number[], options: ConvolutionOptions]> = {
  valid: [[2, 5, 4, 3], [3, 2, 3, 4], {}],
  'strides and uneven padding': [
    [2, 5, 6, 2],
    [3, 3, 2, 3],
    { strides: [2, 3], padding: [2, 1, 0, 1] },
  ],
  dilations: [[1, 7, 6, 2], [3, 2, 2, 2], { dilations: [2, 3], padding: [1, 0, 0, 2] }],
  groups: [[1, 4, 4, 6], [3, 3, 2, 9], { groups: 3, padding: [1, 1, 1, 1] }],
  'depthwise with a multiplier': [[2, 4, 5, 3], [2, 3, 1, 6], { groups: 3, strides: [1, 2] }],
  everything: [
    [2, 7, 8, 4],
    [2, 3, 2, 6],
    { groups: 2, strides: [2, 1], dilations: [3, 2], padding: [0, 2, 1, 3] },
  ],
};

test('a hand-computed case', () => {
  const input = new NdArray([1, 3, 3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  const filter = new NdArray([2, 2, 1, 1], [1, 10, 100, 1000]);
  assert.equal([...conv2d(input, filter).data], [5421, 6532, 8754, 9865]);
  const padded = conv2d(input, filter, { strides: [2, 2], padding: [1, 0, 0, 1] });
  assert.equal([...padded.data], [2100, 300, 8754, 906]);
});

for (const [name, [inputShape, filterShape, options]] of Object.entries(cases)) {
  const input = scattered(inputShape, 1);
  const filter = scattered(filterShape, 2);

  test(`${name}: every output is the product of a window and the filter`, () => {
    assertClose(conv2d(input, filter, options), byWindows(input, filter, options), 1e-12);
  });

  test(`${name}: gradients`, () => {
    assertGradient(
      (x) => conv2d(x, filter, options),
      input,
      (dy) => conv2dInputGradient(inputShape, filter, dy, options),
    );
    assertGradient(
      (w) => conv2d(input, w, options),
      filter,
      (dy) => conv2dFilterGradient(input, filterShape, dy, options),
    );
  });
}

test('"same" padding is TensorFlow\'s', () => {
  assert.equal(samePaddingOfAxis(28, 3, 1), [1, 1]);
  assert.equal(samePaddingOfAxis(7, 2, 2), [0, 1]);
  assert.equal(samePaddingOfAxis(14, 2, 2), [0, 0]);
  assert.equal(samePaddingOfAxis(14, 1, 4), [0, 0]);
  assert.equal(samePaddingOfAxis(5, 3, 2, 2), [2, 2]);
  assert.equal(samePaddingOfAxis(6, 3, 2), [0, 1]);
  const input = scattered([1, 7, 10, 1]);
  const filter = scattered([3, 4, 1, 1]);
  const padding = samePadding(input.shape, [3, 4], [2, 3]);
  assert.equal(padding, [1, 1, 1, 2]);
  assert.equal(conv2d(input, filter, { strides: [2, 3], padding }).shape, [1, 4, 4, 1]);
});

/** The same by other means: pad, cut each window out, multiply it by its group's filter. */
function byWindows(input: NdArray, filter: NdArray, options: ConvolutionOptions): NdArray {
  const { strides = [1, 1], dilations = [1, 1], padding = [0, 0, 0, 0], groups = 1 } = options;
  const [top, bottom, left, right] = padding;
  const padded = input.pad([0, top, left, 0], [0, bottom, right, 0]);
  const [batch, height, width] = padded.shape as [number, number, number];
  const [kernelHeight, kernelWidth, depth] = filter.shape as [number, number, number];
  const lastY = height - (kernelHeight - 1) * dilations[0] - 1;
  const lastX = width - (kernelWidth - 1) * dilations[1] - 1;
  const filters = filter.split(groups, 3).map((part) => part.reshape([-1, part.shape[3]!]));
  const rows: NdArray[] = [];
  for (let y = 0; y <= lastY; y += strides[0]) {
    const row: NdArray[] = [];
    for (let x = 0; x <= lastX; x += strides[1]) {
      const products = filters.map((part, group) => {
        const window = padded.slice(
          [0, y, x, group * depth],
          [batch, kernelHeight, kernelWidth, depth],
          [1, ...dilations, 1],
        );
        return matMul(window.reshape([batch, -1]), part);
      });
      row.push(concat(products, 1).unsqueeze(1).unsqueeze(1));
    }
    rows.push(concat(row, 2));
  }
  return concat(rows, 1);
}

test.run();

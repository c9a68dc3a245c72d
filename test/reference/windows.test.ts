import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NdArray } from './array.ts';
import { conv2d, conv2dInputGradient } from './convolution.ts';
import { avgPool2d, maxPool2d } from './pooling.ts';
import { convolve, convolveBack, largest, mean, pool } from './windows.ts';

const test = suite('reference: windows along any axes');

const numbers = (...shape: number[]) => NdArray.build(shape, (_, at) => Math.sin(at * 1.7));
const axes = [
  { stride: 2, dilation: 1, before: 1, after: 2 },
  { stride: 1, dilation: 2, before: 0, after: 1 },
] as const;
const options = { strides: [2, 1], dilations: [1, 2], padding: [1, 2, 0, 1], groups: 2 } as const;
const near = (a: NdArray, b: NdArray) => {
  assert.equal(a.shape, b.shape);
  assert.ok(a.data.every((value, at) => Math.abs(value - b.data[at]!) < 1e-12));
};

test('along one axis, by hand', () => {
  const x = NdArray.from([1, 2, 3, 4]).reshape([1, 4, 1]);
  const filter = NdArray.from([1, 10]).reshape([2, 1, 1]);
  assert.equal([...convolve(x, filter, [{ before: 1 }]).data], [10, 21, 32, 43]);
  const back = convolveBack(x, filter, [{ stride: 2 }], [8]);
  assert.equal([...back.data], [1, 10, 2, 20, 3, 30, 4, 40]);
  assert.equal([...pool(x, [2], [{ stride: 2 }], mean).data], [1.5, 3.5]);
});

test('along two axes, as the reference of images', () => {
  const [x, filter] = [numbers(2, 5, 6, 4), numbers(3, 2, 2, 6)];
  const y = conv2d(x, filter, options);
  near(convolve(x, filter, axes, 2), y);
  near(convolveBack(y, filter, axes, [5, 6], 2), conv2dInputGradient(x.shape, filter, y, options));
  const apart = [{ stride: 2, before: 1, after: 1 }, { stride: 1 }];
  const windows = { window: [3, 2], strides: [2, 1], padding: [1, 1, 0, 0] } as const;
  near(pool(x, [3, 2], apart, largest), maxPool2d(x, windows));
  near(pool(x, [3, 2], apart, mean), avgPool2d(x, windows));
});

test.run();

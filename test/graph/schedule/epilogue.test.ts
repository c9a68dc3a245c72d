// Kernels that end with an expression: each has the value that it has where the kernel's own result
// is asked for as well, so that the expression is a kernel of its own.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import '../../../src/tensor/methods.ts';
import { grad } from '../../../src/autograd/grad.ts';
import type { Device } from '../../../src/device/device.ts';
import { runtime, setDevice } from '../../../src/graph/execution/current-runtime.ts';
import { realize } from '../../../src/graph/execution/realize.ts';
import { schedule } from '../../../src/graph/schedule/schedule.ts';
import { conv2d } from '../../../src/tensor/ops/convolution/conv2d.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { matMul } from '../../../src/tensor/ops/linear.ts';
import { batchNorm } from '../../../src/tensor/ops/normalization.ts';
import { avgPool2d, maxPool2d } from '../../../src/tensor/ops/pooling/pool2d.ts';
import { softmaxCrossEntropy } from '../../../src/tensor/ops/softmax.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { noise } from '../../kernels/matmul/matmul-reference.ts';
import { sizeOf } from '../../reference/shape.ts';
import { asGpu } from '../as-gpu.ts';
import '../kernels-loaded.ts';

const test = suite('graph: kernels that end with an expression');

let seed = 1;
const input = (...shape: number[]): AnyTensor =>
  tensor(noise(sizeOf(shape), seed++), shape) as AnyTensor;

/** The gradient of Σ y · weights by x, with what the ops between them make of it. */
function gradient(y: AnyTensor, x: AnyTensor): AnyTensor {
  return grad(y, [x], input(...y.shape))[0] as AnyTensor;
}

/** Results of kernels, by the name of the kernel. */
const kernels: Readonly<Record<string, (channels: number) => AnyTensor>> = {
  'a product': (c) => matMul(input(9, 20), input(20, c)) as AnyTensor,
  'a product with one row': (c) => matMul(input(1, 20), input(20, c)) as AnyTensor,
  'a product with one column': (c) => matMul(input(c, 20), input(20, 1)) as AnyTensor,
  'products with a long reduction': (c) => matMul(input(2, 5, 1031), input(1031, c)) as AnyTensor,
  'a convolution': (c) => conv2d(input(2, 5, 6, 4), input(3, 3, 4, c), { padding: 'same' }),
  'a convolution of one pixel': (c) => conv2d(input(2, 5, 6, 4), input(1, 1, 4, c)),
  'the gradient of an image': (c) => {
    const x = input(2, 6, 5, c);
    return gradient(conv2d(x, input(3, 3, c, 4)), x);
  },
  'the gradient of an image, strided': (c) => {
    const x = input(2, 6, 5, c);
    return gradient(conv2d(x, input(3, 3, c, 4), { strides: 2 }), x);
  },
  'the gradient of a filter': (c) => {
    const filter = input(3, 3, 2, c);
    return gradient(conv2d(input(3, 6, 5, 2), filter), filter);
  },
  'a depthwise convolution': (c) => conv2d(input(2, 5, 4, c), input(3, 3, 1, c), { groups: c }),
  'the gradient of a depthwise image': (c) => {
    const x = input(2, 6, 5, c);
    return gradient(conv2d(x, input(3, 3, 1, c), { groups: c }), x);
  },
  'the gradient of a depthwise filter': (c) => {
    const filter = input(3, 3, 1, c);
    return gradient(conv2d(input(9, 20, 20, c), filter, { groups: c }), filter);
  },
  'sums of rows': (c) => input(c, 70).sum(1),
  'sums of rows of few': (c) => input(5, c, 3).sum(2),
  'sums of columns': (c) => input(70, c).sum(0),
  'sums of many rows': (c) => input(9000, c).sum(0),
  'the highest of an inner axis': (c) => input(3, 300, c).max(1),
  'max pooling': (c) => maxPool2d(input(2, 6, 7, c)),
  'its gradient': (c) => {
    const x = input(2, 6, 7, c);
    return gradient(maxPool2d(x), x);
  },
  'its gradient where windows overlap': (c) => {
    const x = input(2, 6, 7, c);
    return gradient(maxPool2d(x, { filterSize: 3, strides: 2, padding: 'same' }), x);
  },
  'mean pooling': (c) => avgPool2d(input(2, 6, 7, c)),
  'its gradient, too': (c) => {
    const x = input(2, 6, 7, c);
    return gradient(avgPool2d(x, { filterSize: 3, strides: 2 }), x);
  },
  'batch normalisation': (c) => batchNorm(input(9, 7, c), input(c), input(c)).output,
  'the gradient of batch normalisation': (c) => {
    const x = input(9, 7, c);
    return gradient(batchNorm(x, input(c), input(c)).output, x);
  },
  'the gradient of cross-entropy': (c) => {
    const x = input(7, c);
    const labels = tensor(Int32Array.of(0, 1, 2, 3, 0, 1, 2), [7], { dtype: 'i32' });
    return grad(softmaxCrossEntropy(x, labels).sum(), [x])[0];
  },
};

/** Expressions of a kernel's result, by what they read besides it. */
const endings: Readonly<Record<string, (y: AnyTensor) => AnyTensor>> = {
  'nothing else': (y) => y.mul(3).tanh(),
  'a row': (y) => y.add(input(...y.shape.slice(-1))).relu(),
  'its like, a column and a row': (y) =>
    y
      .mul(input(...y.shape))
      .add(input(...y.shape.slice(0, -1), 1))
      .sub(input(...y.shape.slice(-1))),
  'it as it is in another shape': (y) => y.reshape([y.size]).mul(input(y.size)),
};

const dispatches = ({ node }: AnyTensor, { limits }: Device) =>
  schedule([node], [], limits).steps.length;

const asItIs = (own: Device) => own;

for (const [kernel, make, as] of Object.entries(kernels).flatMap(
  ([kernel, make]) =>
    [
      [kernel, make, asItIs],
      [`${kernel}, as on a GPU,`, make, asGpu],
    ] as const,
)) {
  test(`${kernel} ends with any expression`, async () => {
    // Taken here, as other tests close devices; and those to come are not to run as on a GPU.
    const own = (await runtime()).device;
    const device = as(own);
    await setDevice(device);
    for (const channels of [1, 4, 7, 12, 33]) {
      for (const [what, ending] of Object.entries(endings)) {
        // Its own end, the gradient of each loss, is a column, which no other shape has.
        const isEnded = kernel.includes('cross-entropy');
        if (isEnded && (channels < 4 || what.includes('shape'))) continue;
        // Each ending with and without whole vec4s; other widths with the one that reads most.
        if (channels !== 7 && channels !== 12 && !what.includes('its like')) continue;
        const start = seed;
        const folded = ending(make(channels));
        seed = start;
        const apart = make(channels);
        assert.is(dispatches(folded, device), dispatches(apart, device), what);
        const result = ending(apart);
        await realize([apart, result].map(({ node }) => node));
        const [got, wanted] = [await folded.data(), await result.data()];
        got.forEach((value, i) => {
          const other = wanted[i] as number;
          const error = Math.abs(value - other) / Math.max(1, Math.abs(other));
          assert.ok(error < 1e-5, `${what}, ${channels} channels [${i}]: ${value}, not ${other}`);
        });
      }
    }
    await setDevice(own);
  });
}

test.run();

// These tests schedule graphs at once, so that what is loaded on demand has to be there before.

import { loadNeeded } from '../../src/graph/execution/needed.ts';
import { topological } from '../../src/graph/node.ts';
import { conv2d } from '../../src/tensor/ops/convolution/conv2d.ts';
import { depthwiseConv2d } from '../../src/tensor/ops/convolution/separable.ts';
import { tensor, zeros } from '../../src/tensor/ops/creation.ts';
import { scatterAdd } from '../../src/tensor/ops/indexing/gather.ts';
import { batchNorm } from '../../src/tensor/ops/normalization.ts';
import { maxPool2d } from '../../src/tensor/ops/pooling/pool2d.ts';
import { softmaxCrossEntropy } from '../../src/tensor/ops/softmax.ts';
import '../../src/methods.ts';
import { STANDARD_LIMITS } from './limits.ts';

const x = tensor([
  [1, 2],
  [3, 4],
]);
const places = tensor([0, 1], { dtype: 'i32' });
const [images, filters] = [zeros([1, 2, 2, 1]), zeros([1, 1, 1, 1])];
const results = [
  x.matMul(x).sigmoid().sum(),
  x.argMax(0),
  x.softmax(),
  scatterAdd(x.gather(places), places, 2),
  softmaxCrossEntropy(x, places),
  conv2d(images, filters),
  depthwiseConv2d(zeros([1, 2, 2, 2]), zeros([1, 1, 2, 1])),
  maxPool2d(images),
  batchNorm(x, tensor([1, 1]), tensor([0, 0])).output,
];
for (const cpu of [true, false]) {
  await loadNeeded(topological(results.map(({ node }) => node)), { ...STANDARD_LIMITS, cpu });
}

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { topologicalThroughValues } from '../../src/graph/node.ts';
import {
  avgPool2d,
  batchNorm,
  batchNormInference,
  cdist,
  crossEntropy,
  grad,
  maxPool2d,
  realize,
  Tensor,
} from '../../src/index.ts';
import type { AnyOp } from '../../src/tensor/op.ts';
import { NdArray } from '../reference/array.ts';
import { spread } from './arbitraries.ts';
import { assertClose } from './closeness.ts';
import { download, upload } from './transfer.ts';

const test = suite('tensor: decompositions');

const input = (shape: number[], seed = 1) => upload(spread(shape, seed, [-2, 2]));
const image = () => input([2, 5, 6, 3]);
const statistics = { mean: input([3], 2), variance: upload(spread([3], 3, [0.5, 2])) };

/** Calls that between them, with their gradients, use every fused op. */
const calls: Record<string, (x: Tensor) => Tensor> = {
  softmax: (x) => x.softmax(),
  logSoftmax: (x) => x.logSoftmax(1),
  crossEntropy: (x) =>
    crossEntropy(
      x.reshape([60, 3]),
      upload(
        NdArray.build([60], (_, i) => i % 3),
        'i32',
      ),
    ),
  cdist: (x) => {
    const rows = x.reshape([-1, 30]);
    return cdist(rows, rows.slice([2]), 1).add(cdist(rows, rows.slice([2])));
  },
  maxPool2d: (x) => maxPool2d(x, { filterSize: [3, 2], strides: 2, padding: 'same' }),
  avgPool2d: (x) => avgPool2d(x, { filterSize: 3, strides: [1, 2], padding: 1 }),
  batchNorm: (x) => {
    const { output, mean, variance } = batchNorm(x, input([3], 4), input([3], 5));
    return output.mul(mean).add(variance);
  },
  batchNormInference: (x) => batchNormInference(x, statistics, input([3], 4), input([3], 5)),
};

const seen = new Set<string>();

for (const [name, call] of Object.entries(calls)) {
  test(`${name}: what kernels compute is what plain ops do`, async () => {
    const x = image();
    const y = call(x);
    const [dx] = grad(y.mul(y).sum(), [x]);
    const pairs = topologicalThroughValues([dx.node, y.node]).flatMap((node) => {
      const { decompose, name: op } = node.op as AnyOp;
      if (!decompose) return [];
      seen.add(op);
      const inputs = node.inputs.map((one) => new Tensor(one));
      const { attributes, scalars } = node;
      const plain = decompose({ inputs, attributes, scalars });
      return [{ op, kernel: new Tensor(node), plain }];
    });
    assert.ok(pairs.length > 0, 'no fused op');
    await realize(...pairs.flatMap(({ kernel, plain }) => [kernel, plain]));
    for (const { op, kernel, plain } of pairs) {
      const [actual, expected] = [await download(kernel), await download(plain)];
      // Sums over all 60 positions of an image, of elements of this size.
      assertClose(actual, expected, { relative: 1e-5, scale: 2 }, op);
    }
  });
}

test('all of them were looked at', () => {
  assert.equal([...seen].sort(), [
    'avgPool2d',
    'batchNormInputGradient',
    'batchNormMean',
    'batchNormNormalize',
    'batchNormScaleGradient',
    'batchNormShiftGradient',
    'batchNormVariance',
    'cdist',
    'maxPool2d',
    'maxPool2dGradient',
    'softmax',
    'softmaxCrossEntropy',
    'softmaxCrossEntropyGradient',
  ]);
});

test.run();

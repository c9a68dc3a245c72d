import fc from 'fast-check';
import { suite } from 'uvu';
import {
  type AnyTensor,
  avgPool2d,
  batchNormInference,
  concat,
  conv2d,
  gather,
  grad,
  matMul,
  realize,
  Variable,
} from '../../src/index.ts';
import { concat as joined, NdArray, type Shape, sizeOf } from '../reference/array.ts';
import * as convolved from '../reference/convolution.ts';
import { numericalGradient } from '../reference/finite-difference.ts';
import * as linear from '../reference/linear.ts';
import * as normalized from '../reference/normalization.ts';
import * as pooled from '../reference/pooling.ts';
import { logSoftmax } from '../reference/softmax.ts';
import { choices, spread } from '../tensor/arbitraries.ts';
import { arrange } from '../tensor/arrangements.ts';
import { assertClose } from '../tensor/closeness.ts';
import { holds } from '../tensor/property.ts';
import { download, upload } from '../tensor/transfer.ts';

// A kernel may look through a view to what is in memory; the view has a gradient all the same.

const test = suite('autograd: gradients with respect to views');

interface Consumer {
  readonly shapes: readonly Shape[];
  readonly f: (...inputs: AnyTensor[]) => AnyTensor;
  readonly reference: (...inputs: NdArray[]) => NdArray;
}

const product = matMul as unknown as (a: AnyTensor, b: AnyTensor) => AnyTensor;
const sum = (a: NdArray, b: NdArray) => a.zip(b, (p, q) => p + q);
const rows = new NdArray([3], [2, 0, 2]);
const vectors = [spread([2], 8, [-1, 1]), spread([2], 9, [0.5, 2])] as const;

const consumers: Readonly<Record<string, Consumer>> = {
  'a product': {
    shapes: [
      [3, 4],
      [4, 5],
    ],
    f: product,
    reference: linear.matMul,
  },
  'a product of batches': {
    shapes: [
      [2, 3, 4],
      [2, 4, 2],
    ],
    f: product,
    reference: linear.matMul,
  },
  'a layer': {
    shapes: [[3, 4], [4, 2], [2], [3, 2]],
    f: (x, w, b, residual) => product(x, w).add(b).add(residual).tanh(),
    reference: (x, w, b, residual) => sum(sum(linear.matMul(x, w), b), residual).map(Math.tanh),
  },
  'a convolution': {
    shapes: [[1, 3, 4, 2], [2, 2, 2, 3], [3]],
    f: (x, filter, b) => conv2d(x, filter, { padding: 'same' }).add(b),
    reference: (x, filter, b) => sum(convolved.conv2d(x, filter, { padding: [0, 1, 0, 1] }), b),
  },
  'a convolution of one pixel': {
    shapes: [
      [2, 2, 2, 3],
      [1, 1, 3, 4],
    ],
    f: (x, filter) => conv2d(x, filter),
    reference: (x, filter) => convolved.conv2d(x, filter),
  },
  'means of windows': {
    shapes: [[1, 4, 4, 2]],
    f: (x) => avgPool2d(x),
    reference: (x) => pooled.avgPool2d(x, { window: [2, 2] }),
  },
  'a normalization': {
    shapes: [[3, 2], [2], [2]],
    f: (x, gamma, beta) => {
      const [mean, variance] = [upload(vectors[0]), upload(vectors[1])];
      return batchNormInference(x, { mean, variance }, gamma, beta, 0.1);
    },
    reference: (x, gamma, beta) =>
      normalized.batchNormInference(x, vectors[0], vectors[1], gamma, beta, 0.1),
  },
  'a joint': {
    shapes: [
      [2, 3],
      [1, 3],
    ],
    f: (a, b) => concat([a, b]).logSoftmax(),
    reference: (a, b) => logSoftmax(joined([a, b])),
  },
  'a table': {
    shapes: [[4, 3]],
    f: (x) => gather(x, upload(rows, 'i32')).square(),
    reference: (x) => x.gather(rows).map((v) => v * v),
  },
};

/** As many elements as differences are taken of within a moment. */
const MOST = 200;

for (const [name, { shapes, f, reference }] of Object.entries(consumers)) {
  test(`${name} of views of views, each of them`, () =>
    holds(
      [fc.tuple(...shapes.map(() => fc.tuple(choices, choices)))],
      async (picks) => {
        const operands = shapes.map((shape, k) => {
          const [pick, other] = picks[k]!;
          const outer = arrange(shape, pick, 0.5);
          const inner = arrange(outer.base, other, 0.5);
          fc.pre(sizeOf(inner.base) <= MOST);
          const stages = [inner, outer];
          const whole = spread(inner.base, k + 1, [-1, 1]);
          const values = [whole];
          for (const stage of stages) values.push(stage.reference(values.at(-1)!));
          const held = k % 2 === 0 ? new Variable(upload(whole)) : upload(whole);
          const tensors: AnyTensor[] = [held instanceof Variable ? held.value : held];
          for (const stage of stages) tensors.push(stage.view(tensors.at(-1)!));
          return { stages, values, tensors, targets: [held, ...tensors.slice(1)] };
        });
        const y = f(...operands.map(({ tensors }) => tensors.at(-1)!));
        const results = operands.map(({ values }) => values.at(-1)!);
        const weights = spread(reference(...results).shape, 99, [-1, 1]);
        const gradients = grad(
          y,
          operands.flatMap(({ targets }) => targets),
          upload(weights),
        );
        await realize(...gradients);
        for (const [k, { stages, values }] of operands.entries()) {
          for (const [level, { shape, data }] of values.entries()) {
            const loss = (at: Float64Array) => {
              const behind = stages
                .slice(level)
                .reduce((x, stage) => stage.reference(x), new NdArray(shape, at));
              const outputs = reference(...results.with(k, behind)).data;
              return outputs.reduce((total, v, i) => total + v * weights.data[i]!, 0);
            };
            const expected = new NdArray(shape, numericalGradient(loss, data));
            const actual = await download(gradients[k * values.length + level]!);
            const views = stages.map((stage) => stage.name).join(' of ');
            const tolerance = { relative: 1e-5, scale: 10 };
            assertClose(actual, expected, tolerance, `${name}, input ${k}, ${views}, ${level}`);
          }
        }
      },
      6,
    ));
}

test.run();

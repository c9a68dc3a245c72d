import { suite } from 'uvu';
import '../../../src/tensor/methods.ts';
import { tensor } from '../../../src/tensor/ops/creation.ts';
import { digamma, lgamma, polygamma } from '../../../src/tensor/ops/elementwise/gamma-functions.ts';
import { resizeBilinear, resizeNearestNeighbor } from '../../../src/tensor/ops/images/resize.ts';
import { scatterAlongAxis, takeAlongAxis } from '../../../src/tensor/ops/indexing/along-axis.ts';
import { gather, scatterAdd } from '../../../src/tensor/ops/indexing/gather.ts';
import { gatherND, scatterND } from '../../../src/tensor/ops/indexing/nd.ts';
import { maxPoolWithArgmax } from '../../../src/tensor/ops/pooling/max-pool-with-argmax.ts';
import { cumProd, cumSum } from '../../../src/tensor/ops/sorting/cumulative.ts';
import { quantile } from '../../../src/tensor/ops/sorting/quantile.ts';
import { argSort, sort, topK } from '../../../src/tensor/ops/sorting/sort.ts';
import type { AnyTensor } from '../../../src/tensor/tensor.ts';
import { type Outputs, sameElsewhere } from './same-elsewhere.ts';

const test = suite('ONNX export of single elements');

const whole = (x: AnyTensor, below: number) => x.abs().mul(50).cast('i32').mod(below);
const places = (values: readonly number[], shape: readonly number[] = [values.length]) =>
  tensor(Int32Array.from(values), shape);

const cases: Readonly<
  Record<string, readonly [(x: AnyTensor) => Outputs, readonly number[], (readonly number[])?]>
> = {
  'numbers that are open sizes': [
    (x) =>
      x
        .div(x.size)
        .add(x.shape.at(-1) ?? 0)
        .sub(x.sum().div(x.size)),
    [2, 3, 5],
    [0, 2],
  ],
  'argSort along an axis': [(x) => argSort(x, { axis: 1 }), [4, 5, 3]],
  'argSort along an open axis': [(x) => argSort(x, { descending: true }), [2, 3, 37], [0, 2]],
  'argSort of equal numbers': [(x) => argSort(whole(x, 3)), [3, 20]],
  'argSort of equal numbers, descending': [
    (x) => argSort(whole(x, 3), { descending: true }),
    [3, 20],
  ],
  'argSort of u32, u8 and bool': [
    (x) => ({
      words: argSort(x.abs().mul(7e8).cast('i32').cast('u32')),
      bytes: argSort(whole(x, 200).cast('u8')),
      flags: argSort(x.greater(0), { descending: true }),
    }),
    [2, 11],
  ],
  sort: [(x) => sort(x, { axis: 0, descending: true }), [4, 5], [1]],
  'sort along an open axis': [(x) => sort(x, { axis: 1 }), [2, 40, 3], [0, 1, 2]],
  topK: [
    (x) => {
      const { values, indices } = topK(x, 2, { axis: 1 });
      const least = topK(x, 3, { axis: 1, largest: false });
      return { values, indices, least: least.values, lowest: least.indices };
    },
    [4, 5, 3],
  ],
  quantile: [(x) => quantile(x, 0.3, 1), [3, 7]],
  cumSum: [(x) => cumSum(x, 1), [2, 5, 3], [0, 1]],
  'cumSum of others, backwards': [
    (x) => cumSum(x, 2, { exclusive: true, reverse: true }),
    [2, 5, 3],
  ],
  'cumSum of whole numbers': [
    (x) => ({
      integers: cumSum(whole(x, 9).sub(4), 1),
      words: cumSum(whole(x, 9).cast('u32').mul(1e8), 1),
    }),
    [2, 5],
  ],
  'cumSum along one of several axes of 1': [(x) => cumSum(x, 1, { exclusive: true }), [3, 1, 1]],
  cumProd: [(x) => cumProd(x, 1), [2, 5]],
  'takeAlongAxis with indices computed': [(x) => takeAlongAxis(x, x.argMax(1, true), 1), [4, 5, 3]],
  'takeAlongAxis along the last axis': [
    (x) => takeAlongAxis(x, argSort(x.neg()), -1),
    [4, 2, 5],
    [0, 1, 2],
  ],
  'scatterAlongAxis adds up': [(x) => scatterAlongAxis(x, whole(x, 4), 7, 1), [4, 5, 3]],
  'scatterAlongAxis with open axes around': [
    (x) => scatterAlongAxis(x, whole(x, 4), 4, 1),
    [4, 5, 3],
    [0, 2],
  ],
  'gather along one of several axes of 1': [(x) => gather(x, places([0, 0, 0]), 2), [4, 1, 1]],
  scatterAdd: [(x) => scatterAdd(x, places([5, 0, 5, 2, 0]), 6, 1), [4, 5, 3]],
  'scatterAdd of whole numbers': [(x) => scatterAdd(whole(x, 9), places([1, 0, 1]), 3, 1), [4, 3]],
  'scatterAdd of one slice': [(x) => scatterAdd(x, places([2]), 4, 1), [3, 1, 1]],
  gatherND: [(x) => gatherND(x, places([1, 2, 0, 4], [2, 2])), [2, 5, 3], [2]],
  'gatherND with indices computed': [
    (x) =>
      gatherND(
        tensor([
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
        whole(x, 2),
      ),
    [7, 2],
  ],
  scatterND: [(x) => scatterND(places([1, 2, 0, 4, 1, 2], [3, 2]), x, [3, 5, 4]), [3, 4], []],
  resizeBilinear: [
    (x) => ({
      corners: resizeBilinear(x, [7, 2], { alignCorners: true }),
      centers: resizeBilinear(x, [7, 2], { halfPixelCenters: true }),
      plain: resizeBilinear(x, [3, 9]),
    }),
    [2, 5, 4, 3],
  ],
  resizeNearestNeighbor: [
    (x) => ({
      corners: resizeNearestNeighbor(x, [7, 2], { alignCorners: true }),
      centers: resizeNearestNeighbor(x, [7, 2], { halfPixelCenters: true }),
      plain: resizeNearestNeighbor(x, [3, 9]),
    }),
    [2, 5, 4, 3],
  ],
  'gamma functions at their ends and poles': [
    (x) => ({
      same: x,
      lgamma: lgamma(ends),
      digamma: digamma(ends),
      trigamma: polygamma(1, ends),
      sixth: polygamma(6, ends),
    }),
    [2],
  ],
  'gamma functions of halves': [
    (x) => {
      const half = x.mul(2).cast('f16');
      return { lgamma: lgamma(half), digamma: digamma(half), trigamma: polygamma(1, half) };
    },
    [3, 5],
  ],
  maxPoolWithArgmax: [
    (x) => ({ ...maxPoolWithArgmax(x, { filterSize: 3, strides: 2, padding: 'same' }) }),
    [3, 6, 5, 2],
  ],
};

const ends = tensor(
  Float32Array.of(NaN, -Infinity, -1e9, -7, -1, -0, 0, 1, 2, 3.999, 4, 1e8, 1e30, Infinity),
  [14],
);

for (const [name, given] of Object.entries(cases)) {
  test(name, async () => sameElsewhere(...given));
}

test.run();

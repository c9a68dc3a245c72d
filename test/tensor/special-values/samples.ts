import {
  type AnyTensor,
  batchNorm,
  batchNormInference,
  dropout,
  tensor,
} from '../../../src/index.ts';
import type { NdArray } from '../../reference/array.ts';
import { mean, variance } from '../../reference/reductions.ts';
import { type Lists, lists } from './others.ts';
import { INF, listed, NAN, type Section } from './section.ts';

const samples: Lists = [
  [NAN, 1],
  [INF, 1],
  [-INF, -INF],
  [-0, -0],
  [-1, 3],
];
const unitOf = (x: number) => tensor([x]);
function standardized(x: NdArray): NdArray {
  const [center, spread] = [mean(x).item(), variance(x).item()];
  return x.map((v) => (v - center) / Math.sqrt(spread + 1e-3));
}
export const ofSamples: Section = {
  title: 'Batch normalization and dropout',
  text: 'f32: the samples of one channel a column; gamma 1, beta 0. `batchNormInference` is of mean 0 and variance 1, without epsilon.',
  columns: samples.map(listed),
  rows: [
    {
      ...lists(
        'batchNorm',
        samples,
        (x) => batchNorm(x.reshape([2, 1]), unitOf(1), unitOf(0)).output.reshape([2]) as AnyTensor,
        standardized,
      ),
      openZeros: true,
    },
    {
      ...lists(
        'batchNormInference',
        samples,
        (x) => {
          const statistics = { mean: unitOf(0), variance: unitOf(1) };
          const y = batchNormInference(x.reshape([2, 1]), statistics, unitOf(1), unitOf(0), 0);
          return y.reshape([2]) as AnyTensor;
        },
        (x) => x,
      ),
      openZeros: true,
    },
    ...([0, 1] as const).map((rate) => ({
      ...lists(
        'dropout',
        samples,
        (x) => dropout(x, rate),
        (x) => (rate === 0 ? x : x.map(() => 0)),
      ),
      label: `dropout, rate ${rate}`,
    })),
  ],
};

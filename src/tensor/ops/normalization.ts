import { ShapeError } from '../../errors.ts';
import {
  batchNormGradientSums as launchGradientSums,
  batchNormInputGradient as launchInputGradient,
  batchNormNormalize as launchNormalize,
  batchNormStatistics as launchStatistics,
} from '../../kernels/batch-norm/batch-norm.ts';
import type { Call, Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';
import { stack } from './joining.ts';
import { mean, reduceBy, variance } from './reductions.ts';
import { reshape, slice } from './views.ts';

// Ioffe & Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
// Covariate Shift", ICML 2015. Statistics travel as [2, C]: the mean, then the biased variance.

type Plain = Omit<Call, 'output'>;

function leadingAxes(x: AnyTensor): number[] {
  return x.shape.slice(0, -1).map((_, axis) => axis);
}

function row(pair: AnyTensor, index: 0 | 1): AnyTensor {
  return reshape(slice(pair, [index], [index + 1]), [pair.shape[1] as number]);
}

function statisticsInPlainOps({ inputs: [x] }: Plain): AnyTensor {
  const axes = leadingAxes(x as AnyTensor);
  return stack([mean(x as AnyTensor, axes), variance(x as AnyTensor, axes)]);
}

function standardize(x: AnyTensor, statistics: AnyTensor, epsilon: number): AnyTensor {
  return x.sub(row(statistics, 0)).mul(row(statistics, 1).add(epsilon).rsqrt());
}

function normalizeInPlainOps({ inputs, scalars }: Plain): AnyTensor {
  const [x, statistics, gamma, beta] = inputs as [AnyTensor, AnyTensor, AnyTensor, AnyTensor];
  return standardize(x, statistics, scalars[0] as number)
    .mul(gamma)
    .add(beta);
}

const statisticsOp: Op = {
  name: 'batchNormStatistics',
  lowering: { kind: 'kernel', launch: launchStatistics },
  decompose: statisticsInPlainOps,
};

/** Normalisation by given statistics (inference): they are constants to its gradient's kernels. */
const normalizeOp: Op = {
  name: 'batchNormNormalize',
  lowering: { kind: 'kernel', launch: launchNormalize },
  decompose: normalizeInPlainOps,
};

/** Training: the statistics are the batch's own, and the gradient flows through them. */
const trainingOp: Op = {
  name: 'batchNormTraining',
  lowering: { kind: 'kernel', launch: launchNormalize },
  vjp: (g, { inputs, scalars }) => {
    const [x, statistics, gamma, beta] = inputs as [AnyTensor, AnyTensor, AnyTensor, AnyTensor];
    const sums = apply(gradientSumsOp, [x, g, statistics], statistics, {}, scalars);
    const dx = apply(inputGradientOp, [x, g, statistics, gamma, sums], x, {}, scalars);
    return [dx, undefined, reshape(row(sums, 1), gamma.shape), reshape(row(sums, 0), beta.shape)];
  },
};

const gradientSumsOp: Op = {
  name: 'batchNormGradientSums',
  lowering: { kind: 'kernel', launch: launchGradientSums },
  decompose: ({ inputs, scalars }) => {
    const [x, g] = inputs as [AnyTensor, AnyTensor];
    const normal = standardize(
      x,
      statisticsInPlainOps({ inputs: [x], attributes: {}, scalars }),
      scalars[0] as number,
    );
    const axes = leadingAxes(x);
    return stack([reduceBy('sum', g, axes), reduceBy('sum', g.mul(normal), axes)]);
  },
};

const inputGradientOp: Op = {
  name: 'batchNormInputGradient',
  lowering: { kind: 'kernel', launch: launchInputGradient },
  decompose: ({ inputs, scalars }) => {
    const [x, g, , gamma] = inputs as [AnyTensor, AnyTensor, AnyTensor, AnyTensor];
    const [epsilon] = scalars as [number];
    const axes = leadingAxes(x);
    // Written from x alone, so that a second derivative sees the statistics depend on it.
    const statistics = statisticsInPlainOps({ inputs: [x], attributes: {}, scalars });
    const normal = standardize(x, statistics, epsilon);
    const centred = g.sub(mean(g, axes)).sub(normal.mul(mean(g.mul(normal), axes)));
    return gamma.mul(row(statistics, 1).add(epsilon).rsqrt()).mul(centred);
  },
};

function check(x: AnyTensor, vectors: readonly AnyTensor[]): void {
  for (const operand of [x, ...vectors]) requireDType('batchNorm', operand, ['f32']);
  if (x.size === 0) {
    throw new ShapeError(`batchNorm: [${x.shape}] has no elements, so there are no statistics.`);
  }
  const channels = x.shape[x.rank - 1];
  const odd = vectors.find(({ shape }) => shape.length !== 1 || shape[0] !== channels);
  if (x.rank < 2 || odd) {
    throw new ShapeError(
      `batchNorm: [${x.shape}] has ${channels} channels (its last axis); scale, offset, mean and variance must each be [${channels}], ` +
        `got [${(odd ?? x).shape}].`,
    );
  }
}

export interface BatchNormResult {
  /** The normalised tensor, in the shape of the input. */
  readonly output: Tensor;
  /** The batch's mean over all axes but the last, [C]. */
  readonly mean: Tensor;
  /** The batch's biased variance, [C]. */
  readonly variance: Tensor;
}

/**
 * Batch normalisation with the batch's own statistics over all axes but the last:
 * `gamma · (x − mean) / √(variance + epsilon) + beta`. The statistics come along for running
 * means; no gradient flows through those two.
 */
export function batchNorm(
  x: AnyTensor,
  gamma: AnyTensor,
  beta: AnyTensor,
  epsilon = 1e-3,
): BatchNormResult {
  check(x, [gamma, beta]);
  const statistics = apply(statisticsOp, [x], {
    shape: [2, x.shape[x.rank - 1] as number],
    dtype: 'f32',
  });
  const output: Tensor = apply(trainingOp, [x, statistics, gamma, beta], x, {}, [epsilon]);
  return {
    output,
    mean: row(statistics, 0) as Tensor,
    variance: row(statistics, 1) as Tensor,
  };
}

/** Batch normalisation with given statistics, as at inference. */
export function batchNormInference(
  x: AnyTensor,
  statistics: { readonly mean: AnyTensor; readonly variance: AnyTensor },
  gamma: AnyTensor,
  beta: AnyTensor,
  epsilon = 1e-3,
): Tensor {
  check(x, [gamma, beta, statistics.mean, statistics.variance]);
  const both = stack([statistics.mean, statistics.variance]);
  return apply(normalizeOp, [x, both, gamma, beta], x, {}, [epsilon]);
}

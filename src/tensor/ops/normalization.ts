import { requireNumber, requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import {
  batchNormGradientSums as launchGradientSums,
  batchNormInputGradient as launchInputGradient,
  batchNormNormalize as launchNormalize,
  batchNormStatistics as launchStatistics,
} from '../../kernels/batch-norm/batch-norm.ts';
import { apply, type NoAttributes, type Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { stack } from './joining.ts';
import { mean, reduceBy, variance } from './reductions.ts';
import { reshape, slice } from './views.ts';

// Ioffe & Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
// Covariate Shift", ICML 2015. Statistics travel as [2, C]: the mean, then the biased variance.

function leadingAxes(x: Tensor): number[] {
  return x.shape.slice(0, -1).map((_, axis) => axis);
}

function row(pair: Tensor, index: 0 | 1): Tensor {
  return reshape(slice(pair, [index], [index + 1]), pair.shape.slice(1));
}

function statisticsInPlainOps(x: Tensor): Tensor {
  const axes = leadingAxes(x);
  return stack([mean(x, axes), variance(x, axes)]);
}

function standardize(x: Tensor, statistics: Tensor, epsilon: number): Tensor {
  return x.sub(row(statistics, 0)).mul(row(statistics, 1).add(epsilon).rsqrt());
}

type Normalization = Op<
  [x: Tensor, statistics: Tensor, gamma: Tensor, beta: Tensor],
  NoAttributes,
  'epsilon'
>;

const statisticsOp: Op<[x: Tensor]> = {
  name: 'batchNormStatistics',
  lowering: { kind: 'kernel', launch: launchStatistics },
  decompose: ({ inputs: [x] }) => statisticsInPlainOps(x),
};

/** Normalisation by given statistics (inference): they are constants to its gradient's kernels. */
const normalizeOp: Normalization = {
  name: 'batchNormNormalize',
  lowering: { kind: 'kernel', launch: launchNormalize, takesEpilogue: true },
  decompose: ({ inputs: [x, statistics, gamma, beta], scalars: { epsilon } }) =>
    standardize(x, statistics, epsilon).mul(gamma).add(beta),
};

/** Training: the statistics are the batch's own, and the gradient flows through them. */
const trainingOp: Normalization = {
  name: 'batchNormTraining',
  lowering: { kind: 'kernel', launch: launchNormalize, takesEpilogue: true },
  vjp: (g, { inputs: [x, statistics, gamma, beta], scalars }) => {
    const sums = apply(gradientSumsOp, [x, g, statistics], statistics, {}, scalars);
    const dx = apply(inputGradientOp, [x, g, statistics, gamma, sums], x, {}, scalars);
    return [dx, undefined, reshape(row(sums, 1), gamma.shape), reshape(row(sums, 0), beta.shape)];
  },
};

const gradientSumsOp: Op<[x: Tensor, g: Tensor, statistics: Tensor], NoAttributes, 'epsilon'> = {
  name: 'batchNormGradientSums',
  lowering: { kind: 'kernel', launch: launchGradientSums },
  decompose: ({ inputs: [x, g], scalars: { epsilon } }) => {
    const normal = standardize(x, statisticsInPlainOps(x), epsilon);
    const axes = leadingAxes(x);
    return stack([reduceBy('sum', g, axes), reduceBy('sum', g.mul(normal), axes)]);
  },
};

const inputGradientOp: Op<
  [x: Tensor, g: Tensor, statistics: Tensor, gamma: Tensor, sums: Tensor],
  NoAttributes,
  'epsilon'
> = {
  name: 'batchNormInputGradient',
  lowering: { kind: 'kernel', launch: launchInputGradient, takesEpilogue: true },
  decompose: ({ inputs: [x, g, , gamma], scalars: { epsilon } }) => {
    const axes = leadingAxes(x);
    // Written from x alone, so that a second derivative sees the statistics depend on it.
    const statistics = statisticsInPlainOps(x);
    const normal = standardize(x, statistics, epsilon);
    const centred = g.sub(mean(g, axes)).sub(normal.mul(mean(g.mul(normal), axes)));
    return gamma.mul(row(statistics, 1).add(epsilon).rsqrt()).mul(centred);
  },
};

function checkShapes(x: Tensor, vectors: readonly Tensor[]): void {
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
 * @throws ShapeError where x is empty, or a vector is not as long as x's last axis.
 * @throws DTypeError where an operand is not f32.
 */
export function batchNorm(
  x: AnyTensor,
  gamma: AnyTensor,
  beta: AnyTensor,
  epsilon = 1e-3,
): BatchNormResult {
  requireDType('batchNorm', x, ['f32']);
  requireDType('batchNorm', gamma, ['f32']);
  requireDType('batchNorm', beta, ['f32']);
  requireNumber('batchNorm', { epsilon }, { from: 0 });
  checkShapes(x, [gamma, beta]);
  const statistics = apply(statisticsOp, [x], {
    shape: [2, ...x.shape.slice(-1)],
    dtype: 'f32',
  });
  const output = apply(trainingOp, [x, statistics, gamma, beta], x, {}, { epsilon });
  return {
    output,
    mean: row(statistics, 0),
    variance: row(statistics, 1),
  };
}

/**
 * Batch normalisation with given statistics, as at inference.
 * @throws ShapeError where x is empty, or a vector is not as long as x's last axis.
 * @throws DTypeError where an operand is not f32.
 */
export function batchNormInference(
  x: AnyTensor,
  statistics: { readonly mean: AnyTensor; readonly variance: AnyTensor },
  gamma: AnyTensor,
  beta: AnyTensor,
  epsilon = 1e-3,
): Tensor {
  requireOptions('batchNormInference', statistics, ['mean', 'variance']);
  requireNumber('batchNormInference', { epsilon }, { from: 0 });
  const { mean, variance } = statistics;
  requireDType('batchNorm', x, ['f32']);
  requireDType('batchNorm', gamma, ['f32']);
  requireDType('batchNorm', beta, ['f32']);
  requireDType('batchNorm', mean, ['f32']);
  requireDType('batchNorm', variance, ['f32']);
  checkShapes(x, [gamma, beta, mean, variance]);
  const both = stack([mean, variance]);
  return apply(normalizeOp, [x, both, gamma, beta], x, {}, { epsilon });
}

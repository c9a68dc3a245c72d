import { requireNumber, requireOptions } from '../../arguments.ts';
import type { DeviceLimits } from '../../device/device.ts';
import { ShapeError } from '../../errors.ts';
import type { Application, Operation } from '../../graph/operation.ts';
import { OnDemand } from '../../kernels/on-demand.ts';
import { apply, type NoAttributes, type Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { sizeOf } from '../shape.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { mean, reduceBy, variance } from './reductions.ts';

// Ioffe & Szegedy, "Batch Normalization: Accelerating Deep Network Training by Reducing Internal
// Covariate Shift", ICML 2015. The variance is the biased one.

function leadingAxes(x: Tensor): number[] {
  return x.shape.slice(0, -1).map((_, axis) => axis);
}

function standardize(x: Tensor, mean: Tensor, variance: Tensor, epsilon: number): Tensor {
  return x.sub(mean).mul(variance.add(epsilon).rsqrt());
}

/** By the statistics of `x` itself, so that a second derivative sees them depend on it. */
function standardizeByOwn(x: Tensor, epsilon: number): Tensor {
  const axes = leadingAxes(x);
  return standardize(x, mean(x, axes), variance(x, axes), epsilon);
}

const kernels = new OnDemand(() => import('../../kernels/batch-norm/batch-norm.ts'));
const needs = () => kernels;

type Shapes = readonly { readonly shape: readonly number[] }[];

/** Kernels read an x of f16 four channels at a time; what there is one of for each channel is f32. */
const readsHalves = (input: number, inputs: Shapes) => input === 0 && areInFours(inputs);

/** So they do an x and a g. */
const readsHalvesOfBoth = (input: number, inputs: Shapes) => input <= 1 && areInFours(inputs);

const areInFours = ([x]: Shapes) => sizeOf(x?.shape ?? [], -1) % 4 === 0;

const meanOp: Op<[x: Tensor]> = {
  name: 'batchNormMean',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().batchNormMean(context),
    readsHalves,
  },
  decompose: ({ inputs: [x] }) => mean(x, leadingAxes(x)),
};

const varianceOp: Op<[x: Tensor]> = {
  name: 'batchNormVariance',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().batchNormVariance(context),
    readsHalves,
    alongside: (own, other) =>
      other.op === meanOp && other.inputs[0] === own.inputs[0] ? 0 : undefined,
  },
  decompose: ({ inputs: [x] }) => variance(x, leadingAxes(x)),
};

type Normalization = Op<
  [x: Tensor, mean: Tensor, variance: Tensor, gamma: Tensor, beta: Tensor],
  NoAttributes,
  'epsilon'
>;

/** Normalisation by given statistics (inference): they are constants to its gradient's kernels. */
const normalizeOp: Normalization = {
  name: 'batchNormNormalize',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().batchNormNormalize(context),
    takesEpilogue: true,
    readsHalves,
  },
  decompose: ({ inputs: [x, mean, variance, gamma, beta], scalars: { epsilon } }) =>
    standardize(x, mean, variance, epsilon).mul(gamma).add(beta),
};

/** Training: the statistics are the batch's own, and the gradient flows through them. */
const trainingOp: Normalization = {
  name: 'batchNormTraining',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().batchNormTraining(context),
    readsHalves,
    takesEpilogue: true,
    alongside: (own, other, limits) => ownInput(own, other, [meanOp, varianceOp], limits),
  },
  vjp: (g, { inputs: [x, mean, variance, gamma], scalars }) => {
    const sum = (op: GradientSum) => apply(op, [x, g, mean, variance], gamma, {}, scalars);
    const [shift, scale] = [sum(shiftGradientOp), sum(scaleGradientOp)];
    const inputs = [x, g, mean, variance, gamma, shift, scale] as const;
    const dx = apply(inputGradientOp, inputs, x, {}, scalars);
    return [dx, undefined, undefined, scale, shift];
  },
};

type GradientSum = Op<
  [x: Tensor, g: Tensor, mean: Tensor, variance: Tensor],
  NoAttributes,
  'epsilon'
>;

/** Σg, the gradient by beta. */
const shiftGradientOp: GradientSum = {
  name: 'batchNormShiftGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().batchNormShiftGradient(context),
    readsHalves: readsHalvesOfBoth,
  },
  decompose: ({ inputs: [x, g] }) => reduceBy('sum', g, leadingAxes(x)),
};

/** Σg·x̂, the gradient by gamma. */
const scaleGradientOp: GradientSum = {
  name: 'batchNormScaleGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().batchNormScaleGradient(context),
    readsHalves: readsHalvesOfBoth,
    alongside: (own, other) =>
      other.op === shiftGradientOp && own.inputs.every((input, i) => input === other.inputs[i])
        ? 0
        : undefined,
  },
  decompose: ({ inputs: [x, g], scalars: { epsilon } }) =>
    reduceBy('sum', g.mul(standardizeByOwn(x, epsilon)), leadingAxes(x)),
};

const inputGradientOp: Op<
  [
    x: Tensor,
    g: Tensor,
    mean: Tensor,
    variance: Tensor,
    gamma: Tensor,
    shift: Tensor,
    scale: Tensor,
  ],
  NoAttributes,
  'epsilon'
> = {
  name: 'batchNormInputGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().batchNormInputGradient(context),
    readsHalves: readsHalvesOfBoth,
    takesEpilogue: true,
    alongside: (own, other, limits) =>
      ownInput(own, other, [shiftGradientOp, scaleGradientOp], limits),
  },
  decompose: ({ inputs: [x, g, , , gamma], scalars: { epsilon } }) => {
    const axes = leadingAxes(x);
    const normal = standardizeByOwn(x, epsilon);
    const centred = g.sub(mean(g, axes)).sub(normal.mul(mean(g.mul(normal), axes)));
    return gamma.mul(variance(x, axes).add(epsilon).rsqrt()).mul(centred);
  },
};

/** Which of two ops made an input of a kernel that can own whole columns, and so compute it. */
function ownInput(
  own: Application,
  other: Application,
  ops: readonly Operation[],
  limits: DeviceLimits,
): number | undefined {
  if (!own.inputs.includes(other) || !kernels.get().mayOwnColumnsOf(own, limits)) return undefined;
  const number = ops.indexOf(other.op);
  return number < 0 ? undefined : number;
}

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
  const mean = apply(meanOp, [x], gamma);
  const variance = apply(varianceOp, [x], gamma);
  const output = apply(trainingOp, [x, mean, variance, gamma, beta], x, {}, { epsilon });
  return { output, mean, variance };
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
  return apply(normalizeOp, [x, mean, variance, gamma, beta], x, {}, { epsilon });
}

import { requireWhole } from '../arguments.ts';
import { ArgumentError, DTypeError, ShapeError } from '../errors.ts';
import { isWhole } from '../kernels/dtype.ts';
import { squashedBy } from '../tensor/made-by.ts';
import { positions, zeros } from '../tensor/ops/creation.ts';
import { where } from '../tensor/ops/where.ts';
import { requireDType } from '../tensor/require-dtype.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Shape } from '../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';

/**
 * A metric computed on the device while a model trains or is evaluated: the outputs and targets of
 * a batch → one value for each example, [N] f32, which an epoch averages. No gradient is meant to
 * flow through it.
 */
export type BatchMetric = (outputs: AnyTensor, targets: AnyTensor) => Tensor;

/**
 * 1 where the true class has one of the `k` highest outputs, else 0. Of equal outputs the lower
 * class counts as the higher one; an example with a NaN that could change the answer counts 0.
 *
 * Outputs are logits or probabilities [N, …, C] f32, targets either class numbers [N, …] i32, u32
 * or u8 (one that is no class counts 0) or one-hot, [N, …, C] of any dtype, whose highest element
 * counts. Where there are axes between N and C, the mean over them.
 *
 * @returns a metric that throws ArgumentError where there are less than `k` classes, ShapeError
 *   where outputs and targets do not fit, and DTypeError where targets are no class numbers
 * @throws ArgumentError where `k` is not a whole number, 1 or more
 */
export function topK(k: number): BatchMetric {
  requireWhole('topK', { k }, { from: 1 });
  return (outputs, targets) => topHits('topK', outputs, targets, k);
}

/** 1 where the highest output is that of the true class, else 0: {@link topK} with k = 1. */
export function accuracy(outputs: AnyTensor, targets: AnyTensor): Tensor {
  if (outputs.shape[outputs.rank - 1] === 1) {
    throw new ShapeError(
      `accuracy: outputs [${outputs.shape}] leave no choice between classes; use binaryAccuracy for one logit.`,
    );
  }
  return topHits('accuracy', outputs, targets, 1);
}

/**
 * 1 where a logit above 0, or a probability above ½, meets target 1, or another target 0; else 0, also
 * for NaN. Outputs are probabilities where a sigmoid has made them, as of a model that ends in one, and
 * else logits. Outputs [N], [N, 1] or [N, …] f32, targets likewise, 0 or 1 of any dtype. Where
 * there are further axes (several labels), the mean over them.
 *
 * @throws ShapeError where outputs and targets differ
 */
export function binaryAccuracy(outputs: AnyTensor, targets: AnyTensor): Tensor {
  const truth = alike('binaryAccuracy', outputs, targets).greater(0.5);
  const border = squashedBy(outputs) === 'sigmoid' ? 0.5 : 0;
  const hits = where(truth, outputs.greater(border), outputs.lessEqual(border));
  return perExample(hits.cast('f32'));
}

/**
 * The mean of |output − target| over all axes but the first. Outputs [N, …] f32, targets of the
 * same shape and any dtype; [N] and [N, 1] are the same.
 *
 * @throws ShapeError where outputs and targets differ, and DTypeError where outputs are not f32
 */
export function meanAbsoluteError(outputs: AnyTensor, targets: AnyTensor): Tensor {
  const truth = alike('meanAbsoluteError', outputs, targets);
  requireDType('meanAbsoluteError', outputs, ['f32']);
  return perExample(outputs.sub(truth).abs());
}

/** The mean of (output − target)² over all axes but the first; as {@link meanAbsoluteError}. */
export function meanSquaredError(outputs: AnyTensor, targets: AnyTensor): Tensor {
  const truth = alike('meanSquaredError', outputs, targets);
  requireDType('meanSquaredError', outputs, ['f32']);
  return perExample(outputs.squaredDifference(truth));
}

/** The metrics that have names of their own. */
export const namedMetrics = {
  accuracy,
  binaryAccuracy,
  meanAbsoluteError,
  meanSquaredError,
  top5Accuracy: topK(5),
} as const satisfies Record<string, BatchMetric>;

/** Counts what the true class beats rather than what beats it: a NaN beats nothing. */
function topHits(metric: string, outputs: AnyTensor, targets: AnyTensor, k: number): Tensor {
  const labels = classNumbers(metric, outputs, targets);
  const classes = outputs.shape.at(-1) ?? 0;
  if (k > classes) {
    throw new ArgumentError(
      `${metric}: k = ${k}, but outputs [${outputs.shape}] have ${classes} classes.`,
    );
  }
  const label = labels.unsqueeze(-1);
  const numbers = positions([classes], 'i32');
  const masked = where(numbers.equal(label), outputs, zeros([]));
  const own = masked.sum(-1, true);
  const first = own.equal(outputs).logicalAnd(numbers.greater(label));
  const beaten = own.greater(outputs).logicalOr(first).cast('f32').sum(-1);
  const isClass = labels.greaterEqual(0).logicalAnd(labels.less(classes));
  return perExample(isClass.logicalAnd(beaten.greaterEqual(classes - k)).cast('f32'));
}

/** Of the outputs' shape without the classes. */
function classNumbers(
  metric: string,
  outputs: AnyTensor,
  targets: AnyTensor,
): Tensor<Shape, 'i32'> {
  if (outputs.rank >= 2 && sameShape(outputs.shape, targets.shape)) {
    return targets.cast('f32').argMax(-1);
  }
  const examples = outputs.shape.slice(0, -1);
  if (outputs.rank < 2 || !sameShape(targets.shape, examples)) {
    throw new ShapeError(
      `${metric}: outputs [${outputs.shape}] and targets [${targets.shape}]; outputs are [N, …, C], ` +
        'targets their class numbers [N, …] or one-hot [N, …, C].',
    );
  }
  if (!isWhole(targets.dtype)) {
    throw new DTypeError(
      `${metric}: targets [${targets.shape}] are class numbers (i32, u32 or u8), got ${targets.dtype}. Use cast('i32').`,
    );
  }
  return targets.cast('i32');
}

/** The targets as f32 in the shape of the outputs. */
function alike(metric: string, outputs: AnyTensor, targets: AnyTensor): Tensor {
  const core = ({ shape }: AnyTensor) =>
    shape.length === 2 && shape[1] === 1 ? shape.slice(0, 1) : shape;
  if (outputs.rank === 0 || !sameShape(core(outputs), core(targets))) {
    throw new ShapeError(
      `${metric}: outputs [${outputs.shape}] and targets [${targets.shape}] differ; give both as [N, …].`,
    );
  }
  return targets.cast('f32').reshape(outputs.shape);
}

function perExample(values: Tensor): Tensor {
  const others = values.shape.map((_, axis) => axis).slice(1);
  return others.length ? values.mean(others) : values;
}

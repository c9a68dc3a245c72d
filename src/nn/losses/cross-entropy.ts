import { requireList, requireNumber, requireOptions, requireWhole } from '../../arguments.ts';
import { ArgumentError, DTypeError, ShapeError } from '../../errors.ts';
import { isFloat, isWhole } from '../../kernels/dtype.ts';
import { cast } from '../../tensor/ops/cast.ts';
import { tensor, zeros } from '../../tensor/ops/creation.ts';
import { gather } from '../../tensor/ops/indexing/gather.ts';
import { reduceBy } from '../../tensor/ops/reductions.ts';
import { shareOf } from '../../tensor/ops/share.ts';
import { logSoftmax, softmaxCrossEntropy } from '../../tensor/ops/softmax.ts';
import { where } from '../../tensor/ops/where.ts';
import { requireDType, requireTensor } from '../../tensor/require-dtype.ts';
import { sameShape, sizeOf } from '../../tensor/shape.ts';
import type { Shape } from '../../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { asLogits, type OutputScale } from './probabilities.ts';
import { type LossOptions, reduceLosses } from './reduction.ts';

export interface CrossEntropyOptions extends LossOptions {
  /** Whether the outputs are 'logits' (the default) or 'probabilities', as from a softmax. */
  readonly from?: OutputScale;
  /**
   * So much of each target is spread evenly over all classes, from 0 (the default) to below 1
   * (Szegedy et al., "Rethinking the Inception architecture", 2016).
   */
  readonly labelSmoothing?: number;
  /** What each class's share of a loss is multiplied by. Default: 1 for all. */
  readonly classWeights?: readonly number[];
  /**
   * A class number that is none, such as -100: targets that are it have the loss 0, and the mean is
   * over the others (NaN where there are none), as in PyTorch.
   */
  readonly ignoreIndex?: number;
}

/**
 * Cross-entropy −Σ w · t · log softmax(outputs) over the classes, the last axis: outputs [N, ..., C]
 * f32; targets are class numbers [N, ...], i32, u32 or u8, or probabilities (one-hot, if you like)
 * [N, ..., C], f32. With class weights w the mean is divided by the weights of the targets, Σ w · t,
 * and not by their number, as PyTorch does for class numbers. Where w · t is 0 nothing is added, even for a
 * class whose logit is −∞: one-hot targets give what class numbers do.
 *
 * Class numbers known on the host are checked. Others outside 0…C−1 give NaN; where it is read, by
 * `item` or `data`, from the loss or from what was computed of it, the ShapeError names them.
 * Probabilities given as outputs are divided by their sum, and kept above 1e-7.
 * @throws ShapeError where the targets' shape is neither the outputs' nor theirs without the classes.
 * @throws DTypeError where the outputs are not f32, or the targets neither f32 nor i32, u32 or u8.
 * @throws ArgumentError where there is no such scale or reduction, a number is out of its range, or
 * outputs come from a softmax and nothing is said of their scale.
 */
export function crossEntropy(
  outputs: AnyTensor,
  targets: AnyTensor,
  options: CrossEntropyOptions = {},
): Tensor {
  requireOptions('crossEntropy', options, [
    'from',
    'labelSmoothing',
    'classWeights',
    'ignoreIndex',
    'reduction',
  ]);
  const { from, labelSmoothing = 0, ignoreIndex, reduction } = options;
  requireDType('crossEntropy', outputs, ['f32']);
  requireTensor('crossEntropy', targets);
  const classes = checkShapes(outputs, targets);
  requireNumber('crossEntropy', { labelSmoothing }, { from: 0, below: 1 });
  const weights = options.classWeights && weightTensor(options.classWeights, classes);
  const logits = asLogits('crossEntropy', outputs, from);
  const weighted = (x: Tensor) => (weights ? x.mul(weights) : x);
  const overClasses = (x: Tensor) => reduceBy('sum', x, -1);

  if (ignoreIndex !== undefined) requireWhole('crossEntropy', { ignoreIndex });
  let losses: Tensor;
  let shares: Tensor | undefined;
  let counts: Tensor<Shape, 'bool'> | undefined;
  if (isFloat(targets.dtype)) {
    const probabilities = cast(targets, 'f32');
    losses = overClasses(shareOf(logSoftmax(logits), weighted(probabilities))).neg();
    shares = weights && overClasses(weighted(probabilities));
  } else {
    counts = ignoreIndex === undefined ? undefined : cast(targets, 'i32').notEqual(ignoreIndex);
    // Those that do not count may be no classes: any class will do for them.
    const labels = counts ? where(counts, targets, zeros([], { dtype: targets.dtype })) : targets;
    losses = softmaxCrossEntropy(logits, labels);
    shares = weights && gather(weights, labels);
    if (shares) losses = shareOf(losses, shares);
  }
  if (labelSmoothing > 0) {
    const logs = logSoftmax(logits);
    const even = overClasses(weights ? shareOf(logs, weights) : logs).mul(
      -labelSmoothing / classes,
    );
    losses = losses.mul(1 - labelSmoothing).add(even);
  }
  if (counts) {
    losses = where(counts, losses, zeros([]));
    shares = shares ? where(counts, shares, zeros([])) : cast(counts, 'f32');
  }
  const isMean = (reduction ?? 'mean') === 'mean' && losses.size > 0;
  return shares && isMean
    ? reduceBy('sum', losses, undefined).div(reduceBy('sum', shares, undefined))
    : reduceLosses('crossEntropy', losses, reduction);
}

/** The number of classes. */
function checkShapes(outputs: AnyTensor, targets: AnyTensor): number {
  const examples = outputs.shape.slice(0, -1);
  const numbers = outputs.rank > 0 && sameShape(targets.shape, examples);
  const classNumbers = isWhole(targets.dtype);
  if (numbers && !classNumbers) {
    throw new DTypeError(
      `crossEntropy: labels are class numbers (i32, u32 or u8), got ${targets.dtype}. Use cast('i32'), or { targets: 'i32' } of data.fromArrays.`,
    );
  }
  const probabilities = isFloat(targets.dtype) && sameShape(targets.shape, outputs.shape);
  if (outputs.rank === 0 || !(numbers || probabilities)) {
    throw new ShapeError(
      `crossEntropy: outputs [${outputs.shape}] need one label for each row, shape [${examples}], or f32 probabilities of their own shape; ` +
        `got ${targets.dtype}[${targets.shape}].`,
    );
  }
  return sizeOf(outputs.shape, -1);
}

function weightTensor(classWeights: readonly number[], classes: number): Tensor {
  requireList('crossEntropy', classWeights, 'classWeights, one for each class');
  requireNumber('crossEntropy', { classWeights }, { from: 0 });
  if (classWeights.length !== classes) {
    throw new ArgumentError(
      `crossEntropy: classWeights [${classWeights}] must be ${classes} numbers, one for each class.`,
    );
  }
  return tensor(Float32Array.from(classWeights), [classes]);
}

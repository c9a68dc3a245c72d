import { requireOptions } from '../../arguments.ts';
import { sigmoidCrossEntropy } from '../../tensor/ops/sigmoid-cross-entropy.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { EPSILON, type OutputScale, scaleOf } from './probabilities.ts';
import { alike, type LossOptions, reduceLosses, refuseTargets } from './reduction.ts';

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Whether the outputs are 'logits' (the default) or 'probabilities', as from a sigmoid. */
  readonly from?: OutputScale;
}

/**
 * −t log p − (1 − t) log(1 − p), with p = sigmoid(outputs) and t the targets, from 0 to 1. From
 * logits it does not overflow, and small losses keep their digits; of probabilities, no logarithm is
 * taken of less than 1e-7.
 * Outputs f32, targets of the same shape and any dtype.
 * @throws ShapeError where the shapes differ.
 * @throws DTypeError where the outputs are not f32.
 * @throws ArgumentError where there is no such scale or reduction, or outputs come from a sigmoid and
 * nothing is said of their scale; where a target on the host is below 0 or above 1.
 */
export function binaryCrossEntropy(
  outputs: AnyTensor,
  targets: AnyTensor,
  options: BinaryCrossEntropyOptions = {},
): Tensor {
  const op = 'binaryCrossEntropy';
  requireOptions(op, options, ['from', 'reduction']);
  const { reduction } = options;
  const [x, t] = alike(op, outputs, targets);
  refuseTargets(op, targets, (target) => target < 0 || target > 1, 'from 0 to 1');
  const from = scaleOf(op, x, options.from, 'sigmoid');
  if (from === 'logits') return reduceLosses(op, sigmoidCrossEntropy(x, t), reduction);
  const yes = t.mul(x.maximum(EPSILON).log());
  const no = t
    .neg()
    .add(1)
    .mul(
      x
        .minimum(1 - EPSILON)
        .neg()
        .log1p(),
    );
  return reduceLosses(op, yes.add(no).neg(), reduction);
}

/**
 * max(0, 1 − t · outputs) for targets t of −1 or 1: Keras' `hinge`. Targets of 0 and 1 are first to
 * be mapped, `t.mul(2).sub(1)`. Outputs f32, targets of the same shape.
 * @throws ShapeError where the shapes differ.
 * @throws DTypeError where the outputs are not f32.
 * @throws ArgumentError where there is no such reduction, or a target on the host is 0.
 */
export function hinge(outputs: AnyTensor, targets: AnyTensor, options: LossOptions = {}): Tensor {
  requireOptions('hinge', options, ['reduction']);
  const [x, t] = alike('hinge', outputs, targets);
  const losses = reduceLosses('hinge', x.mul(t).neg().add(1).relu(), options.reduction);
  refuseTargets('hinge', targets, (sign) => sign === 0, '−1 or 1: use t.mul(2).sub(1) of 0 and 1');
  return losses;
}

import { requireChoice } from '../../arguments.ts';
import { ArgumentError, ShapeError } from '../../errors.ts';
import { cast } from '../../tensor/ops/cast.ts';
import { zeros } from '../../tensor/ops/creation.ts';
import { mean, reduceBy } from '../../tensor/ops/reductions.ts';
import { requireDType, requireTensor } from '../../tensor/require-dtype.ts';
import { sameShape } from '../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';

/**
 * What becomes of the losses: one for each example, [N] ('none'; the mean over what other axes
 * there are), their 'sum', or their 'mean'.
 */
export type Reduction = 'mean' | 'sum' | 'none';

export interface LossOptions {
  /** Default 'mean'. */
  readonly reduction?: Reduction;
}

/**
 * Reduces losses [N, ...] as asked. No losses have the mean 0.
 * @throws ArgumentError where there is no such reduction.
 */
export function reduceLosses(
  op: string,
  losses: Tensor,
  reduction: Reduction | undefined = 'mean',
): Tensor {
  requireChoice(op, { reduction }, ['mean', 'sum', 'none']);
  const single = reduction !== 'none';
  if (losses.size === 0) return zeros(single ? [] : losses.shape.slice(0, 1));
  if (reduction === 'mean') return mean(losses);
  const rest = losses.shape.map((_, axis) => axis).slice(1);
  const each = rest.length > 0 ? mean(losses, rest) : losses;
  return single ? reduceBy('sum', each, undefined) : each;
}

/**
 * Outputs and targets of one shape, both f32.
 * @throws ShapeError where their shapes differ.
 * @throws DTypeError where the outputs are not f32.
 */
export function alike(
  op: string,
  outputs: AnyTensor,
  targets: AnyTensor,
): [outputs: Tensor, targets: Tensor] {
  requireDType(op, outputs, ['f32']);
  requireTensor(op, targets);
  if (!sameShape(outputs.shape, targets.shape)) {
    throw new ShapeError(
      `${op}: outputs [${outputs.shape}] and targets [${targets.shape}] must have one shape. Reshape one of them.`,
    );
  }
  return [outputs, cast(targets, 'f32')];
}

/**
 * Refuses targets on the host that the loss is not defined for; those on the device cost a wait.
 * @throws ArgumentError where one `isWrong`, naming it and its place, and what is `wanted`.
 */
export function refuseTargets(
  op: string,
  targets: AnyTensor,
  isWrong: (target: number) => boolean,
  wanted: string,
): void {
  const { leaf } = targets.node;
  const at = leaf?.kind === 'host' ? leaf.data.findIndex(isWrong) : -1;
  if (leaf?.kind !== 'host' || at < 0) return;
  throw new ArgumentError(
    `${op}: target ${leaf.data[at]} at position ${at} of targets [${targets.shape}] must be ${wanted}.`,
  );
}

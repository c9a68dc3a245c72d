import { requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import { reduceBy } from '../../tensor/ops/reductions.ts';
import { shareOf } from '../../tensor/ops/share.ts';
import { logSoftmax } from '../../tensor/ops/softmax.ts';
import type { AnyTensor, Tensor } from '../../tensor/tensor.ts';
import { asLogits, type OutputScale } from './probabilities.ts';
import { alike, type LossOptions, reduceLosses } from './reduction.ts';

const SMALLEST_NORMAL_F32 = 1.1754943508222875e-38;

export interface KlDivergenceOptions extends LossOptions {
  /** Whether the outputs are 'logits' (the default) or 'probabilities', as from a softmax. */
  readonly from?: OutputScale;
}

/**
 * The divergence of Kullback and Leibler, Σ t · (log t − log p) over the last axis, with
 * p = softmax(outputs) and t the target probabilities: what is lost by taking p for t. Where t is 0
 * nothing is added, even where p is 0 too. Probabilities given as outputs are divided by their sum, and kept above 1e-7.
 * Outputs f32 [N, ..., C], targets of the same shape.
 * @throws ShapeError where the shapes differ, or are those of scalars.
 * @throws DTypeError where the outputs are not f32.
 * @throws ArgumentError where there is no such scale or reduction.
 */
export function klDivergence(
  outputs: AnyTensor,
  targets: AnyTensor,
  options: KlDivergenceOptions = {},
): Tensor {
  const op = 'klDivergence';
  requireOptions(op, options, ['from', 'reduction']);
  const { from, reduction } = options;
  const [x, t] = alike(op, outputs, targets);
  if (x.rank === 0) throw new ShapeError(`${op}: a scalar is no distribution.`);
  const log = logSoftmax(asLogits(op, x, from));
  const own = t.maximum(SMALLEST_NORMAL_F32).log();
  return reduceLosses(op, reduceBy('sum', shareOf(own.sub(log), t), -1), reduction);
}

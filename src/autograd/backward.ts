import { cellReadBy } from '../graph/cell.ts';
import { topologicalThroughValues } from '../graph/node.ts';
import type { DType } from '../kernels/dtype.ts';
import type { Shape } from '../tensor/shape-types.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';
import { accumulateGradient } from '../tensor/variable.ts';
import { grad } from './grad.ts';

/**
 * Adds the gradient of a scalar to `variable.gradient` of every trainable variable it depends on,
 * from where `optimizer.step()` takes it.
 */
export function backward(loss: AnyTensor): void {
  const order = topologicalThroughValues([loss.node], (node) => cellReadBy(node) !== undefined);
  const reads = order.flatMap((node) => {
    const cell = cellReadBy(node);
    return cell?.trainable ? [{ node, cell }] : [];
  });
  const gradients = grad(
    loss,
    reads.map(({ node }) => new Tensor(node)),
  );
  gradients.forEach((gradient, i) => {
    const cell = reads[i]?.cell;
    if (cell) accumulateGradient(cell, gradient);
  });
}

declare module '../tensor/tensor.ts' {
  /** Sugar for gradients. As for the class, the variance is beyond the compiler:
   * @ts-expect-error */
  interface Tensor<out S extends Shape, out D extends DType> {
    /** Adds this scalar's gradient to `variable.gradient` of the trainable variables behind it. */
    backward(): void;
  }
}

Tensor.prototype.backward = function (this: AnyTensor) {
  backward(this);
};

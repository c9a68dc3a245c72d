import type { Cell } from '../graph/cell.ts';
import type { DType } from '../kernels/dtype.ts';
import type { Shape } from '../tensor/shape-types.ts';
import { type AnyTensor, Tensor } from '../tensor/tensor.ts';
import { accumulateGradient } from '../tensor/variable.ts';
import { gradientsOf, trainedBehind } from './grad.ts';

/**
 * Adds the gradient of a scalar to `variable.gradient` of every trainable variable it depends on,
 * from where `optimizer.step()` takes it.
 * @throws as `grad` does
 */
export function backward(loss: AnyTensor): void {
  const cells = trainedBehind(loss);
  gradientsOf(loss, cells).forEach((gradient, i) => {
    if (gradient) accumulateGradient(cells[i] as Cell, gradient);
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

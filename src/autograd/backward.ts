import type { Cell } from '../graph/cell.ts';
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

Tensor.prototype.backward = function (this: AnyTensor) {
  backward(this);
};

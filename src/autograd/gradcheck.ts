import { requireFunction, requireList, requireNumber, requireOptions } from '../arguments.ts';
import { WgradError } from '../errors.ts';
import { tensor } from '../tensor/ops/creation.ts';
import { requireTensor } from '../tensor/require-dtype.ts';
import type { Shape } from '../tensor/shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor/tensor.ts';
import { grad } from './grad.ts';

export interface GradcheckOptions {
  /** Half the distance of the two points compared. Default 1e-2: f32 rounding forbids less. */
  readonly step?: number;
  /** Allowed difference, relative to the larger of 1 and the gradient. Default 2e-2. */
  readonly tolerance?: number;
}

/** A gradient that differs from what finite differences say. */
export class GradcheckError extends WgradError {
  override readonly name: string = 'GradcheckError';
}

/**
 * Compares the gradient of `f` with finite differences along every element of its inputs: for
 * checking ops and gradient rules of one's own. `f` must be smooth near the inputs; its result is
 * summed up to a scalar.
 * @throws GradcheckError where they differ, naming the input, the element and both numbers.
 */
export async function gradcheck(
  f: (...inputs: Tensor<Shape>[]) => AnyTensor,
  inputs: readonly Tensor<Shape>[],
  options: GradcheckOptions = {},
): Promise<void> {
  requireOptions('gradcheck', options, ['step', 'tolerance']);
  const { step = 1e-2, tolerance = 2e-2 } = options;
  requireFunction('gradcheck', 'f', f);
  requireList('gradcheck', inputs, 'tensors, such as [x]');
  requireNumber('gradcheck', { step, tolerance }, { above: 0 });
  const result = f(...inputs);
  requireTensor('gradcheck', result);
  const gradients = grad(result.sum(), inputs);
  for (const [which, input] of inputs.entries()) {
    const analytic = await gradients[which]?.data();
    const values = await input.data();
    for (const [i, value] of values.entries()) {
      const at = async (offset: number) => {
        const x = Math.fround(value + offset);
        const moved = values.slice();
        moved[i] = x;
        const point = inputs.map((other, k) => (k === which ? tensor(moved, other.shape) : other));
        const result = await f(...point).data();
        // The sum is taken in double here, so that its rounding does not hide the difference.
        return { x, y: Array.from(result).reduce((a, b) => a + b, 0) };
      };
      const [low, high] = [await at(-step), await at(step)];
      const numeric = (high.y - low.y) / (high.x - low.x);
      const given = analytic?.[i] ?? Number.NaN;
      const allowed = tolerance * Math.max(1, Math.abs(numeric), Math.abs(given));
      if (!(Math.abs(numeric - given) <= allowed)) {
        throw new GradcheckError(
          `gradcheck: input ${which}, element ${i}: the gradient is ${given}, but finite differences give ${numeric}.`,
        );
      }
    }
  }
}

import { requireList, requireWhole } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import { expandTo, unsqueeze } from '../../../tensor/ops/views.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';

/**
 * Examples in another shape of the same size; one number may be −1 and is found: [N, ...] →
 * [N, ...shape].
 * @throws ArgumentError where the shape is none.
 * @throws ShapeError where the sizes differ.
 */
export function reshape(shape: readonly number[]): Layer {
  requireList('reshape', shape, 'sizes without the batch axis, such as [7, 7, 64]');
  requireWhole('reshape', { shape }, { from: -1 });
  const sizes = [...shape];
  return new FunctionLayer('reshape', (x) => x.reshape([sizeOf(x.shape, 0), ...sizes]), {
    shape: sizes,
  });
}

/**
 * The axes of examples in another order, numbered from 1 as in Keras: `nn.permute([2, 1])` makes
 * [N, b, a] of [N, a, b].
 * @throws ArgumentError where the axes are not each of 1, 2, … once.
 * @throws ShapeError where inputs have more axes or fewer.
 */
export function permute(axes: readonly number[]): Layer {
  requireList('permute', axes, 'axes from 1 on, such as [2, 1]');
  const order = [0, ...axes];
  if ([...order].sort((a, b) => a - b).some((axis, i) => axis !== i)) {
    throw new ArgumentError(
      `permute: [${axes}] must be the numbers from 1 to ${axes.length} in some order; the batch, axis 0, stays.`,
    );
  }
  return new FunctionLayer('permute', (x) => x.transpose(order), { axes: order.slice(1) });
}

/**
 * Each example `count` times in a row, as a sequence: [N, features] → [N, count, features].
 * @throws ArgumentError where the count is not a whole number above 0.
 * @throws ShapeError where inputs are no vectors.
 */
export function repeatVector(count: number): Layer {
  requireWhole('repeatVector', { count }, { from: 1 });
  const repeat = (x: AnyTensor) => {
    if (x.rank !== 2) {
      throw new ShapeError(`repeatVector: needs vectors [N, features], got [${x.shape}].`);
    }
    return expandTo(unsqueeze(x, 1), [sizeOf(x.shape, 0), count, sizeOf(x.shape, 1)]);
  };
  return new FunctionLayer('repeatVector', repeat, { count });
}

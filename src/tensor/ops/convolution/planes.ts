import type { Conv2dAttributes } from '../../../kernels/convolution/geometry.ts';
import { apply } from '../../op.ts';
import type { Tensor } from '../../tensor.ts';
import { zeros } from '../creation.ts';
import { concat, split } from '../joining.ts';
import { fourSizes, type WindowedAxis } from '../window.ts';
import { depthwiseForward, depthwiseInputGradient } from './depthwise.ts';
import { forward, inputGradient } from './directions.ts';

// What convolutions along one, two and three axes come to: the kernels know planes.

/** Images [N, H, W, C] and filters [KH, KW, C / groups, O] → [N, H', W', O]. */
export function convolve(
  x: Tensor,
  filter: Tensor,
  rows: WindowedAxis,
  columns: WindowedAxis,
  groups: number,
): Tensor {
  const [, , perGroup, outputs] = fourSizes(filter);
  const shape = [fourSizes(x)[0], rows.count, columns.count, outputs];
  // A sum of nothing is 0.
  if (x.size === 0 || filter.size === 0) return zeros(shape);
  if (groups > 1 && perGroup > 1) {
    return byGroups(groups, x, filter, (a, b) => convolve(a, b, rows, columns, 1));
  }
  const op = groups > 1 ? depthwiseForward : forward;
  return apply(op, [x, filter], { shape, dtype: 'f32' }, attributesOf(rows, columns));
}

/** The same backwards: images [N, H', W', C] and filters [KH, KW, O / groups, C] → [N, H, W, O]. */
export function convolveBack(
  x: Tensor,
  filter: Tensor,
  rows: WindowedAxis,
  columns: WindowedAxis,
  groups: number,
): Tensor {
  const [, , perGroup] = fourSizes(filter);
  const shape = [fourSizes(x)[0], rows.size, columns.size, perGroup * groups];
  if (x.size === 0 || filter.size === 0) return zeros(shape);
  if (groups > 1 && perGroup > 1) {
    return byGroups(groups, x, filter, (a, b) => convolveBack(a, b, rows, columns, 1));
  }
  const op = groups > 1 ? depthwiseInputGradient : inputGradient;
  return apply(op, [x, filter], { shape, dtype: 'f32' }, attributesOf(rows, columns));
}

function byGroups(
  groups: number,
  x: Tensor,
  filter: Tensor,
  one: (x: Tensor, filter: Tensor) => Tensor,
): Tensor {
  const filters = split(filter, groups, -1);
  const parts = split(x, groups, -1).map((part, i) => one(part, filters[i] as Tensor));
  return concat(parts, -1);
}

function attributesOf(rows: WindowedAxis, columns: WindowedAxis): Conv2dAttributes {
  return {
    strides: [rows.stride, columns.stride],
    dilations: [rows.dilation, columns.dilation],
    padding: [rows.before, rows.after, columns.before, columns.after],
  };
}

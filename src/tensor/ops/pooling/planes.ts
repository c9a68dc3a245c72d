import { apply } from '../../op.ts';
import type { Tensor } from '../../tensor.ts';
import { full, zeros } from '../creation.ts';
import { fourSizes, type WindowedAxis } from '../window.ts';
import { avgPool, maxPool, type Pool } from './records.ts';
import { overhang, sideBySide } from './side-by-side.ts';

// What pooling along one, two and three axes comes to: the kernels know planes, and windows whose
// elements are neighbours.

/** The largest element of each window: images [N, H, W, C] → [N, H', W', C]. */
export function maxima(x: Tensor, rows: WindowedAxis, columns: WindowedAxis): Tensor {
  if (areDense(rows, columns)) return pooled(maxPool, x, rows, columns);
  return dilated(maxPool, x, rows, columns, Number.NEGATIVE_INFINITY);
}

/** The mean of the elements of each window that are inside: images [N, H, W, C] → [N, H', W', C]. */
export function means(x: Tensor, rows: WindowedAxis, columns: WindowedAxis): Tensor {
  if (areDense(rows, columns)) return pooled(avgPool, x, rows, columns);
  const [, h, w] = fourSizes(x);
  const inside = dilated(avgPool, full([1, h, w, 1], 1), rows, columns, 0);
  return dilated(avgPool, x, rows, columns, 0).div(inside);
}

function areDense(rows: WindowedAxis, columns: WindowedAxis): boolean {
  return rows.dilation === 1 && columns.dilation === 1;
}

function pooled(op: Pool, x: Tensor, rows: WindowedAxis, columns: WindowedAxis): Tensor {
  const [n, , , c] = fourSizes(x);
  const shape = [n, rows.count, columns.count, c];
  if (x.size === 0) return zeros(shape);
  return apply(
    op,
    [x],
    { shape, dtype: 'f32' },
    {
      window: [rows.window, columns.window],
      strides: [rows.stride, columns.stride],
      padding: [rows.before, overhang(rows), columns.before, overhang(columns)],
    },
  );
}

function dilated(
  op: Pool,
  x: Tensor,
  rows: WindowedAxis,
  columns: WindowedAxis,
  fill: number,
): Tensor {
  const apart = sideBySide(sideBySide(x, 1, rows, fill), 2, columns, fill);
  return pooled(op, apart, withoutGaps(rows), withoutGaps(columns));
}

function withoutGaps({ window, count }: WindowedAxis): WindowedAxis {
  return {
    ...{ size: count * window, window, stride: window, dilation: 1 },
    ...{ before: 0, after: 0, count },
  };
}

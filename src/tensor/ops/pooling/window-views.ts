import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { pad, slice } from '../views.ts';
import type { WindowedAxis } from '../window.ts';

/** The elements that all windows have at one place, [y, x] in the window: [N, H', W', C]. */
export interface WindowView {
  readonly place: readonly [number, number];
  readonly view: Tensor;
}

/** Images [N, H, W, C] seen from each place in a window, row by row: strided slices of them. */
export function windowViews(
  x: Tensor,
  rows: WindowedAxis,
  columns: WindowedAxis,
  fill: number,
): WindowView[] {
  const none = [0, 0] as const;
  const padded = pad(
    x,
    [none, [rows.before, rows.after], [columns.before, columns.after], none],
    fill,
  );
  return Array.from({ length: rows.window * columns.window }, (_, i) => {
    const place = [Math.floor(i / columns.window), i % columns.window] as const;
    const from = [place[0] * rows.dilation, place[1] * columns.dilation] as const;
    const view = slice(
      padded,
      [0, ...from],
      [undefined, from[0] + spanOf(rows), from[1] + spanOf(columns)],
      [1, rows.stride, columns.stride],
    );
    return { place, view };
  });
}

/** From the first window's begin to one behind the last window's. */
function spanOf({ count, stride }: WindowedAxis): number {
  return (count - 1) * stride + 1;
}

export function largest(views: readonly WindowView[]): Tensor {
  return views.map(({ view }) => view).reduce((a, b) => a.maximum(b));
}

/** For each place, of which windows it holds the first maximum, or the first NaN. */
export function firstMaxima(views: readonly WindowView[]): Tensor<Shape, 'bool'>[] {
  const top = largest(views);
  let taken: Tensor<Shape, 'bool'> | undefined;
  return views.map(({ view }) => {
    const hit = view.equal(top).logicalOr(view.isNan());
    const first = taken ? hit.logicalAnd(taken.logicalNot()) : hit;
    taken = taken ? taken.logicalOr(hit) : hit;
    return first;
  });
}

import type { Tensor } from '../../tensor.ts';
import { stack } from '../joining.ts';
import { pad, reshape, slice } from '../views.ts';
import { reachOf, type WindowedAxis } from '../window.ts';

/** How far windows reach beyond the end, where the last one may not be a whole one. */
export function overhang(axis: WindowedAxis): number {
  const { size, stride, before, after, count } = axis;
  return Math.max(after, (count - 1) * stride + reachOf(axis) - size - before);
}

/** The elements of one window along an axis, then those of the next. */
export function sideBySide(x: Tensor, axis: number, along: WindowedAxis, fill: number): Tensor {
  const { window, stride, dilation, before, count } = along;
  const at = <T>(value: T, others: T) => x.shape.map((_, i) => (i === axis ? value : others));
  const padded = pad(x, at<readonly [number, number]>([before, overhang(along)], [0, 0]), fill);
  const places = Array.from({ length: window }, (_, k) => {
    const first = k * dilation;
    const end = first + (count - 1) * stride + 1;
    return slice(padded, at(first, 0), at<number | undefined>(end, undefined), at(stride, 1));
  });
  return reshape(stack(places, axis + 1), x.shape.with(axis, count * window));
}

import { requireWhole } from '../../../arguments.ts';
import { ArgumentError, ShapeError } from '../../../errors.ts';
import {
  type Each,
  laidOut,
  perAxis,
  reachOf,
  type Sizes,
  type WindowedAxis,
  type WindowOptions,
} from '../window.ts';

export interface TransposedOptions extends WindowOptions {
  readonly outputPadding?: number | Sizes | undefined;
}

/**
 * How windows lie along the axes of what a transposed convolution makes, which has `counts` of them.
 * Its sizes are count · stride for padding 'same', (count − 1) · stride + max(window, stride) for
 * 'valid', as in Keras, and (count − 1) · stride + window − before − after + outputPadding for widths,
 * as in PyTorch.
 * @throws ShapeError where an option is none of the ways to give it, or nothing would be left.
 * @throws ArgumentError where an output padding is below neither its stride nor its dilation, or has 'same'
 * beside it.
 */
export function transposedAxes<const S extends Sizes>(
  op: string,
  counts: S,
  windows: Each<S, number>,
  options: TransposedOptions,
): Each<S, WindowedAxis> {
  const { padding = 'valid', outputPadding } = options;
  const strides = perAxis<Sizes>(`${op} strides`, options.strides ?? 1, counts.length);
  const dilations = perAxis<Sizes>(`${op} dilations`, options.dilations ?? 1, counts.length);
  const whole = counts.map((count, i) => count * (strides[i] ?? 1));
  const extra = outputPadding === undefined ? undefined : extraOf(op, strides, dilations, options);
  const axes = laidOut(op, whole, windows, options).map((axis, i) => {
    const { size, stride, before, after } = axis;
    const reach = reachOf(axis) - before - after + (extra?.[i] ?? 0);
    const last = padding === 'valid' && !extra ? Math.max(reach, stride) : reach;
    return {
      ...axis,
      size: padding === 'same' ? size : size - stride + last,
      count: size / stride,
    };
  });
  if (axes.some(({ size }) => size < 1)) {
    const sides = axes.flatMap(({ before, after }) => [before, after]);
    throw new ShapeError(
      `${op}: padding [${sides}] leaves nothing of images of ${counts.join('×')} and windows of ${axes.map(reachOf).join('×')}.`,
    );
  }
  return axes as unknown as Each<S, WindowedAxis>;
}

/** More would be places that no window reaches; the bound is PyTorch's. */
function extraOf(
  op: string,
  strides: Sizes,
  dilations: Sizes,
  { padding, outputPadding = 0 }: TransposedOptions,
): Sizes {
  requireWhole(op, { outputPadding }, { from: 0 });
  const extra =
    typeof outputPadding === 'number' ? strides.map(() => outputPadding) : outputPadding;
  if (
    padding === 'same' ||
    extra.length !== strides.length ||
    extra.some((n, i) => n >= Math.max(strides[i] ?? 1, dilations[i] ?? 1))
  ) {
    throw new ArgumentError(
      `${op}: outputPadding [${extra}] must be below the strides [${strides}] or the dilations [${dilations}], one for each, beside a padding of widths or 'valid'.`,
    );
  }
  return extra;
}

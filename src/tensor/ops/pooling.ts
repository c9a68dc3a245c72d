import { requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import {
  avgPool2d as launchAvg,
  avgPool2dGradient as launchAvgGradient,
  maxPool2d as launchMax,
  maxPool2dGradient as launchMaxGradient,
  type PoolAttributes,
} from '../../kernels/pooling/pooling.ts';
import { apply, type Call, type Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { sizeOf } from '../shape.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { full, zeros } from './creation.ts';
import { stopGradient } from './stop-gradient.ts';
import { pad, slice } from './views.ts';
import { where } from './where.ts';
import { fourSizes, type Padding, pair, windowOutput, windowPadding } from './window.ts';

/** Kernels read f16 four channels at a time. */
const readsHalves = (_: number, [x]: readonly { readonly shape: Shape }[]) =>
  sizeOf(x?.shape ?? [], -1) % 4 === 0;

type Pool = Op<[x: Tensor], PoolAttributes>;

const maxPool: Pool = {
  name: 'maxPool2d',
  lowering: { kind: 'kernel', launch: launchMax, takesEpilogue: true, readsHalves },
  vjp: (g, { inputs: [x], attributes }) => [apply(maxPoolGradient, [x, g], x, attributes)],
  decompose: ({ inputs: [x], attributes }) =>
    largest(windowViews(x, attributes, Number.NEGATIVE_INFINITY)),
};

const maxPoolGradient: Op<[x: Tensor, g: Tensor], PoolAttributes> = {
  name: 'maxPool2dGradient',
  lowering: { kind: 'kernel', launch: launchMaxGradient, takesEpilogue: true, readsHalves },
  decompose: maxGradientInPlainOps,
};

const avgPool: Pool = {
  name: 'avgPool2d',
  lowering: { kind: 'kernel', launch: launchAvg, takesEpilogue: true, readsHalves },
  vjp: (g, { inputs: [x], attributes }) => [apply(avgPoolGradient, [g], x, attributes)],
  decompose: ({ inputs: [x], attributes }) => {
    const sum = (images: Tensor) =>
      windowViews(images, attributes, 0)
        .map(({ view }) => view)
        .reduce((a, b) => a.add(b));
    return sum(x).div(sum(full(x.shape, 1)));
  },
};

// Averaging is linear, so forward and gradient are each other's gradients.
const avgPoolGradient: Pool = {
  name: 'avgPool2dGradient',
  lowering: { kind: 'kernel', launch: launchAvgGradient, takesEpilogue: true, readsHalves },
  vjp: (h, { inputs: [g], attributes }) => [apply(avgPool, [h], g, attributes)],
};

/** The elements that all windows have at one place, [y, x] from a window's corner: a strided slice. */
interface WindowView {
  readonly place: readonly [number, number];
  readonly view: Tensor;
}

/** A view for each place in the window. */
function windowViews(x: Tensor, attributes: PoolAttributes, fill: number): WindowView[] {
  const { window, strides, padding } = attributes;
  const [n, h, w, c] = fourSizes(x);
  const [top, bottom, left, right] = padding;
  const [oh, ow] = windowOutput('pool', [h, w], window, strides, padding);
  const padded = pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    fill,
  );
  return places(window).map(([y, x0]) => ({
    place: [y, x0],
    view: slice(
      padded,
      [0, y, x0, 0],
      [n, y + (oh - 1) * strides[0] + 1, x0 + (ow - 1) * strides[1] + 1, c],
      [1, strides[0], strides[1], 1],
    ),
  }));
}

function largest(views: readonly WindowView[]): Tensor {
  return views.map(({ view }) => view).reduce((a, b) => a.maximum(b));
}

function places([height, width]: readonly [number, number]): [number, number][] {
  return Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);
}

/**
 * The gradient of max pooling, differentiable in `g`: the windows' gradients, each sent to the
 * first place that holds the maximum (or a NaN), are the gradient of Σ g · (the element at that place).
 */
function maxGradientInPlainOps({
  inputs: [x, g],
  attributes,
}: Call<[x: Tensor, g: Tensor], PoolAttributes>): Tensor {
  const { strides, padding } = attributes;
  const [, h, w] = fourSizes(x);
  const views = windowViews(stopGradient(x), attributes, Number.NEGATIVE_INFINITY);
  const top = largest(views);
  let taken: Tensor<Shape, 'bool'> | undefined;
  const parts = views.map(({ view, place }) => {
    const hit = view.equal(top).logicalOr(view.isNan());
    const first = taken ? hit.logicalAnd(taken.logicalNot()) : hit;
    taken = taken ? taken.logicalOr(hit) : hit;
    const share = where(first, g, zeros(g.shape));
    return spread(share, place, strides, [
      h + padding[0] + padding[1],
      w + padding[2] + padding[3],
    ]);
  });
  const sum = parts.reduce((a, b) => a.add(b));
  return slice(sum, [0, padding[0], padding[2]], [undefined, padding[0] + h, padding[2] + w]);
}

/** Puts a strided slice of images back in place, among zeros. */
function spread(
  x: Tensor,
  [y0, x0]: readonly [number, number],
  [sy, sx]: readonly [number, number],
  [height, width]: readonly [number, number],
): Tensor {
  const [n, oh, ow, c] = fourSizes(x);
  const wide = pad(x.reshape([n, oh, 1, ow, 1, c]), [
    [0, 0],
    [0, 0],
    [0, sy - 1],
    [0, 0],
    [0, sx - 1],
    [0, 0],
  ]);
  const dense = slice(
    wide.reshape([n, oh * sy, ow * sx, c]),
    [],
    [n, (oh - 1) * sy + 1, (ow - 1) * sx + 1],
  );
  const after = (whole: number, start: number, axis: number) =>
    whole - start - sizeOf(dense.shape, axis);
  return pad(dense, [
    [0, 0],
    [y0, after(height, y0, 1)],
    [x0, after(width, x0, 2)],
    [0, 0],
  ]);
}

export interface Pool2dOptions {
  /** Height and width of the window, or one number for both. Default 2. */
  readonly filterSize?: number | readonly [number, number];
  /** @deprecated Use `filterSize`. */
  readonly window?: number | readonly [number, number];
  /** Steps between windows; default: the window, so that windows do not overlap. */
  readonly strides?: number | readonly [number, number];
  /** 'valid' (the default), 'same', or widths. Padding never counts as a value. */
  readonly padding?: Padding;
}

/**
 * The largest element of each window, NaN where there is one: x [N, H, W, C] → [N, H', W', C], f32.
 * @throws ShapeError where x has not four axes or no window fits.
 * @throws DTypeError where x is not f32.
 */
export function maxPool2d(x: AnyTensor, options: Pool2dOptions = {}): Tensor {
  return pool('maxPool2d', maxPool, x, options);
}

/**
 * The mean of each window's elements: x [N, H, W, C] → [N, H', W', C], f32.
 * @throws ShapeError where x has not four axes or no window fits.
 * @throws DTypeError where x is not f32.
 */
export function avgPool2d(x: AnyTensor, options: Pool2dOptions = {}): Tensor {
  return pool('avgPool2d', avgPool, x, options);
}

function pool(name: string, op: Pool, x: AnyTensor, options: Pool2dOptions): Tensor {
  requireOptions(name, options, ['filterSize', 'window', 'strides', 'padding']);
  requireDType(name, x, ['f32']);
  if (x.rank !== 4) throw new ShapeError(`${name}: needs images [N, H, W, C], got [${x.shape}].`);
  const window = pair(`${name} filterSize`, options.filterSize ?? options.window ?? 2);
  const strides = pair(`${name} strides`, options.strides ?? window);
  const [n, h, w, c] = fourSizes(x);
  const padding = windowPadding(name, [h, w], window, strides, options.padding ?? 'valid');
  if (
    padding[0] >= window[0] ||
    padding[1] >= window[0] ||
    padding[2] >= window[1] ||
    padding[3] >= window[1]
  ) {
    throw new ShapeError(
      `${name}: padding [${padding}] must be smaller than the window ${window[0]}×${window[1]}.`,
    );
  }
  const [oh, ow] = windowOutput(name, [h, w], window, strides, padding);
  const shape = [n, oh, ow, c];
  if (n === 0 || c === 0) return zeros(shape);
  return apply(op, [x], { shape, dtype: 'f32' }, { window, strides, padding });
}

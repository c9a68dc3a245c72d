import { ShapeError } from '../../errors.ts';
import {
  avgPool2d as launchAvg,
  avgPool2dGradient as launchAvgGradient,
  maxPool2d as launchMax,
  maxPool2dGradient as launchMaxGradient,
} from '../../kernels/pooling/pooling.ts';
import type { Call, Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import type { Shape } from '../shape-types.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';
import { full, zeros } from './creation.ts';
import { stopGradient } from './stop-gradient.ts';
import { pad, slice } from './views.ts';
import { where } from './where.ts';
import { type Padding, pair, windowOutput, windowPadding } from './window.ts';

interface PoolAttributes {
  readonly window: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly [key: string]: unknown;
}

type Condition = Tensor<Shape, 'bool'>;

const MIN_F32 = -3.4028234663852886e38;

const maxPool: Op = {
  name: 'maxPool2d',
  lowering: { kind: 'kernel', launch: launchMax },
  vjp: (g, { inputs: [x], attributes }) => [
    apply(maxPoolGradient, [x as AnyTensor, g], x as AnyTensor, attributes),
  ],
  decompose: ({ inputs: [x], attributes }) =>
    windowViews(x as AnyTensor, attributes, MIN_F32).reduce((a, b) => a.maximum(b)),
};

const maxPoolGradient: Op = {
  name: 'maxPool2dGradient',
  lowering: { kind: 'kernel', launch: launchMaxGradient },
  decompose: maxGradientInPlainOps,
};

const avgPool: Op = {
  name: 'avgPool2d',
  lowering: { kind: 'kernel', launch: launchAvg },
  vjp: (g, { inputs: [x], attributes }) => [
    apply(avgPoolGradient, [g], x as AnyTensor, attributes),
  ],
  decompose: ({ inputs: [x], attributes }) => {
    const sum = (tensor: AnyTensor) =>
      windowViews(tensor, attributes, 0).reduce((a, b) => a.add(b));
    return sum(x as AnyTensor).div(sum(full((x as AnyTensor).shape, 1)));
  },
};

// Averaging is linear, so forward and gradient are each other's gradients.
const avgPoolGradient: Op = {
  name: 'avgPool2dGradient',
  lowering: { kind: 'kernel', launch: launchAvgGradient },
  vjp: (h, { output, attributes, inputs: [g] }) => [
    apply(avgPool, [reshapeLike(h, output)], g as AnyTensor, attributes),
  ],
};

function reshapeLike(x: AnyTensor, as: AnyTensor): AnyTensor {
  return x.reshape(as.shape);
}

/** For each place in the window, the elements of all windows at that place: strided slices. */
function windowViews(x: AnyTensor, attributes: PoolAttributes, fill: number): AnyTensor[] {
  const { window, strides, padding } = attributes;
  const [n, h, w, c] = x.shape as [number, number, number, number];
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
  return places(window).map(([y, x0]) =>
    slice(
      padded,
      [0, y, x0, 0],
      [n, y + (oh - 1) * strides[0] + 1, x0 + (ow - 1) * strides[1] + 1, c],
      [1, strides[0], strides[1], 1],
    ),
  );
}

function places([height, width]: readonly [number, number]): [number, number][] {
  return Array.from({ length: height * width }, (_, i) => [Math.floor(i / width), i % width]);
}

/**
 * The gradient of max pooling, differentiable in `g`: the windows' gradients, each sent to the
 * first place that holds the maximum, are the gradient of Σ g · (the element at that place).
 */
function maxGradientInPlainOps({
  inputs,
  attributes,
}: Omit<Call<PoolAttributes>, 'output'>): AnyTensor {
  const [x, g] = inputs as [AnyTensor, AnyTensor];
  const { window, strides, padding } = attributes;
  const [, h, w] = x.shape as [number, number, number];
  const views = windowViews(stopGradient(x), attributes, MIN_F32);
  const top = views.reduce((a, b) => a.maximum(b));
  let taken: Condition | undefined;
  const parts = views.map((view, i) => {
    const hit = view.equal(top) as Condition;
    const first = taken ? hit.logicalAnd(taken.logicalNot()) : hit;
    taken = taken ? taken.logicalOr(hit) : hit;
    const share = where(first as Condition, g, zeros(g.shape));
    return spread(share, places(window)[i] as [number, number], strides, [
      h + padding[0] + padding[1],
      w + padding[2] + padding[3],
    ]);
  });
  const sum = parts.reduce((a, b) => a.add(b));
  return slice(sum, [0, padding[0], padding[2]], [undefined, padding[0] + h, padding[2] + w]);
}

/** Puts a strided slice of images back in place, among zeros. */
function spread(
  x: AnyTensor,
  [y0, x0]: readonly [number, number],
  [sy, sx]: readonly [number, number],
  [height, width]: readonly [number, number],
): AnyTensor {
  const [n, oh, ow, c] = x.shape as [number, number, number, number];
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
    whole - start - (dense.shape[axis] as number);
  return pad(dense, [
    [0, 0],
    [y0, after(height, y0, 1)],
    [x0, after(width, x0, 2)],
    [0, 0],
  ]);
}

export interface Pool2dOptions {
  /** Height and width of the window, or one number for both. Default 2. */
  readonly window?: number | readonly [number, number];
  /** Steps between windows; default: the window, so that windows do not overlap. */
  readonly strides?: number | readonly [number, number];
  /** 'valid' (the default), 'same', or widths. Padding never counts as a value. */
  readonly padding?: Padding;
}

/** The largest element of each window: x [N, H, W, C] → [N, H', W', C], f32. @throws ShapeError */
export function maxPool2d(x: AnyTensor, options: Pool2dOptions = {}): Tensor {
  return pool('maxPool2d', maxPool, x, options);
}

/** The mean of each window's elements: x [N, H, W, C] → [N, H', W', C], f32. @throws ShapeError */
export function avgPool2d(x: AnyTensor, options: Pool2dOptions = {}): Tensor {
  return pool('avgPool2d', avgPool, x, options);
}

function pool(name: string, op: Op, x: AnyTensor, options: Pool2dOptions): Tensor {
  requireDType(name, x, ['f32']);
  if (x.rank !== 4) throw new ShapeError(`${name}: needs images [N, H, W, C], got [${x.shape}].`);
  const window = pair(`${name} window`, options.window ?? 2);
  const strides = pair(`${name} strides`, options.strides ?? window);
  const [n, h, w, c] = x.shape as [number, number, number, number];
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
  const attributes: PoolAttributes = { window, strides, padding };
  return apply(op, [x], { shape, dtype: 'f32' }, attributes);
}

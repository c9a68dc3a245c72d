import { OnDemand } from '../../../kernels/on-demand.ts';
import type { PoolAttributes } from '../../../kernels/pooling/pooling.ts';
import { apply, type Call, type Op } from '../../op.ts';
import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { full, zeros } from '../creation.ts';
import { stopGradient } from '../stop-gradient.ts';
import { slice, unslice } from '../views.ts';
import { where } from '../where.ts';
import { fourSizes, type WindowedAxis } from '../window.ts';
import { firstMaxima, largest, windowViews } from './window-views.ts';

export type Pool = Op<[x: Tensor], PoolAttributes>;

const kernels = new OnDemand(() => import('../../../kernels/pooling/pooling.ts'));
const needs = () => kernels;

/** Kernels read f16 four channels at a time. */
const readsHalves = (_: number, [x]: readonly { readonly shape: Shape }[]) =>
  sizeOf(x?.shape ?? [], -1) % 4 === 0;

export const maxPool: Pool = {
  name: 'maxPool2d',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().maxPool2d(context),
    takesEpilogue: true,
    readsHalves,
  },
  vjp: (g, { inputs: [x], attributes }) => [apply(maxPoolGradient, [x, g], x, attributes)],
  decompose: ({ inputs: [x], attributes }) =>
    largest(windowViews(x, ...axesOf(x, attributes), Number.NEGATIVE_INFINITY)),
};

const maxPoolGradient: Op<[x: Tensor, g: Tensor], PoolAttributes> = {
  name: 'maxPool2dGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().maxPool2dGradient(context),
    takesEpilogue: true,
    readsHalves,
  },
  decompose: maxGradientInPlainOps,
};

export const avgPool: Pool = {
  name: 'avgPool2d',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().avgPool2d(context),
    takesEpilogue: true,
    readsHalves,
  },
  vjp: (g, { inputs: [x], attributes }) => [apply(avgPoolGradient, [g], x, attributes)],
  decompose: ({ inputs: [x], attributes }) => {
    const sum = (images: Tensor) =>
      windowViews(images, ...axesOf(x, attributes), 0)
        .map(({ view }) => view)
        .reduce((a, b) => a.add(b));
    return sum(x).div(sum(full(x.shape, 1)));
  },
};

// Averaging is linear, so forward and gradient are each other's gradients.
const avgPoolGradient: Pool = {
  name: 'avgPool2dGradient',
  lowering: {
    kind: 'kernel',
    needs,
    launch: (context) => kernels.get().avgPool2dGradient(context),
    takesEpilogue: true,
    readsHalves,
  },
  vjp: (h, { inputs: [g], attributes }) => [apply(avgPool, [h], g, attributes)],
};

/**
 * The gradient of max pooling, differentiable in `g`: the windows' gradients, each sent to the
 * first place that holds the maximum (or a NaN), are the gradient of Σ g · (the element at that place).
 */
function maxGradientInPlainOps({
  inputs: [x, g],
  attributes,
}: Call<[x: Tensor, g: Tensor], PoolAttributes>): Tensor {
  const [n, h, w, c] = fourSizes(x);
  const [rows, columns] = axesOf(x, attributes);
  const padded = [n, h + rows.before + rows.after, w + columns.before + columns.after, c];
  const views = windowViews(stopGradient(x), rows, columns, Number.NEGATIVE_INFINITY);
  const firsts = firstMaxima(views);
  const parts = views.map(({ place }, i) => {
    const share = where(firsts[i] as Tensor<Shape, 'bool'>, g, zeros(g.shape));
    return unslice(share, padded, [0, ...place, 0], [1, rows.stride, columns.stride, 1]);
  });
  const sum = parts.reduce((a, b) => a.add(b));
  return slice(
    sum,
    [0, rows.before, columns.before],
    [undefined, rows.before + h, columns.before + w],
  );
}

function axesOf(x: Tensor, attributes: PoolAttributes): [WindowedAxis, WindowedAxis] {
  const [, h, w] = fourSizes(x);
  const { window, strides, padding } = attributes;
  const along = (axis: 0 | 1, size: number, before: number, after: number): WindowedAxis => {
    const stride = strides[axis];
    const count = Math.floor((size + before + after - window[axis]) / stride) + 1;
    return { size, window: window[axis], stride, dilation: 1, before, after, count };
  };
  return [along(0, h, padding[0], padding[1]), along(1, w, padding[2], padding[3])];
}

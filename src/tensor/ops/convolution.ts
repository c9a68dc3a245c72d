import { requireOptions } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import {
  filterGradientSumsColumns,
  conv2dFilterGradient as launchFilterGradient,
} from '../../kernels/convolution/filter-gradient.ts';
import { conv2d as launchForward } from '../../kernels/convolution/forward.ts';
import { conv2dInputGradient as launchInputGradient } from '../../kernels/convolution/input-gradient.ts';
import { readsHalves } from '../../kernels/convolution/padded-image.ts';
import { apply } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { sizeOf } from '../shape.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { depthwiseForward } from './depthwise-convolution.ts';
import { concat } from './joining.ts';
import { isColumnSum } from './reductions.ts';
import { slice } from './views.ts';
import {
  type Convolution,
  fourSizes,
  type Padding,
  pair,
  requireWindow,
  windowOutput,
  windowPadding,
} from './window.ts';

// A convolution is linear in both operands, so the three directions are each other's gradients.
const forward: Convolution = {
  name: 'conv2d',
  lowering: {
    kind: 'kernel',
    launch: launchForward,
    takesEpilogue: true,
    readsHalves: (_, [x]) => readsHalves(sizeOf(x?.shape ?? [], -1)),
  },
  vjp: (g, { inputs: [x, filter], attributes }) => [
    apply(conv2dInputGradient, [g, filter], x, attributes),
    apply(filterGradient, [x, g], filter, attributes),
  ],
};

/** Its inputs are an output's gradient [N, H', W', O] and a filter [KH, KW, C, O]. */
export const conv2dInputGradient: Convolution = {
  name: 'conv2dInputGradient',
  lowering: {
    kind: 'kernel',
    launch: launchInputGradient,
    takesEpilogue: true,
    readsHalves: () => true,
  },
  vjp: (h, { inputs: [g, filter], attributes }) => [
    apply(forward, [h, filter], g, attributes),
    apply(filterGradient, [h, g], filter, attributes),
  ],
};

const filterGradient: Convolution = {
  name: 'conv2dFilterGradient',
  lowering: {
    kind: 'kernel',
    launch: launchFilterGradient,
    takesEpilogue: true,
    readsHalves: (_, [x]) => readsHalves(sizeOf(x?.shape ?? [], -1)),
    alongside: (own, other, limits) =>
      isColumnSum(other, own.inputs[1], own.shape[3]) &&
      filterGradientSumsColumns(own.shape, own.attributes, limits)
        ? 0
        : undefined,
  },
  vjp: (h, { inputs: [x, g], attributes }) => [
    apply(conv2dInputGradient, [g, h], x, attributes),
    apply(forward, [x, h], g, attributes),
  ],
};

export interface Conv2dOptions {
  /** Steps between windows, [vertical, horizontal] or one number for both. Default 1. */
  readonly strides?: number | readonly [number, number];
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number | readonly [number, number];
  /** 'valid' (none, the default), 'same' (output size = ⌈input / stride⌉, as in Keras), or widths. */
  readonly padding?: Padding;
  /** How many groups the channels are split in and convolved apart; as many as channels is depthwise. Default 1. */
  readonly groups?: number;
}

/**
 * 2-D convolution (cross-correlation, as everywhere in deep learning): x [N, H, W, C] with filters
 * [KH, KW, C / groups, O] → [N, H', W', O], f32.
 * @throws ShapeError where channels do not match or the window does not fit.
 * @throws DTypeError where an operand is not f32.
 */
export function conv2d(x: AnyTensor, filter: AnyTensor, options: Conv2dOptions = {}): Tensor {
  requireOptions('conv2d', options, ['strides', 'dilations', 'padding', 'groups']);
  requireDType('conv2d', x, ['f32']);
  requireDType('conv2d', filter, ['f32']);
  const { groups = 1 } = options;
  if (x.rank !== 4 || filter.rank !== 4) {
    throw new ShapeError(
      `conv2d: needs images [N, H, W, C] and filters [KH, KW, C, O], got [${x.shape}] and [${filter.shape}].`,
    );
  }
  const [n, h, w, c] = fourSizes(x);
  const [kh, kw, perGroup, o] = fourSizes(filter);
  if (!Number.isInteger(groups) || groups < 1 || perGroup * groups !== c || o % groups !== 0) {
    throw new ShapeError(
      `conv2d: images [${x.shape}] have ${c} channels and filters [${filter.shape}] take ${perGroup} in ${groups} group(s) ` +
        `of ${o} outputs. Filters are [KH, KW, C / groups, O], with O a multiple of groups.`,
    );
  }
  requireWindow('conv2d', filter);
  const strides = pair('conv2d strides', options.strides ?? 1);
  const dilations = pair('conv2d dilations', options.dilations ?? 1);
  const window = [(kh - 1) * dilations[0] + 1, (kw - 1) * dilations[1] + 1] as const;
  const padding = windowPadding('conv2d', [h, w], window, strides, options.padding ?? 'valid');
  const [oh, ow] = windowOutput('conv2d', [h, w], window, strides, padding);
  // A sum of nothing is 0.
  if (x.size === 0 || filter.size === 0) return zeros([n, oh, ow, o]);
  const convolve = (op: Convolution, images: Tensor, filters: Tensor, outputs: number) =>
    apply(
      op,
      [images, filters],
      { shape: [n, oh, ow, outputs], dtype: 'f32' },
      { strides, dilations, padding },
    );
  if (groups === 1) return convolve(forward, x, filter, o);
  if (groups === c) return convolve(depthwiseForward, x, filter, o);
  const outputs = o / groups;
  const whole = [undefined, undefined, undefined];
  const parts = Array.from({ length: groups }, (_, i) =>
    convolve(
      forward,
      slice(x, [0, 0, 0, i * perGroup], [...whole, (i + 1) * perGroup]),
      slice(filter, [0, 0, 0, i * outputs], [...whole, (i + 1) * outputs]),
      outputs,
    ),
  );
  return concat(parts, -1);
}

import { ShapeError } from '../../errors.ts';
import { conv2dFilterGradient as launchFilterGradient } from '../../kernels/convolution/filter-gradient.ts';
import { conv2d as launchForward } from '../../kernels/convolution/forward.ts';
import { conv2dInputGradient as launchInputGradient } from '../../kernels/convolution/input-gradient.ts';
import type { Op } from '../op.ts';
import { requireDType } from '../require-dtype.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { depthwiseForward } from './depthwise-convolution.ts';
import { concat } from './joining.ts';
import { slice } from './views.ts';
import { type Padding, pair, windowOutput, windowPadding } from './window.ts';

interface ConvAttributes {
  readonly strides: readonly [number, number];
  readonly dilations: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly [key: string]: unknown;
}

// A convolution is linear in both operands, so the three directions are each other's gradients.
const forward: Op = {
  name: 'conv2d',
  lowering: { kind: 'kernel', launch: launchForward, takesEpilogue: true },
  vjp: (g, { inputs, attributes }) => {
    const [x, filter] = inputs as [AnyTensor, AnyTensor];
    return [
      apply(conv2dInputGradient, [g, filter], x, attributes),
      apply(filterGradient, [x, g], filter, attributes),
    ];
  },
};

/** Its inputs are an output's gradient [N, H', W', O] and a filter [KH, KW, C, O]. */
export const conv2dInputGradient: Op = {
  name: 'conv2dInputGradient',
  lowering: { kind: 'kernel', launch: launchInputGradient },
  vjp: (h, { inputs, attributes }) => {
    const [g, filter] = inputs as [AnyTensor, AnyTensor];
    return [
      apply(forward, [h, filter], g, attributes),
      apply(filterGradient, [h, g], filter, attributes),
    ];
  },
};

const filterGradient: Op = {
  name: 'conv2dFilterGradient',
  lowering: { kind: 'kernel', launch: launchFilterGradient },
  vjp: (h, { inputs, attributes }) => {
    const [x, g] = inputs as [AnyTensor, AnyTensor];
    return [
      apply(conv2dInputGradient, [g, h], x, attributes),
      apply(forward, [x, h], g, attributes),
    ];
  },
};

export interface Conv2dOptions {
  /** Steps between windows, [vertical, horizontal] or one number for both. Default 1. */
  readonly strides?: number | readonly [number, number];
  /** Distance between the elements of a window. Default 1. */
  readonly dilations?: number | readonly [number, number];
  /** 'valid' (none, the default), 'same' (output size = ⌈input / stride⌉, as in Keras), or widths. */
  readonly padding?: Padding;
  /** Channels are split in so many groups convolved apart; as many as channels is depthwise. Default 1. */
  readonly groups?: number;
}

/**
 * 2-D convolution (cross-correlation, as everywhere in deep learning): x [N, H, W, C] with filters
 * [KH, KW, C / groups, O] → [N, H', W', O], f32.
 * @throws ShapeError where channels do not match or the window does not fit.
 */
export function conv2d(x: AnyTensor, filter: AnyTensor, options: Conv2dOptions = {}): Tensor {
  requireDType('conv2d', x, ['f32']);
  requireDType('conv2d', filter, ['f32']);
  const { groups = 1 } = options;
  const [, h, w, c] = x.shape as [number, number, number, number];
  const [kh, kw, perGroup, o] = filter.shape as [number, number, number, number];
  if (x.rank !== 4 || filter.rank !== 4) {
    throw new ShapeError(
      `conv2d: needs images [N, H, W, C] and filters [KH, KW, C, O], got [${x.shape}] and [${filter.shape}].`,
    );
  }
  if (!Number.isInteger(groups) || groups < 1 || perGroup * groups !== c || o % groups !== 0) {
    throw new ShapeError(
      `conv2d: images [${x.shape}] have ${c} channels and filters [${filter.shape}] take ${perGroup} in ${groups} group(s) ` +
        `of ${o} outputs. Filters are [KH, KW, C / groups, O], with O a multiple of groups.`,
    );
  }
  const strides = pair('conv2d strides', options.strides ?? 1);
  const dilations = pair('conv2d dilations', options.dilations ?? 1);
  const window = [(kh - 1) * dilations[0] + 1, (kw - 1) * dilations[1] + 1] as const;
  const padding = windowPadding('conv2d', [h, w], window, strides, options.padding ?? 'valid');
  const attributes: ConvAttributes = { strides, dilations, padding };
  if (groups === 1) return convolve(forward, x, filter, attributes, window);
  if (groups === c) return convolve(depthwiseForward, x, filter, attributes, window);
  return concat(
    Array.from({ length: groups }, (_, i) =>
      convolve(
        forward,
        slice(x, [0, 0, 0, i * perGroup], [undefined, undefined, undefined, (i + 1) * perGroup]),
        slice(
          filter,
          [0, 0, 0, (i * o) / groups],
          [undefined, undefined, undefined, ((i + 1) * o) / groups],
        ),
        attributes,
        window,
      ),
    ),
    -1,
  );
}

function convolve(
  op: Op,
  x: AnyTensor,
  filter: AnyTensor,
  attributes: ConvAttributes,
  window: readonly [number, number],
): Tensor {
  const [n, h, w] = x.shape as [number, number, number];
  const [oh, ow] = windowOutput('conv2d', [h, w], window, attributes.strides, attributes.padding);
  const shape = [n, oh, ow, filter.shape[3] as number];
  if (n === 0) return zeros(shape);
  return apply(op, [x, filter], { shape, dtype: 'f32' }, attributes);
}

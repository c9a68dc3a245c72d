import type { DeviceLimits } from '../../device/device.ts';
import { byteSize } from '../dtype.ts';
import { type Binding, ceilDivide, input, launch, product, temporary } from '../launch.ts';
import type { Preparation } from '../matmul/split-reduction.ts';
import { program } from '../program.ts';
import pad from '../wgsl/convolution/pad.wgsl';
import { type Conv2dAttributes, hasPadding, isReadAsItLies, type Shape4 } from './geometry.ts';

/** The image that a convolution reads, and what makes it where that is not the one given. */
interface ReadImage {
  readonly image: Shape4;
  readonly attributes: Conv2dAttributes;
  readonly operand: Binding;
  readonly before: readonly Preparation[];
}

const LANES = 8;

/** Input 0 as it is, or a copy with its padding around it where that is faster and can be bound. */
export function readImage(
  image: Shape4,
  attributes: Conv2dAttributes,
  { maxBindingBytes }: Pick<DeviceLimits, 'maxBindingBytes'>,
): ReadImage {
  const [images, height, width, channels] = image;
  const [top, bottom, left, right] = attributes.padding;
  const padded: Shape4 = [images, height + top + bottom, width + left + right, channels];
  const bytes = byteSize(product(padded), 'f32');
  if (isReadAsItLies(channels) || !hasPadding(attributes) || bytes > maxBindingBytes) {
    return { image, attributes, operand: input(0), before: [] };
  }
  const lines = images * padded[1];
  const padding = launch({
    program: program('conv2d_pad', pad, { LANES }),
    bindings: { image: input(0), padded: temporary(0) },
    params: {
      lines,
      height,
      line: width * channels,
      top,
      left: left * channels,
      paddedHeight: padded[1],
      paddedLine: padded[2] * channels,
    },
    workgroups: ceilDivide(lines, LANES),
  });
  return {
    image: padded,
    attributes: { ...attributes, padding: [0, 0, 0, 0] },
    operand: temporary(0),
    before: [{ launch: padding, bytes }],
  };
}

import { requireChoice, requireOptions } from '../../../arguments.ts';
import { tensor } from '../../../tensor/ops/creation.ts';
import { concat } from '../../../tensor/ops/joining.ts';
import { expandTo, reshape, slice, unsqueeze } from '../../../tensor/ops/views.ts';
import { sizeOf } from '../../../tensor/shape.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { channelsOf, sizesAlong } from './image-shape.ts';

export interface Upsampling2dOptions {
  /** 'nearest' repeats elements (the default); 'bilinear' runs straight from centre to centre. */
  readonly interpolation?: 'nearest' | 'bilinear';
}

/**
 * Sequences `size` times as long (default 2), each element repeated: [N, L, C] → [N, L · size, C].
 * @throws ArgumentError where the size is not a whole number above 0.
 * @throws ShapeError where inputs are no sequences.
 */
export function upsampling1d(size = 2): Layer {
  return stretching('upsampling1d', 1, size, repeat);
}

/**
 * Images `size` times as large (vertically and horizontally, or one number for both; default 2):
 * [N, H, W, C] → [N, H · size, W · size, C]. As Keras' UpSampling2D: bilinear interpolation is
 * between the centres of elements, and beyond the outermost ones constant.
 * @throws ArgumentError where sizes are not whole numbers above 0, or there is no such interpolation.
 * @throws ShapeError where inputs are no images.
 */
export function upsampling2d(
  size: number | readonly [number, number] = 2,
  options: Upsampling2dOptions = {},
): Layer {
  requireOptions('upsampling2d', options, ['interpolation']);
  const { interpolation = 'nearest' } = options;
  requireChoice('upsampling2d', { interpolation }, ['nearest', 'bilinear']);
  return stretching('upsampling2d', 2, size, interpolation === 'nearest' ? repeat : interpolate);
}

/**
 * Volumes `size` times as large (along depth, height and width, or one number for all; default 2),
 * each element repeated: [N, D, H, W, C] → [N, D · size, H · size, W · size, C].
 * @throws ArgumentError where sizes are not whole numbers above 0.
 * @throws ShapeError where inputs are no volumes.
 */
export function upsampling3d(size: number | readonly [number, number, number] = 2): Layer {
  return stretching('upsampling3d', 3, size, repeat);
}

function stretching(
  type: string,
  axes: 1 | 2 | 3,
  size: number | readonly number[],
  stretch: typeof repeat,
): Layer {
  const factors = sizesAlong(type, 'size', axes, size);
  const interpolation = stretch === repeat ? 'nearest' : 'bilinear';
  const enlarge = (x: AnyTensor) => {
    channelsOf(type, axes, x.shape);
    return factors.reduce((longer, factor, i) => stretch(longer, i + 1, factor), x);
  };
  return new FunctionLayer(type, enlarge, { size: factors, interpolation });
}

function repeat(x: AnyTensor, axis: number, factor: number): AnyTensor {
  const wide = unsqueeze(x, axis + 1);
  return merge(
    expandTo(
      wide,
      wide.shape.map((n, a) => (a === axis + 1 ? factor : n)),
    ),
    axis,
  );
}

/** Each element gives `factor` new ones, mixtures of itself and the neighbour they lie towards. */
function interpolate(x: AnyTensor, axis: number, factor: number): AnyTensor {
  const size = sizeOf(x.shape, axis);
  const part = (start: number, end: number) =>
    slice(
      x,
      x.shape.map((_, a) => (a === axis ? start : 0)),
      x.shape.map((extent, a) => (a === axis ? end : extent)),
    );
  const before = concat([part(0, 1), part(0, size - 1)], axis);
  const after = concat([part(1, size), part(size - 1, size)], axis);
  // How far the centre of each new element lies from that of the old one, in old elements.
  const offsets = Array.from({ length: factor }, (_, i) => (i + 0.5) / factor - 0.5);
  const share = (weight: (offset: number) => number) => {
    const shape = [factor, ...x.shape.slice(axis + 1).map(() => 1)];
    return tensor(Float32Array.from(offsets, weight), shape);
  };
  const terms = [
    unsqueeze(x, axis + 1).mul(share((d) => 1 - Math.abs(d))),
    unsqueeze(before, axis + 1).mul(share((d) => Math.max(0, -d))),
    unsqueeze(after, axis + 1).mul(share((d) => Math.max(0, d))),
  ] as const;
  return merge(terms[0].add(terms[1]).add(terms[2]), axis);
}

/** Joins an axis with the one behind it. */
function merge(x: AnyTensor, axis: number): AnyTensor {
  const joined = sizeOf(x.shape, axis) * sizeOf(x.shape, axis + 1);
  return reshape(x, [...x.shape.slice(0, axis), joined, ...x.shape.slice(axis + 2)]);
}

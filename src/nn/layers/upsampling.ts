import { requireChoice, requireOptions } from '../../arguments.ts';
import { tensor } from '../../tensor/ops/creation.ts';
import { concat } from '../../tensor/ops/joining.ts';
import { expandTo, reshape, slice, unsqueeze } from '../../tensor/ops/views.ts';
import { sizeOf } from '../../tensor/shape.ts';
import type { AnyTensor } from '../../tensor/tensor.ts';
import type { Layer } from '../layer.ts';
import { FunctionLayer } from './function-layer.ts';
import { imageShape, pairOf } from './image-shape.ts';

export interface Upsampling2dOptions {
  /** 'nearest' repeats elements (the default); 'bilinear' runs straight from centre to centre. */
  readonly interpolation?: 'nearest' | 'bilinear';
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
  const [vertical, horizontal] = pairOf('upsampling2d', 'size', size);
  requireChoice('upsampling2d', { interpolation }, ['nearest', 'bilinear']);
  const stretch = interpolation === 'nearest' ? repeat : interpolate;
  return new FunctionLayer('upsampling2d', (x) => {
    imageShape('upsampling2d', x.shape);
    return stretch(stretch(x, 1, vertical), 2, horizontal);
  });
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

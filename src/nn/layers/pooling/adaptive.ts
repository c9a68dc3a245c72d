import {
  adaptiveAvgPool1d as avg1d,
  adaptiveAvgPool2d as avg2d,
  adaptiveAvgPool3d as avg3d,
  adaptiveMaxPool1d as max1d,
  adaptiveMaxPool2d as max2d,
  adaptiveMaxPool3d as max3d,
} from '../../../tensor/ops/pooling/adaptive.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { sizesAlong } from '../reshaping/image-shape.ts';

type Size2d = number | readonly [height: number, width: number];
type Size3d = number | readonly [depth: number, height: number, width: number];

/**
 * The means of as many windows as one asks for, as even as they can be (PyTorch's): [N, L, C] → [N, size, C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no sequences.
 */
export function adaptiveAvgPool1d(size: number): Layer {
  return adaptive('adaptiveAvgPool1d', 1, size, (x) => avg1d(x, size));
}

/**
 * The means of as many windows as one asks for, as even as they can be (PyTorch's): [N, H, W, C] → [N, height, width, C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no images.
 */
export function adaptiveAvgPool2d(size: Size2d): Layer {
  return adaptive('adaptiveAvgPool2d', 2, size, (x) => avg2d(x, size));
}

/**
 * The means of as many windows as one asks for, as even as they can be (PyTorch's): [N, D, H, W, C] → [N, depth, height, width, C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no volumes.
 */
export function adaptiveAvgPool3d(size: Size3d): Layer {
  return adaptive('adaptiveAvgPool3d', 3, size, (x) => avg3d(x, size));
}

/**
 * The largest elements of as many windows as one asks for, as even as they can be (PyTorch's): [N, L, C] → [N, size, C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no sequences.
 */
export function adaptiveMaxPool1d(size: number): Layer {
  return adaptive('adaptiveMaxPool1d', 1, size, (x) => max1d(x, size));
}

/**
 * The largest elements of as many windows as one asks for, as even as they can be (PyTorch's): [N, H, W, C] → [N, height, width, C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no images.
 */
export function adaptiveMaxPool2d(size: Size2d): Layer {
  return adaptive('adaptiveMaxPool2d', 2, size, (x) => max2d(x, size));
}

/**
 * The largest elements of as many windows as one asks for, as even as they can be (PyTorch's): [N, D, H, W, C] → [N, depth, height, width, C].
 * @throws ArgumentError where a size is not a whole number above 0.
 * @throws ShapeError where inputs are no volumes.
 */
export function adaptiveMaxPool3d(size: Size3d): Layer {
  return adaptive('adaptiveMaxPool3d', 3, size, (x) => max3d(x, size));
}

function adaptive(
  type: string,
  axes: 1 | 2 | 3,
  size: number | readonly number[],
  pool: (x: AnyTensor) => AnyTensor,
): Layer {
  sizesAlong(type, 'size', axes, size);
  return new FunctionLayer(type, pool);
}

import { ShapeError } from '../../../errors.ts';
import { slice } from '../../../tensor/ops/views.ts';
import type { AnyTensor } from '../../../tensor/tensor.ts';
import type { Layer } from '../../layer.ts';
import { FunctionLayer } from '../function-layer.ts';
import { channelsOf, type Sides, widthsAlong } from './image-shape.ts';

/**
 * Sequences without their ends: one width for both, or [before, after]; [N, L, C] →
 * [N, L − before − after, C].
 * @throws ShapeError where widths are negative or fractions, inputs are no sequences, or nothing is left.
 */
export function cropping1d(cropping: Sides[1] = 1): Layer {
  return cropped('cropping1d', 1, cropping);
}

/**
 * Images without their edges: one width for all sides, [vertical, horizontal] or [top, bottom, left,
 * right]; [N, H, W, C] → [N, H − top − bottom, W − left − right, C].
 * @throws ShapeError where widths are negative or fractions, inputs are no images, or nothing is left.
 */
export function cropping2d(cropping: Sides[2] = 0): Layer {
  return cropped('cropping2d', 2, cropping);
}

/**
 * Volumes without their edges: one width for all sides, [depth, vertical, horizontal] or [front, back,
 * top, bottom, left, right]; [N, D, H, W, C] → [N, D − front − back, H − top − bottom, W − left − right, C].
 * @throws ShapeError where widths are negative or fractions, inputs are no volumes, or nothing is left.
 */
export function cropping3d(cropping: Sides[3] = 1): Layer {
  return cropped('cropping3d', 3, cropping);
}

function cropped(type: string, axes: 1 | 2 | 3, cropping: number | readonly number[]): Layer {
  const inside = widthsAlong(type, 'cropping', axes, cropping);
  const widths = [[0, 0], ...inside, [0, 0]] as const;
  const crop = (x: AnyTensor) => {
    channelsOf(type, axes, x.shape);
    const ends = x.shape.map((size, axis) => size - (widths[axis]?.[1] ?? 0));
    const starts = widths.map(([before]) => before);
    if (starts.some((start, axis) => start > 0 && start >= (ends[axis] ?? 0))) {
      throw new ShapeError(`${type}: cropping [${inside}] leaves nothing of [${x.shape}].`);
    }
    return slice(x, starts, ends);
  };
  return new FunctionLayer(type, crop, { cropping: inside });
}

import type { DType } from '../../../kernels/dtype.ts';
import { sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { cast } from '../cast.ts';
import { tensor } from '../creation.ts';
import { lerp } from '../elementwise/lerp.ts';
import { gather } from '../indexing/gather.ts';

/** The slices at whole places along an axis; those beyond an end are the last ones there. */
export function pickAlong<D extends DType>(
  x: Tensor<Shape, D>,
  axis: number,
  places: readonly number[],
): Tensor<Shape, D> {
  const last = sizeOf(x.shape, axis) - 1;
  const inside = places.map((place) => Math.min(Math.max(place, 0), last));
  return gather(x, tensor(Int32Array.from(inside), [inside.length]), axis);
}

/** Straight lines between the slices around each place along an axis, constant beyond its ends: f32. */
export function blendAlong(x: AnyTensor, axis: number, places: readonly number[]): Tensor {
  const last = sizeOf(x.shape, axis) - 1;
  const inside = places.map((place) => Math.min(Math.max(place, 0), last));
  const shares = inside.map((place) => place - Math.floor(place));
  const share = tensor(
    Float32Array.from(shares),
    x.shape.map((_, i) => (i === axis ? shares.length : 1)),
  );
  const below = cast(pickAlong(x, axis, inside.map(Math.floor)), 'f32');
  const above = cast(pickAlong(x, axis, inside.map(Math.ceil)), 'f32');
  return lerp(below, above, share);
}

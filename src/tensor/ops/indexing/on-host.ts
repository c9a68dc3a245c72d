import { ShapeError } from '../../../errors.ts';
import type { DType } from '../../../kernels/dtype.ts';
import { product } from '../../../kernels/launch.ts';
import { requireDType, requireTensor } from '../../require-dtype.ts';
import { normalizeAxis, sameShape, sizeOf } from '../../shape.ts';
import type { Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { owning } from '../creation.ts';
import { reshape } from '../views.ts';
import { around, gather } from './gather.ts';

// Results whose shape depends on values: the host reads these, and the device moves the elements.

/**
 * The elements, or slices, of `x` where `mask` is true: the axes of the mask, from `axis` on, become one.
 * It waits for the mask, whose values the shape depends on; the gradient goes to the elements taken.
 * @throws DTypeError where the mask is not bool.
 * @throws ShapeError where the mask has not the shape of these axes of `x`.
 */
export async function booleanMask<D extends DType>(
  x: Tensor<Shape, D>,
  mask: AnyTensor,
  axis = 0,
): Promise<Tensor<Shape, D>> {
  requireTensor('booleanMask', x);
  requireDType('booleanMask', mask, ['bool']);
  const at = normalizeAxis('booleanMask', axis, x.rank);
  const end = at + mask.rank;
  if (mask.rank === 0 || !sameShape(x.shape.slice(at, end), mask.shape)) {
    throw new ShapeError(
      `booleanMask: a mask [${mask.shape}] must have the shape of [${x.shape}] from axis ${at} on.`,
    );
  }
  const merged = [...x.shape.slice(0, at), mask.size, ...x.shape.slice(end)];
  const places = placesOf(await mask.data());
  return gather(reshape(x, merged), owning(places, [places.length], 'i32'), at);
}

/**
 * The positions of the elements that are not 0 (or true), in row-major order: i32 [count, rank]. It waits
 * for `x`, whose values the shape depends on.
 */
export async function nonZero(x: AnyTensor): Promise<Tensor<Shape, 'i32'>> {
  requireTensor('nonZero', x);
  const places = placesOf(await x.data());
  const strides = x.shape.map((_, axis) => product(x.shape.slice(axis + 1)));
  const positions = new Int32Array(places.length * x.rank);
  places.forEach((place, i) => {
    for (let axis = 0; axis < x.rank; axis++) {
      const position = Math.floor(place / sizeOf(strides, axis)) % sizeOf(x.shape, axis);
      positions[i * x.rank + axis] = position;
    }
  });
  return owning(positions, [places.length, x.rank], 'i32');
}

/** The places of values that are not 0. */
function placesOf(values: ArrayLike<number>): Int32Array {
  const places: number[] = [];
  for (let i = 0; i < values.length; i++) if (values[i] !== 0) places.push(i);
  return Int32Array.from(places);
}

/** The different elements or slices, and where they are. */
export interface Unique<D extends DType = DType> {
  /** Each once, in the order in which they first appear. */
  readonly values: Tensor<Shape, D>;
  /** For each element or slice of `x`, which of the values it is. */
  readonly indices: Tensor<Shape, 'i32'>;
  /** How often each of the values is there. */
  readonly counts: Tensor<Shape, 'i32'>;
}

/**
 * The different elements of `x`, seen as one line, or its different slices along an axis. Values are in the
 * order in which they first appear, as in TensorFlow.js; NaN is equal to NaN, and −0 to 0. It waits
 * for `x`, whose values the shape depends on.
 * @throws ShapeError where there is no such axis.
 */
export async function unique<D extends DType>(
  x: Tensor<Shape, D>,
  axis?: number,
): Promise<Unique<D>> {
  requireTensor('unique', x);
  const flat = axis === undefined ? reshape(x, [x.size]) : x;
  const at = normalizeAxis('unique', axis ?? 0, flat.rank);
  const { outer, size, inner } = around(flat.shape, at);
  const data = await flat.data();
  const known = new Map<string, number>();
  const firsts: number[] = [];
  const counts: number[] = [];
  const indices = Int32Array.from({ length: size }, (_, k) => {
    const parts = Array.from({ length: outer }, (_, o) => {
      const begin = (o * size + k) * inner;
      return data.subarray(begin, begin + inner).join();
    });
    const key = parts.join();
    const value = known.get(key) ?? known.size;
    if (value === known.size) {
      known.set(key, value);
      firsts.push(k);
    }
    counts[value] = (counts[value] ?? 0) + 1;
    return value;
  });
  const count = firsts.length;
  return {
    values: gather(flat, owning(Int32Array.from(firsts), [count], 'i32'), at),
    indices: owning(indices, [size], 'i32'),
    counts: owning(Int32Array.from(counts), [count], 'i32'),
  };
}

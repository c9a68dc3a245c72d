import { sizeOf } from '../../shape.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { gather } from '../indexing/gather.ts';
import { shareOf } from '../share.ts';
import { reshape, unsqueeze } from '../views.ts';
import { where } from '../where.ts';

/** Brings places along an axis, whole or not, to where there are pixels. */
export type Bound = (places: Tensor, size: number) => Tensor;

/** A weight for the pixel at a whole place, `tap` behind the one before a place that is `share` past it. */
interface Filter {
  readonly taps: readonly number[];
  readonly weight: (share: Tensor, tap: number) => Tensor;
}

const CUBIC = -0.75;

export const linear: Filter = {
  taps: [0, 1],
  weight: (share, tap) => (tap === 0 ? share.neg().add(1) : share),
};

/** Cubic convolution (Keys, 1981). */
export const cubic: Filter = {
  taps: [-1, 0, 1, 2],
  weight: (share, tap) => {
    const d = share.sub(tap).abs();
    if (tap === 0 || tap === 1)
      return d
        .mul(CUBIC + 2)
        .sub(CUBIC + 3)
        .mul(d.square())
        .add(1);
    return d.sub(5).mul(d).add(8).mul(d).sub(4).mul(CUBIC);
  },
};

export const clamp: Bound = (places, size) => places.clip(0, size - 1);

/** Mirrors places at the centres of the pixels at the edges, or at their outer sides. */
export const reflect =
  (atCentres: boolean): Bound =>
  (places, size) => {
    const [low, span] = atCentres ? [0, size - 1] : [-0.5, size];
    if (span === 0) return places.mul(0);
    const turned = places.sub(low).mod(2 * span);
    return clamp(turned.minimum(turned.neg().add(2 * span)).add(low), size);
  };

/** Images [N, …, C], of two axes or three, of which points are read. */
export interface Source {
  readonly images: Tensor;
  /** Which image each point is of: i32, of the points' shape or one that broadcasts to it. */
  readonly batch: AnyTensor;
  readonly bound: Bound;
  /** What lies outside is 0, otherwise what `bound` makes of it. */
  readonly isZeroOutside: boolean;
}

/** The pixels [..., C] at whole places [...] along each axis, which are f32. */
export function pixels(
  { images, batch, bound, isZeroOutside }: Source,
  places: readonly Tensor[],
): Tensor {
  const sizes = images.shape.slice(1, -1);
  const flat: Tensor = reshape(images, [-1, sizeOf(images.shape, -1)]);
  const at = places.reduce((index, place, axis) => {
    const size = sizeOf(sizes, axis);
    return index.mul(size).add(bound(place, size).cast('i32'));
  }, batch);
  const found = gather(flat, at, 0);
  if (!isZeroOutside) return found;
  const isInside = places
    .map((place, axis) => place.greaterEqual(0).logicalAnd(place.less(sizeOf(sizes, axis))))
    .reduce((a, b) => a.logicalAnd(b));
  return where(isInside.unsqueeze(-1), found, 0);
}

/** The pixels around points, each times its weight by a filter: [..., C] of points [...]. */
export function around(
  source: Source,
  places: readonly Tensor[],
  { taps, weight }: Filter = linear,
): Tensor[] {
  const before = places.map((place) => place.stopGradient().floor());
  const shares = places.map((place, axis) => place.sub(before[axis] as Tensor));
  return combinations(taps, places.length).map((steps) => {
    const step = (axis: number) => sizeOf(steps, axis);
    const found = pixels(
      source,
      before.map((place, axis) => place.add(step(axis))),
    );
    const weights = shares.map((share, axis) => weight(share, step(axis)));
    return shareOf(
      found,
      unsqueeze(
        weights.reduce((a, b) => a.mul(b)),
        -1,
      ),
    );
  });
}

/** All lists of `count` of the numbers. */
function combinations(numbers: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  const rest = combinations(numbers, count - 1);
  return numbers.flatMap((first) => rest.map((others) => [first, ...others]));
}

export function sum(parts: readonly Tensor[]): Tensor {
  return parts.reduce((a, b) => a.add(b));
}

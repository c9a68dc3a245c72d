import { positions } from '../../../../../tensor/ops/creation.ts';
import { gather } from '../../../../../tensor/ops/indexing/gather.ts';
import { unstack } from '../../../../../tensor/ops/rearranging/repeating.ts';
import { where } from '../../../../../tensor/ops/where.ts';
import { sizeOf } from '../../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from '../call.ts';
import { channelsFirst, channelsLast } from '../layout.ts';

/** Brings places along an axis, whole or not, to where there are pixels. */
type Bound = (places: AnyTensor, size: number) => AnyTensor;

/** A weight for the pixel at a whole place, `tap` behind the one before a place that is `share` past it. */
interface Filter {
  readonly taps: readonly number[];
  readonly weight: (share: AnyTensor, tap: number) => AnyTensor;
}

const CUBIC = -0.75;

const linear: Filter = {
  taps: [0, 1],
  weight: (share, tap) => (tap === 0 ? share.neg().add(1) : share),
};

/** Cubic convolution (Keys, 1981). */
const cubic: Filter = {
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
const reflect =
  (atCentres: boolean): Bound =>
  (places, size) => {
    const [low, span] = atCentres ? [0, size - 1] : [-0.5, size];
    if (span === 0) return places.mul(0);
    const turned = places.sub(low).mod(2 * span);
    return clamp(turned.minimum(turned.neg().add(2 * span)).add(low), size);
  };

/** Images [N, C, …], of two or three axes, of which points are read. */
export interface Source {
  readonly images: AnyTensor;
  /** Which image each point is of: i32, of the points' shape or one that broadcasts to it. */
  readonly batch: AnyTensor;
  readonly bound: Bound;
  /** What lies outside is 0, otherwise what `bound` makes of it. */
  readonly isZeroOutside: boolean;
}

/** The pixels [..., C] at whole places [...] along each axis, which are f32. */
function pixels(
  { images, batch, bound, isZeroOutside }: Source,
  places: readonly AnyTensor[],
): AnyTensor {
  const sizes = images.shape.slice(2);
  const flat = channelsLast(images).reshape([-1, sizeOf(images.shape, 1)]);
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
  places: readonly AnyTensor[],
  { taps, weight }: Filter = linear,
): AnyTensor[] {
  const before = places.map((place) => place.stopGradient().floor());
  const shares = places.map((place, axis) => place.sub(before[axis] as AnyTensor));
  return combinations(taps, places.length).map((steps) => {
    const step = (axis: number) => sizeOf(steps, axis);
    const found = pixels(
      source,
      before.map((place, axis) => place.add(step(axis))),
    );
    const weights = shares.map((share, axis) => weight(share, step(axis)));
    return found.mul(weights.reduce((a, b) => a.mul(b)).unsqueeze(-1));
  });
}

/** All lists of `count` of the numbers. */
function combinations(numbers: readonly number[], count: number): number[][] {
  if (count === 0) return [[]];
  const rest = combinations(numbers, count - 1);
  return numbers.flatMap((first) => rest.map((others) => [first, ...others]));
}

export function sum(parts: readonly AnyTensor[]): AnyTensor {
  return parts.reduce((a, b) => a.add(b));
}

/** Reads images at the places of a grid [N, …, 2 or 3], of x, y and z between −1 and 1. */
function gridSample(call: OperatorCall): AnyTensor {
  const { x: images } = call;
  const axes = images.rank - 2;
  const mode = call.text('mode', 'linear');
  const isCubic = mode.endsWith('cubic');
  if (axes < 2 || axes > 3 || (isCubic && axes === 3))
    throw call.unsupported(`the mode '${mode}' of a grid over ${axes} axes`);
  const corners = call.flag('align_corners');
  const padding = call.text('padding_mode', 'zeros');
  const bound = padding === 'reflection' ? reflect(corners) : clamp;
  // The last axis of the images comes first in the grid.
  const places = unstack(call.input(1), -1)
    .reverse()
    .map((part, axis) => {
      const size = sizeOf(images.shape, axis + 2);
      const place = corners ? part.add(1).mul((size - 1) / 2) : part.add(1).mul(size).sub(1).div(2);
      return padding === 'zeros' || isCubic ? place : bound(place, size);
    });
  const batch = positions([sizeOf(images.shape, 0), ...places.map(() => 1)], 'i32');
  const source = { images, batch, bound, isZeroOutside: padding === 'zeros' };
  if (mode !== 'nearest')
    return channelsFirst(sum(around(source, places, isCubic ? cubic : linear)));
  return channelsFirst(
    pixels(
      source,
      places.map((place) => place.round()),
    ),
  );
}

/** What reads images between their pixels. */
export const samplingOperators: Readonly<Record<string, Operator>> = { GridSample: gridSample };

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

/** Images [N, C, H, W] of which points are read. */
export interface Source {
  readonly images: AnyTensor;
  /** Which image each point is of: i32, of the points' shape or one that broadcasts to it. */
  readonly batch: AnyTensor;
  readonly bound: Bound;
  /** What lies outside is 0, otherwise what `bound` makes of it. */
  readonly isZeroOutside: boolean;
}

/** The pixels [..., C] at whole places [...], which are f32. */
function pixels(
  { images, batch, bound, isZeroOutside }: Source,
  y: AnyTensor,
  x: AnyTensor,
): AnyTensor {
  const [height, width] = [sizeOf(images.shape, 2), sizeOf(images.shape, 3)];
  const flat = channelsLast(images).reshape([-1, sizeOf(images.shape, 1)]);
  const [row, column] = [bound(y, height).cast('i32'), bound(x, width).cast('i32')];
  const found = gather(flat, batch.mul(height).add(row).mul(width).add(column), 0);
  if (!isZeroOutside) return found;
  const isInside = y.greaterEqual(0).logicalAnd(y.less(height));
  const both = isInside.logicalAnd(x.greaterEqual(0)).logicalAnd(x.less(width));
  return where(both.unsqueeze(-1), found, 0);
}

/** The pixels around points, weighted by a filter: [..., C] of points [...]. */
export function blended(
  source: Source,
  y: AnyTensor,
  x: AnyTensor,
  { taps, weight }: Filter = linear,
): AnyTensor {
  const [row, column] = [y.stopGradient().floor(), x.stopGradient().floor()];
  const [down, right] = [y.sub(row), x.sub(column)];
  const parts = taps.flatMap((i) =>
    taps.map((k) =>
      pixels(source, row.add(i), column.add(k)).mul(
        weight(down, i).mul(weight(right, k)).unsqueeze(-1),
      ),
    ),
  );
  return parts.reduce((sum, part) => sum.add(part));
}

/** Reads images at the places of a grid [N, H′, W′, 2], of x and y between −1 and 1. */
function gridSample(call: OperatorCall): AnyTensor {
  const { x: images } = call;
  if (images.rank !== 4) throw call.unsupported(`a grid over ${images.rank - 2} axes`);
  const corners = call.flag('align_corners');
  const padding = call.text('padding_mode', 'zeros');
  const bound = padding === 'reflection' ? reflect(corners) : clamp;
  const mode = call.text('mode', 'linear');
  const isCubic = mode.endsWith('cubic');
  const [x, y] = unstack(call.input(1), -1).map((part, i) => {
    const size = sizeOf(images.shape, 3 - i);
    const place = corners ? part.add(1).mul((size - 1) / 2) : part.add(1).mul(size).sub(1).div(2);
    return padding === 'zeros' || isCubic ? place : bound(place, size);
  });
  const batch = positions([sizeOf(images.shape, 0), 1, 1], 'i32');
  const source = { images, batch, bound, isZeroOutside: padding === 'zeros' };
  if (mode === 'nearest') return channelsFirst(pixels(source, y!.round(), x!.round()));
  return channelsFirst(blended(source, y!, x!, isCubic ? cubic : linear));
}

/** What reads images between their pixels. */
export const samplingOperators: Readonly<Record<string, Operator>> = { GridSample: gridSample };

import { positions } from '../../../../../tensor/ops/creation.ts';
import { around, clamp, sum } from '../../../../../tensor/ops/images/sampling.ts';
import { unstack } from '../../../../../tensor/ops/rearranging/repeating.ts';
import { where } from '../../../../../tensor/ops/where.ts';
import { sizeOf } from '../../../../../tensor/shape.ts';
import type { AnyTensor, Tensor } from '../../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from '../call.ts';
import { hostTensor } from '../host-values.ts';
import { channelsFirst, channelsLast } from '../layout.ts';

/** Top, left, bottom, right. */
type Box = readonly [number, number, number, number];

function area([top, left, bottom, right]: Box): number {
  return (bottom - top) * (right - left);
}

/** What two boxes have in common, of what they cover together. */
function overlap(a: Box, b: Box): number {
  const height = Math.min(a[2], b[2]) - Math.max(a[0], b[0]);
  const width = Math.min(a[3], b[3]) - Math.max(a[1], b[1]);
  const common = Math.max(0, height) * Math.max(0, width);
  return common === 0 ? 0 : common / (area(a) + area(b) - common);
}

/** Corners in any order, or with `isCentred` x and y of the centre, width and height. */
function boxOf([a = 0, b = 0, c = 0, d = 0]: readonly number[], isCentred: boolean): Box {
  if (isCentred) return [b - d / 2, a - c / 2, b + d / 2, a + c / 2];
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)];
}

/** Of boxes [batch, N, 4] by scores [batch, C, N] the best, without those that overlap a better one of their class: rows of batch, class and box. */
function nonMaxSuppression(call: OperatorCall): AnyTensor {
  const [boxes = [], scores = []] = [call.known(0), call.known(1)];
  const [most = 0] = call.known(2) ?? [];
  const [widest = 0] = call.known(3) ?? [];
  const [least = -Infinity] = call.known(4) ?? [];
  const isCentred = call.flag('center_point_box');
  const [batches, classes, count] = [0, 1, 2].map((axis) => sizeOf(call.input(1).shape, axis));
  const rows: number[][] = [];
  for (let batch = 0; batch < batches!; batch++) {
    const own = Array.from({ length: count! }, (_, i) => {
      const at = (batch * count! + i) * 4;
      return boxOf(boxes.slice(at, at + 4), isCentred);
    });
    for (let of = 0; of < classes!; of++) {
      const from = (batch * classes! + of) * count!;
      const kept = bestOf(own, scores.slice(from, from + count!), { least, widest, most });
      rows.push(...kept.map((i) => [batch, of, i]));
    }
  }
  return hostTensor(rows.flat(), [rows.length, 3], 'i32');
}

interface Limits {
  /** Scores must be above. */
  readonly least: number;
  readonly widest: number;
  readonly most: number;
}

function bestOf(
  boxes: readonly Box[],
  scores: readonly number[],
  { least, widest, most }: Limits,
): number[] {
  const score = (i: number) => sizeOf(scores, i);
  const order = boxes.flatMap((_, i) => (score(i) > least ? [i] : []));
  order.sort((a, b) => score(b) - score(a));
  const kept: number[] = [];
  for (const i of order) {
    if (kept.length >= most) break;
    const isFree = kept.every((better) => overlap(boxes[i]!, boxes[better]!) <= widest);
    if (isFree) kept.push(i);
  }
  return kept;
}

/**
 * Of boxes [R, 4] in images, a grid of averages of points that are read between the pixels, or of the largest
 * share that a pixel beside one of the points has in it, as ONNX Runtime has mode 'max': [R, C, H, W]. Points up to a pixel outside are read at the edge, others are 0 (He et al., "Mask R-CNN", 2017).
 */
function roiAlign(call: OperatorCall): AnyTensor {
  const ratio = call.int('sampling_ratio', 0);
  if (ratio < 1) throw call.unsupported('a sampling_ratio that follows from the boxes');
  const isMax = call.text('mode', 'avg') === 'max';
  const { x: images } = call;
  const older = call.opset < 16 ? 'output_half_pixel' : 'half_pixel';
  const isHalfPixel = call.text('coordinate_transformation_mode', older) === 'half_pixel';
  const [left, top, right, bottom] = unstack(call.input(1).cast('f32'), -1).map((side) =>
    side.mul(call.float('spatial_scale', 1)).sub(isHalfPixel ? 0.5 : 0),
  ) as [Tensor, Tensor, Tensor, Tensor];
  const sizes = [call.int('output_height', 1), call.int('output_width', 1)] as const;
  const along = (low: Tensor, high: Tensor, count: number) => {
    const length = isHalfPixel ? high.sub(low) : high.sub(low).maximum(1);
    const share = positions([count * ratio], 'f32')
      .add(0.5)
      .div(count * ratio);
    return low.unsqueeze(1).add(length.unsqueeze(1).mul(share));
  };
  const [y, x] = [
    along(top, bottom, sizes[0]).unsqueeze(2),
    along(left, right, sizes[1]).unsqueeze(1),
  ];
  const inside = (place: Tensor, axis: number) => {
    const size = sizeOf(images.shape, axis);
    const isThere = place.greaterEqual(-1).logicalAnd(place.lessEqual(size));
    return [isThere, place.clip(0, size - 1)] as const;
  };
  const [[isRow, row], [isColumn, column]] = [inside(y, 2), inside(x, 3)];
  const batch = call.input(2).cast('i32').reshape([-1, 1, 1]);
  const source = {
    images: channelsLast(images).cast('f32'),
    batch,
    bound: clamp,
    isZeroOutside: false,
  };
  const shares = around(source, [row, column]);
  const read = isMax ? shares.reduce((a, b) => a.maximum(b)) : sum(shares);
  const points = where(isRow.logicalAnd(isColumn).unsqueeze(-1), read, 0);
  const channels = sizeOf(images.shape, 1);
  const cells = points.reshape([-1, sizes[0], ratio, sizes[1], ratio, channels]);
  return channelsFirst(isMax ? cells.max([2, 4]) : cells.mean([2, 4]));
}

/** What finds, and cuts out, regions of images. */
export const regionOperators: Readonly<Record<string, Operator>> = {
  NonMaxSuppression: nonMaxSuppression,
  RoiAlign: roiAlign,
};

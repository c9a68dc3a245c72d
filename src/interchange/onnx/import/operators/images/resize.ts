import { tensor } from '../../../../../tensor/ops/creation.ts';
import { blendAlong, pickAlong } from '../../../../../tensor/ops/images/along.ts';
import { matMul } from '../../../../../tensor/ops/linear.ts';
import { sizeOf } from '../../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../../tensor/tensor.ts';
import type { Operator, OperatorCall } from '../call.ts';

/** Where the element of a number lies among those there are. */
type Place = (i: number, scale: number, there: number, wanted: number) => number;

const halfPixel: Place = (i, scale) => (i + 0.5) / scale - 0.5;
const asymmetric: Place = (i, scale) => i / scale;
const places: Readonly<Record<string, Place>> = {
  asymmetric,
  half_pixel: halfPixel,
  align_corners: (i, _, there, wanted) => (wanted > 1 ? (i * (there - 1)) / (wanted - 1) : 0),
  pytorch_half_pixel: (i, scale, there, wanted) =>
    wanted > 1 ? halfPixel(i, scale, there, wanted) : 0,
  tf_half_pixel_for_nn: (i, scale) => (i + 0.5) / scale,
};
const roundings: Readonly<Record<string, (place: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round_prefer_floor: (place) => Math.ceil(place - 0.5),
  round_prefer_ceil: (place) => Math.floor(place + 0.5),
};

interface Resizing {
  readonly place: Place;
  /** Elements at these places along an axis. */
  readonly take: (
    x: AnyTensor,
    axis: number,
    places: readonly number[],
    scale: number,
  ) => AnyTensor;
  readonly scales: readonly number[];
  readonly sizes: readonly number[];
}

function resized(call: OperatorCall, { place, take, scales, sizes }: Resizing): AnyTensor {
  const axes = call.ints('axes') ?? Array.from(call.x.shape.keys());
  return axes.reduce<AnyTensor>((x, given, i) => {
    const axis = given < 0 ? given + x.rank : given;
    const there = sizeOf(x.shape, axis);
    const wanted = sizes.length > 0 ? sizeOf(sizes, i) : Math.floor(there * sizeOf(scales, i));
    const scale = sizes.length > 0 ? wanted / there : sizeOf(scales, i);
    if (scale === 1) return x;
    const along = Array.from({ length: wanted }, (_, k) => place(k, scale, there, wanted));
    return take(x, axis, along, scale);
  }, call.x);
}

function resize(call: OperatorCall): AnyTensor {
  // Before version 11 the scales come right behind x, and there are no other settings.
  const isOld = call.opset < 11;
  const mode = call.text('coordinate_transformation_mode', isOld ? 'asymmetric' : 'half_pixel');
  const place = places[mode];
  if (!place) throw call.unsupported(`coordinate_transformation_mode '${mode}'`);
  const policy = call.text('keep_aspect_ratio_policy', 'stretch');
  if (policy !== 'stretch') throw call.unsupported(`keep_aspect_ratio_policy '${policy}'`);
  const scales = call.known(isOld ? 1 : 2) ?? [];
  const sizes = (isOld ? undefined : call.known(3)) ?? [];
  const rounding = call.text('nearest_mode', isOld ? 'floor' : 'round_prefer_floor');
  const take = call.flag('antialias') ? smoothingTaker(call) : takerOf(call, rounding);
  return resized(call, { place, take, scales, sizes });
}

function takerOf(call: OperatorCall, rounding: string): Resizing['take'] {
  const mode = call.text('mode', 'nearest');
  if (mode === 'linear' || mode === 'bilinear') return blendAlong;
  if (mode === 'cubic') {
    const [a, excludes] = [call.float('cubic_coeff_a', -0.75), call.flag('exclude_outside')];
    return (x, axis, along) => cubicAlong(x, axis, along, a, excludes);
  }
  const round = roundings[rounding];
  if (mode !== 'nearest' || !round) throw call.unsupported(`mode '${mode}' and '${rounding}'`);
  return (x, axis, along) => pickAlong(x, axis, along.map(round));
}

/** Where an axis becomes shorter, filters as much wider as it does, so that no element is passed over. */
function smoothingTaker(call: OperatorCall): Resizing['take'] {
  const isCubic = call.text('mode', 'nearest') === 'cubic';
  const a = call.float('cubic_coeff_a', -0.75);
  const filter = isCubic ? (d: number) => cubic(d, a) : (d: number) => Math.max(0, 1 - d);
  const excludes = call.flag('exclude_outside');
  return (x, axis, along, scale) => {
    const [size, shrinks] = [sizeOf(x.shape, axis), Math.min(scale, 1)];
    const reach = (isCubic ? 2 : 1) / shrinks;
    const rows = along.map((place) => {
      const weights = new Float64Array(size);
      for (let i = Math.ceil(place - reach); i <= place + reach; i++) {
        const isOutside = i < 0 || i >= size;
        if (isOutside && excludes) continue;
        const at = Math.min(Math.max(i, 0), size - 1);
        weights[at] = (weights[at] ?? 0) + filter(Math.abs(i - place) * shrinks);
      }
      const total = weights.reduce((sum, weight) => sum + weight);
      return Float32Array.from(weights, (weight) => weight / total);
    });
    const table = new Float32Array(along.length * size);
    rows.forEach((row, i) => {
      table.set(row, i * size);
    });
    const order = x.shape
      .map((_, i) => i)
      .with(axis, x.rank - 1)
      .with(-1, axis);
    const lines = x.transpose(order);
    const taken = matMul(
      lines.reshape([-1, size]),
      tensor(table, [along.length, size]),
      false,
      true,
    );
    return taken.reshape(lines.shape.with(-1, along.length)).transpose(order);
  };
}

/** Cubic convolution (Keys, 1981) of the four elements around each place; those beyond an end are the last ones there. */
function cubicAlong(
  x: AnyTensor,
  axis: number,
  along: readonly number[],
  a: number,
  excludesOutside: boolean,
): AnyTensor {
  const size = sizeOf(x.shape, axis);
  const taps = [-1, 0, 1, 2];
  const weights = along.map((place) => {
    const begin = Math.floor(place);
    const each = taps.map((tap) => {
      const isOutside = begin + tap < 0 || begin + tap >= size;
      return excludesOutside && isOutside ? 0 : cubic(Math.abs(place - begin - tap), a);
    });
    const total = each.reduce((sum, weight) => sum + weight);
    return each.map((weight) => weight / total);
  });
  const parts = taps.map((tap, i) => {
    const weight = Float32Array.from(weights, (each) => sizeOf(each, i));
    const shape = x.shape.map((_, k) => (k === axis ? weight.length : 1));
    const there = along.map((place) => Math.floor(place) + tap);
    return pickAlong(x, axis, there).mul(tensor(weight, shape));
  });
  return parts.reduce((sum, part) => sum.add(part));
}

function cubic(distance: number, a: number): number {
  if (distance <= 1) return (a + 2) * distance ** 3 - (a + 3) * distance ** 2 + 1;
  return distance < 2 ? a * (distance ** 3 - 5 * distance ** 2 + 8 * distance - 4) : 0;
}

/** What brings axes to other sizes. */
export const resizeOperators: Readonly<Record<string, Operator>> = {
  Resize: resize,
  Upsample: (call) =>
    resized(call, {
      place: asymmetric,
      take: takerOf(call, 'floor'),
      scales: call.known(1) ?? call.floats('scales') ?? [],
      sizes: [],
    }),
};

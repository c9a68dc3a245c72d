import { tensor } from '../../../../tensor/ops/creation.ts';
import { sizeOf } from '../../../../tensor/shape.ts';
import type { AnyTensor } from '../../../../tensor/tensor.ts';
import type { Operator, OperatorCall, Outputs } from './call.ts';
import { hostTensor } from './host-values.ts';

// What comes out of these has a shape that depends on values: those of the inputs have to be at hand.

type Numbers = readonly number[];

/** The slices, or elements, that a condition chooses. */
function compress(call: OperatorCall): AnyTensor {
  const chosen = (call.known(1) ?? []).flatMap((isChosen, i) => (isChosen ? [i] : []));
  const places = tensor(Int32Array.from(chosen), [chosen.length]);
  const axis = call.int('axis');
  return axis === undefined ? call.x.reshape([-1]).gather(places, 0) : call.x.gather(places, axis);
}

/** The positions of what is not 0, a row an axis. */
function nonZero(call: OperatorCall): AnyTensor {
  const { shape } = call.x;
  const places = (call.known(0) ?? []).flatMap((value, i) => (value === 0 ? [] : [i]));
  const rows = shape.map((size, axis) => {
    const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    return places.map((place) => Math.floor(place / stride) % size);
  });
  return hostTensor(rows.flat(), [shape.length, places.length], 'i32');
}

/** The different elements, or slices along an axis, in order or as they come; where each comes first, which each is, and how often. */
function unique(call: OperatorCall): Outputs {
  const axis = call.int('axis');
  const x = axis === undefined ? call.x.reshape([-1]) : call.x;
  const along = axis === undefined ? 0 : axis < 0 ? axis + x.rank : axis;
  const slices = slicesOf(call.known(0) ?? [], x.shape, along);
  const groups = new Map<string, number[]>();
  slices.forEach((slice, i) => {
    const key = slice.join();
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  });
  const found = [...groups.values()];
  const first = (group: Numbers) => slices[sizeOf(group, 0)] ?? [];
  if (call.flag('sorted', true)) found.sort((a, b) => compare(first(a), first(b)));
  const of: number[] = [];
  found.forEach((group, i) => {
    for (const place of group) of[place] = i;
  });
  const whole = (values: Numbers) => hostTensor(values, [values.length], 'i32');
  const firsts = whole(found.map((group) => sizeOf(group, 0)));
  return [x.gather(firsts, along), firsts, whole(of), whole(found.map(({ length }) => length))];
}

/** The elements of each slice along an axis. */
function slicesOf(values: Numbers, shape: Numbers, axis: number): number[][] {
  const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
  const size = sizeOf(shape, axis);
  const slices = Array.from({ length: size }, (): number[] => []);
  for (const [i, value] of values.entries()) slices[Math.floor(i / inner) % size]?.push(value);
  return slices;
}

/** Which comes first: by the first elements that differ. */
function compare(a: Numbers, b: Numbers): number {
  const at = a.findIndex((value, i) => value !== b[i]);
  return at < 0 ? 0 : sizeOf(a, at) - sizeOf(b, at);
}

/** What has a shape that depends on values. */
export const valueOperators: Readonly<Record<string, Operator>> = {
  Compress: compress,
  NonZero: nonZero,
  Unique: unique,
};

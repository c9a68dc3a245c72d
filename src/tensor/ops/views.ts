import { requireList, shown } from '../../arguments.ts';
import { ShapeError } from '../../errors.ts';
import type { Attributes, AxisMap } from '../../graph/operation.ts';
import type { DType } from '../../kernels/dtype.ts';
import { product } from '../../kernels/launch.ts';
import { apply, type NoAttributes, type Op } from '../op.ts';
import {
  checkShape,
  expandedAxes,
  normalizeAxes,
  normalizeAxis,
  requireDimensions,
  sameShape,
  sizeOf,
} from '../shape.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { checkValue, full } from './creation.ts';

/** For each axis a bound; undefined where it is taken from or to the end. */
type Bounds = readonly (number | undefined)[];

/** For each axis how much is added before and after it. */
export type Widths = readonly (readonly [before: number, after: number])[];

const through = (axis: number): AxisMap => ({ axis, step: 1, start: 0 });

type View<A extends Attributes = NoAttributes, N extends string = never> = Op<[x: AnyTensor], A, N>;

const reshapeOp: View = {
  name: 'reshape',
  lowering: { kind: 'view', map: () => ({ kind: 'reshape' }) },
  vjp: (g, { inputs: [x] }) => [reshape(g, x.shape)],
};

const expandOp: View<{ readonly extra: number; readonly repeated: readonly boolean[] }> = {
  name: 'expand',
  lowering: {
    kind: 'view',
    map: ({ extra, repeated }, input) => ({
      kind: 'axes',
      axes: input.map((_, i) =>
        repeated[i] ? { axis: -1, step: 0, start: 0 } : through(i + extra),
      ),
    }),
  },
  vjp: (g, { inputs: [x] }) => [sumTo(g, x.shape)],
};

const transposeOp: View<{ readonly permutation: readonly number[] }> = {
  name: 'transpose',
  lowering: {
    kind: 'view',
    map: ({ permutation }, input) => ({
      kind: 'axes',
      axes: input.map((_, i) => through(permutation.indexOf(i))),
    }),
  },
  vjp: (g, { attributes: { permutation } }) => [transpose(g, inverse(permutation))],
};

const sliceOp: View<{ readonly starts: readonly number[]; readonly steps: readonly number[] }> = {
  name: 'slice',
  lowering: {
    kind: 'view',
    map: ({ starts, steps }) => ({
      kind: 'axes',
      axes: starts.map((start, axis) => ({ axis, start, step: steps[axis] ?? 1 })),
    }),
  },
  vjp: (g, { inputs: [x], attributes: { starts, steps } }) => [unslice(g, x.shape, starts, steps)],
};

const flipOp: View<{ readonly axes: readonly number[] }> = {
  name: 'flip',
  lowering: {
    kind: 'view',
    map: ({ axes }, input) => ({
      kind: 'axes',
      axes: input.map((size, axis) =>
        axes.includes(axis) ? { axis, step: -1, start: size - 1 } : through(axis),
      ),
    }),
  },
  vjp: (g, { attributes: { axes } }) => [flip(g, axes)],
};

const padOp: View<{ readonly padding: Widths }, 'value'> = {
  name: 'pad',
  lowering: {
    kind: 'view',
    map: ({ padding }) => ({
      kind: 'axes',
      axes: padding.map(([low], axis) => ({ axis, step: 1, start: -low })),
      pads: true,
    }),
  },
  vjp: (g, { inputs: [x], attributes: { padding } }) => {
    const starts = padding.map(([low]) => low);
    const ends = x.shape.map((size, axis) => sizeOf(starts, axis) + size);
    return [slice(g, starts, ends)];
  },
};

/**
 * The elements in another shape of the same size; one dimension may be −1 and is found.
 * @throws ShapeError where the sizes differ, or −1 stands beside a 0.
 */
export function reshape<D extends DType>(
  x: Tensor<Shape, D>,
  shape: readonly number[],
): Tensor<Shape, D> {
  requireDimensions('reshape', shape);
  const wanted = [...shape];
  const unknown = wanted.indexOf(-1);
  if (unknown >= 0) {
    const rest = wanted.reduce((a, b, i) => (i === unknown ? a : a * b), 1);
    if (rest === 0) {
      throw new ShapeError(
        `reshape: the -1 in [${shape}] could be any size beside a 0. Give a number for it.`,
      );
    }
    wanted[unknown] = x.size / rest;
  }
  if (wanted.some((size) => !Number.isInteger(size) || size < 0) || product(wanted) !== x.size) {
    throw new ShapeError(
      `reshape: [${x.shape}] has ${x.size} elements, which do not fill [${shape.map(shown)}]. ` +
        'The sizes must multiply to the same number; one of them may be -1.',
    );
  }
  if (sameShape(x.shape, wanted)) return x;
  return apply(reshapeOp, [x], { shape: wanted, dtype: x.dtype });
}

/**
 * `x` repeated to a shape it broadcasts to.
 * @throws ShapeError where it does not.
 */
export function expandTo<D extends DType>(
  x: Tensor<Shape, D>,
  shape: readonly number[],
): Tensor<Shape, D> {
  checkShape('expand', shape);
  if (sameShape(x.shape, shape)) return x;
  const extra = shape.length - x.rank;
  const fits = extra >= 0 && x.shape.every((size, i) => size === 1 || size === shape[i + extra]);
  if (!fits) {
    throw new ShapeError(
      `expand: [${x.shape}] does not expand to [${shape}]: aligned at the end, each dimension must be equal or 1.`,
    );
  }
  const repeated = x.shape.map((size, i) => size === 1 && shape[i + extra] !== 1);
  return apply(expandOp, [x], { shape: [...shape], dtype: x.dtype }, { extra, repeated });
}

/** The inverse of broadcasting: sums what had been repeated. */
export function sumTo(x: Tensor, shape: readonly number[]): Tensor {
  if (sameShape(x.shape, shape)) return x;
  return reshape(x.sum(expandedAxes(shape, x.shape)), shape);
}

/**
 * The axes in another order; reversed when none is given.
 * @throws ShapeError where the permutation does not name each axis once.
 */
export function transpose<D extends DType>(
  x: Tensor<Shape, D>,
  permutation?: readonly number[],
): Tensor<Shape, D> {
  if (permutation !== undefined) requireList('transpose', permutation, 'axes, such as [1, 0]');
  const order = (permutation ?? x.shape.map((_, i) => x.rank - 1 - i)).map((axis) =>
    normalizeAxis('transpose', axis, x.rank),
  );
  if (order.length !== x.rank || new Set(order).size !== x.rank) {
    throw new ShapeError(
      `transpose: [${permutation}] must name each of the ${x.rank} axes of [${x.shape}] once.`,
    );
  }
  if (order.every((axis, i) => axis === i)) return x;
  const shape = order.map((axis) => sizeOf(x.shape, axis));
  return apply(transposeOp, [x], { shape, dtype: x.dtype }, { permutation: order });
}

/** Matrices [..., m, n] as [..., n, m]. */
export function matrixTranspose<D extends DType>(x: Tensor<Shape, D>): Tensor<Shape, D> {
  const axes = [...x.shape.keys()];
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

function inverse(permutation: readonly number[]): number[] {
  return permutation.map((_, i) => permutation.indexOf(i));
}

/**
 * The part from `starts` to before `ends`, every `steps`-th element, backwards where a step is negative.
 * Negative bounds count from the end and bounds beyond an end are cut, as in NumPy; axes and bounds that
 * are left out are taken whole.
 * @throws ShapeError where there are more bounds than axes, or a step is 0 or no whole number.
 */
export function slice<D extends DType>(
  x: Tensor<Shape, D>,
  starts: Bounds,
  ends: Bounds = [],
  steps: readonly number[] = [],
): Tensor<Shape, D> {
  for (const list of [starts, ends, steps]) requireList('slice', list, 'bounds, such as [0]');
  if (Math.max(starts.length, ends.length, steps.length) > x.rank) {
    throw new ShapeError(`slice: more bounds than the ${x.rank} axes of [${x.shape}].`);
  }
  if ([...starts, ...ends].some((bound) => bound !== undefined && !Number.isInteger(bound))) {
    throw new ShapeError(
      `slice: bounds [${starts.map(shown)}] and [${ends.map(shown)}] must be whole numbers.`,
    );
  }
  const by = x.shape.map((_, i) => steps[i] ?? 1);
  if (by.some((step) => !Number.isInteger(step) || step === 0)) {
    throw new ShapeError(`slice: steps [${steps}] must be whole numbers, and not 0.`);
  }
  // Backwards, the first place is the last element, and what is before the first element is -1.
  const bound = (value: number | undefined, size: number, back: boolean, whole: number) => {
    if (value === undefined) return whole;
    const [least, most] = back ? [-1, size - 1] : [0, size];
    return Math.min(Math.max(value < 0 ? value + size : value, least), most);
  };
  const from: number[] = [];
  const shape = x.shape.map((size, i) => {
    const step = sizeOf(by, i);
    const back = step < 0;
    const start = bound(starts[i], size, back, back ? size - 1 : 0);
    from.push(start);
    return Math.max(0, Math.ceil((bound(ends[i], size, back, back ? -1 : size) - start) / step));
  });
  if (sameShape(shape, x.shape) && by.every((step) => step > 0)) return x;
  return apply(sliceOp, [x], { shape, dtype: x.dtype }, { starts: from, steps: by });
}

/** Puts a slice back where it came from, among zeros. */
export function unslice(
  g: Tensor,
  shape: readonly number[],
  starts: readonly number[],
  steps: readonly number[],
): Tensor {
  const backwards = steps.flatMap((step, axis) => (step < 0 ? [axis] : []));
  let spread: Tensor = flip(g, backwards);
  steps.forEach((step, axis) => {
    if (Math.abs(step) > 1) spread = dilate(spread, axis, Math.abs(step));
  });
  return pad(
    spread,
    shape.map((size, axis) => {
      const step = Math.min(0, sizeOf(steps, axis));
      const low = Math.max(0, sizeOf(starts, axis) + step * (sizeOf(g.shape, axis) - 1));
      return [low, size - low - sizeOf(spread.shape, axis)] as const;
    }),
  );
}

/** `step − 1` zeros between neighbours along an axis. */
function dilate(x: Tensor, axis: number, step: number): Tensor {
  const size = sizeOf(x.shape, axis);
  const before = x.shape.slice(0, axis);
  const after = x.shape.slice(axis + 1);
  const none = [0, 0] as const;
  const widths = [
    ...before.map(() => none),
    none,
    [0, step - 1] as const,
    ...after.map(() => none),
  ];
  const wide = pad(reshape(x, [...before, size, 1, ...after]), widths);
  const joined = reshape(wide, [...before, size * step, ...after]);
  return slice(joined, [], [...before.map(() => undefined), Math.max(0, (size - 1) * step + 1)]);
}

/**
 * The elements in reverse order along some axes (all, if none is given).
 * @throws ShapeError where there is no such axis.
 */
export function flip<D extends DType>(
  x: Tensor<Shape, D>,
  axes?: number | readonly number[],
): Tensor<Shape, D> {
  const list = normalizeAxes('flip', axes, x.rank);
  return list.length === 0
    ? x
    : apply(flipOp, [x], { shape: x.shape, dtype: x.dtype }, { axes: list });
}

/** @throws ShapeError where they are not two widths for each of the axes, of which the sizes are given. */
export function requireWidths(op: string, padding: Widths, sizes: readonly number[]): void {
  const isPair = (pair: readonly number[]) =>
    Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0);
  if (Array.isArray(padding) && padding.length === sizes.length && padding.every(isPair)) return;
  throw new ShapeError(
    `${op}: needs [before, after], whole numbers of 0 or more, for each of the ${sizes.length} axes of [${sizes}]; got ${shown(padding)}.`,
  );
}

/**
 * `value` added around the tensor: for each axis how much before and after.
 * @throws ShapeError where a width is negative or there is another number of axes.
 * @throws DTypeError where the dtype cannot hold the value.
 */
export function pad<D extends DType>(
  x: Tensor<Shape, D>,
  padding: Widths,
  value = 0,
): Tensor<Shape, D> {
  requireWidths('pad', padding, x.shape);
  checkValue('pad', value, x.dtype);
  if (padding.every(([low, high]) => low === 0 && high === 0)) return x;
  const shape = x.shape.map((size, i) => size + (padding[i]?.[0] ?? 0) + (padding[i]?.[1] ?? 0));
  if (x.size === 0) return full(shape, value, { dtype: x.dtype });
  return apply(
    padOp,
    [x],
    { shape, dtype: x.dtype },
    { padding: padding.map((widths) => [...widths] as const) },
    { value },
  );
}

/**
 * Removes axes of size 1: the given ones, or all.
 * @throws ShapeError where one is longer.
 */
export function squeeze<D extends DType>(
  x: Tensor<Shape, D>,
  axes?: number | readonly number[],
): Tensor<Shape, D> {
  const chosen = axes === undefined ? undefined : normalizeAxes('squeeze', axes, x.rank);
  const long = chosen?.find((axis) => x.shape[axis] !== 1);
  if (long !== undefined) {
    throw new ShapeError(`squeeze: axis ${long} of [${x.shape}] has size ${x.shape[long]}, not 1.`);
  }
  return reshape(
    x,
    x.shape.filter((size, i) => (chosen ? !chosen.includes(i) : size !== 1)),
  );
}

/** Adds an axis of size 1 at a place. */
export function unsqueeze<D extends DType>(x: Tensor<Shape, D>, axis: number): Tensor<Shape, D> {
  const at = normalizeAxis('unsqueeze', axis, x.rank + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

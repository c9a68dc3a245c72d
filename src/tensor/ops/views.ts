import { ShapeError } from '../../errors.ts';
import type { AxisMap } from '../../graph/operation.ts';
import { product } from '../../kernels/launch.ts';
import type { Op } from '../op.ts';
import { checkShape, expandedAxes, normalizeAxes, normalizeAxis, sameShape } from '../shape.ts';
import { type AnyTensor, apply } from '../tensor.ts';
import { checkValue, full } from './creation.ts';

const through = (axis: number): AxisMap => ({ axis, step: 1, start: 0 });

const reshapeOp: Op = {
  name: 'reshape',
  lowering: { kind: 'view', map: () => ({ kind: 'reshape' }) },
  vjp: (g, { inputs: [x] }) => [reshape(g, (x as AnyTensor).shape)],
};

const expandOp: Op = {
  name: 'expand',
  lowering: {
    kind: 'view',
    map: ({ extra, repeated }: { extra: number; repeated: boolean[] }, input) => ({
      kind: 'axes',
      axes: input.map((_, i) =>
        repeated[i] ? { axis: -1, step: 0, start: 0 } : through(i + extra),
      ),
    }),
  },
  vjp: (g, { inputs: [x] }) => [sumTo(g, (x as AnyTensor).shape)],
};

const transposeOp: Op = {
  name: 'transpose',
  lowering: {
    kind: 'view',
    map: ({ permutation }: { permutation: number[] }, input) => ({
      kind: 'axes',
      axes: input.map((_, i) => through(permutation.indexOf(i))),
    }),
  },
  vjp: (g, { attributes: { permutation } }) => [transpose(g, inverse(permutation))],
};

const sliceOp: Op = {
  name: 'slice',
  lowering: {
    kind: 'view',
    map: ({ starts, steps }: { starts: number[]; steps: number[] }) => ({
      kind: 'axes',
      axes: starts.map((start, axis) => ({ axis, start, step: steps[axis] as number })),
    }),
  },
  vjp: (g, { inputs: [x], attributes: { starts, steps } }) => [
    unslice(g, (x as AnyTensor).shape, starts, steps),
  ],
};

const flipOp: Op = {
  name: 'flip',
  lowering: {
    kind: 'view',
    map: ({ axes }: { axes: number[] }, input) => ({
      kind: 'axes',
      axes: input.map((size, axis) =>
        axes.includes(axis) ? { axis, step: -1, start: size - 1 } : through(axis),
      ),
    }),
  },
  vjp: (g, { attributes: { axes } }) => [flip(g, axes)],
};

const padOp: Op = {
  name: 'pad',
  lowering: {
    kind: 'view',
    map: ({ padding }: { padding: [number, number][] }) => ({
      kind: 'axes',
      axes: padding.map(([low], axis) => ({ axis, step: 1, start: -low })),
      pads: true,
    }),
  },
  vjp: (g, { inputs: [x], attributes: { padding } }) => {
    const starts = padding.map(([low]: [number, number]) => low);
    const { shape } = x as AnyTensor;
    return [
      slice(
        g,
        starts,
        starts.map((low: number, axis: number) => low + (shape[axis] as number)),
      ),
    ];
  },
};

/** The elements in another shape of the same size; one dimension may be −1 and is found. */
export function reshape(x: AnyTensor, shape: readonly number[]): AnyTensor {
  const wanted = [...shape];
  const unknown = wanted.indexOf(-1);
  if (unknown >= 0) {
    const rest = wanted.reduce((a, b, i) => (i === unknown ? a : a * b), 1);
    wanted[unknown] = rest === 0 ? 0 : x.size / rest;
  }
  if (wanted.some((size) => !Number.isInteger(size) || size < 0) || product(wanted) !== x.size) {
    throw new ShapeError(
      `reshape: [${x.shape}] has ${x.size} elements, which do not fill [${shape}]. ` +
        'The sizes must multiply to the same number; one of them may be -1.',
    );
  }
  if (sameShape(x.shape, wanted)) return x;
  return apply(reshapeOp, [x], { shape: wanted, dtype: x.dtype });
}

/** `x` repeated to a shape it broadcasts to. @throws ShapeError when it does not. */
export function expandTo(x: AnyTensor, shape: readonly number[]): AnyTensor {
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
export function sumTo(x: AnyTensor, shape: readonly number[]): AnyTensor {
  if (sameShape(x.shape, shape)) return x;
  return reshape(x.sum(expandedAxes(shape, x.shape)), shape);
}

/** The axes in another order; reversed when none is given. */
export function transpose(x: AnyTensor, permutation?: readonly number[]): AnyTensor {
  const order = (permutation ?? x.shape.map((_, i) => x.rank - 1 - i)).map((axis) =>
    normalizeAxis('transpose', axis, x.rank),
  );
  if (order.length !== x.rank || new Set(order).size !== x.rank) {
    throw new ShapeError(
      `transpose: [${permutation}] must name each of the ${x.rank} axes of [${x.shape}] once.`,
    );
  }
  if (order.every((axis, i) => axis === i)) return x;
  const shape = order.map((axis) => x.shape[axis] as number);
  return apply(transposeOp, [x], { shape, dtype: x.dtype }, { permutation: order });
}

function inverse(permutation: readonly number[]): number[] {
  return permutation.map((_, i) => permutation.indexOf(i));
}

/**
 * The part from `starts` to before `ends`, every `steps`-th element. Negative bounds count from
 * the end and bounds beyond an end are cut, as in NumPy; axes left out are taken whole.
 */
export function slice(
  x: AnyTensor,
  starts: readonly number[],
  ends: readonly (number | undefined)[] = [],
  steps: readonly number[] = [],
): AnyTensor {
  if (Math.max(starts.length, ends.length, steps.length) > x.rank) {
    throw new ShapeError(`slice: more bounds than the ${x.rank} axes of [${x.shape}].`);
  }
  if ([...starts, ...ends].some((bound) => bound !== undefined && !Number.isInteger(bound))) {
    throw new ShapeError(`slice: bounds [${starts}] and [${ends}] must be whole numbers.`);
  }
  const bound = (value: number, size: number) =>
    Math.min(Math.max(value < 0 ? value + size : value, 0), size);
  const from = x.shape.map((size, i) => bound(starts[i] ?? 0, size));
  const by = x.shape.map((_, i) => steps[i] ?? 1);
  if (by.some((step) => !Number.isInteger(step) || step < 1)) {
    throw new ShapeError(
      `slice: steps [${steps}] must be whole numbers of 1 or more; use flip to go backwards.`,
    );
  }
  const shape = x.shape.map((size, i) => {
    const length = bound(ends[i] ?? size, size) - (from[i] as number);
    return Math.max(0, Math.ceil(length / (by[i] as number)));
  });
  if (sameShape(shape, x.shape)) return x;
  return apply(sliceOp, [x], { shape, dtype: x.dtype }, { starts: from, steps: by });
}

/** Puts a slice back where it came from, among zeros. */
function unslice(
  g: AnyTensor,
  shape: readonly number[],
  starts: readonly number[],
  steps: readonly number[],
): AnyTensor {
  let spread = g;
  steps.forEach((step, axis) => {
    if (step > 1) spread = dilate(spread, axis, step);
  });
  return pad(
    spread,
    shape.map((size, axis) => {
      const low = starts[axis] as number;
      return [low, size - low - (spread.shape[axis] as number)] as const;
    }),
  );
}

/** `step − 1` zeros between neighbours along an axis. */
function dilate(x: AnyTensor, axis: number, step: number): AnyTensor {
  const size = x.shape[axis] as number;
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

/** The elements in reverse order along some axes (all, if none is given). */
export function flip(x: AnyTensor, axes?: number | readonly number[]): AnyTensor {
  const list = normalizeAxes('flip', axes, x.rank);
  return list.length === 0
    ? x
    : apply(flipOp, [x], { shape: x.shape, dtype: x.dtype }, { axes: list });
}

/**
 * `value` added around the tensor: for each axis how much before and after.
 * @throws ShapeError for negative widths or another number of axes.
 */
export function pad(
  x: AnyTensor,
  padding: readonly (readonly [number, number])[],
  value = 0,
): AnyTensor {
  if (padding.length !== x.rank || padding.flat().some((n) => !Number.isInteger(n) || n < 0)) {
    throw new ShapeError(
      `pad: needs [before, after], whole numbers of 0 or more, for each of the ${x.rank} axes of [${x.shape}]; got ${JSON.stringify(padding)}.`,
    );
  }
  checkValue('pad', value, x.dtype);
  if (padding.every(([low, high]) => low === 0 && high === 0)) return x;
  const shape = x.shape.map((size, i) => size + (padding[i]?.[0] ?? 0) + (padding[i]?.[1] ?? 0));
  if (x.size === 0) return full(shape, value, { dtype: x.dtype });
  return apply(padOp, [x], { shape, dtype: x.dtype }, { padding }, [value]);
}

/** Removes axes of size 1: the given ones, or all. @throws ShapeError where one is longer. */
export function squeeze(x: AnyTensor, axes?: number | readonly number[]): AnyTensor {
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
export function unsqueeze(x: AnyTensor, axis: number): AnyTensor {
  const at = normalizeAxis('unsqueeze', axis, x.rank + 1);
  return reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
}

/**
 * Index arithmetic of views. Within a fused kernel every value is wanted at some function of the
 * kernel's output coordinates; as long as views only slice, permute, expand, flip, pad and merge
 * axes, that function is affine: `offset + Σ coefficients[i] · coordinate[i]`.
 */
export interface Affine {
  readonly offset: number;
  readonly coefficients: readonly number[];
}

/**
 * Where a node's element lies, seen from the kernel's output: one affine function an axis, or,
 * past a reshape that splits axes, only the position in row-major order.
 */
export interface Placement {
  readonly axes: readonly Affine[] | undefined;
  readonly flat: Affine;
}

export function constant(offset: number, rank: number): Affine {
  return { offset, coefficients: new Array<number>(rank).fill(0) };
}

/** `start + step · a` */
export function scaled(a: Affine, step: number, start: number): Affine {
  return { offset: start + step * a.offset, coefficients: a.coefficients.map((c) => c * step) };
}

/** An axis of a tensor, and where along it an element lies. */
interface Axis {
  readonly size: number;
  readonly at: Affine;
}

/** The position in row-major order over axes. */
function flattened(axes: readonly Axis[], rank: number): Affine {
  // Horner's rule, outermost axis first.
  return axes.reduce((flat, { size, at }) => plus(scaled(flat, size, 0), at), constant(0, rank));
}

function plus(a: Affine, b: Affine): Affine {
  return {
    offset: a.offset + b.offset,
    coefficients: a.coefficients.map((c, i) => c + (b.coefficients[i] ?? 0)),
  };
}

/** The placement of a tensor whose axes are found by functions of an output of `rank` axes. */
export function placement(axes: readonly Axis[], rank: number): Placement {
  return { axes: axes.map(({ at }) => at), flat: flattened(axes, rank) };
}

/** The kernel's output itself. */
export function identity(shape: readonly number[]): Placement {
  const rank = shape.length;
  const axes = shape.map((size, i) => ({
    size,
    at: { offset: 0, coefficients: shape.map((_, j) => (i === j ? 1 : 0)) },
  }));
  return placement(axes, rank);
}

/**
 * The placement of a reshape's input. Axes that stay, vanish (size 1) or merge keep affine
 * functions; where an axis was split, only the flat position is known.
 */
export function throughReshape(
  from: Placement,
  output: readonly number[],
  input: readonly number[],
): Placement {
  const rank = from.flat.coefficients.length;
  const outer = from.axes?.map((at, i) => ({ at, size: output[i] ?? 1 }));
  return { axes: outer && inputAxes(outer, input, rank), flat: from.flat };
}

function inputAxes(
  output: readonly Axis[],
  input: readonly number[],
  rank: number,
): Affine[] | undefined {
  const rest = output.values();
  const result: Affine[] = [];
  for (const size of input) {
    // Collect the output axes that make up this input axis, outermost first.
    const group: Axis[] = [];
    let covered = 1;
    while (covered < size) {
      const next = rest.next();
      if (next.done) return undefined;
      covered *= next.value.size;
      group.push(next.value);
    }
    if (covered !== size) return undefined;
    result.push(flattened(group, rank));
  }
  return result;
}

/**
 * Merges neighbouring axes of the kernel's output wherever all functions walk through both as
 * through one, and drops axes of size 1: fewer divisions in the kernel.
 */
export function collapse(
  shape: readonly number[],
  functions: readonly Affine[],
): { shape: number[]; functions: Affine[] } {
  /** The axes that are left, and how far each function steps along them. */
  const kept: { readonly size: number; readonly steps: readonly number[] }[] = [];
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const steps = functions.map(({ coefficients }) => coefficients[axis] ?? 0);
    const last = kept.at(-1);
    const merges = last?.steps.every((step, i) => step === (steps[i] ?? 0) * size);
    if (last && merges) kept.splice(-1, 1, { size: last.size * size, steps });
    else kept.push({ size, steps });
  });
  if (kept.length === 0) kept.push({ size: 1, steps: functions.map(() => 0) });
  return {
    shape: kept.map(({ size }) => size),
    functions: functions.map(({ offset }, i) => ({
      offset,
      coefficients: kept.map(({ steps }) => steps[i] ?? 0),
    })),
  };
}

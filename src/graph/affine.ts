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

export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i] as number;
  }
  return strides;
}

export function constant(offset: number, rank: number): Affine {
  return { offset, coefficients: new Array<number>(rank).fill(0) };
}

/** `start + step · a` */
export function scaled(a: Affine, step: number, start: number): Affine {
  return { offset: start + step * a.offset, coefficients: a.coefficients.map((c) => c * step) };
}

function sum(terms: readonly Affine[], rank: number): Affine {
  const coefficients = new Array<number>(rank).fill(0);
  let offset = 0;
  for (const term of terms) {
    offset += term.offset;
    term.coefficients.forEach((c, i) => {
      coefficients[i] = (coefficients[i] as number) + c;
    });
  }
  return { offset, coefficients };
}

/** The placement of a tensor of this shape whose axes are found by `axes`. */
export function placement(
  axes: readonly Affine[],
  shape: readonly number[],
  rank: number,
): Placement {
  const strides = rowMajorStrides(shape);
  return {
    axes,
    flat: sum(
      axes.map((axis, i) => scaled(axis, strides[i] as number, 0)),
      rank,
    ),
  };
}

/** The kernel's output itself. */
export function identity(shape: readonly number[]): Placement {
  const rank = shape.length;
  const axes = shape.map((_, i) => ({
    offset: 0,
    coefficients: shape.map((_, j) => (i === j ? 1 : 0)),
  }));
  return placement(axes, shape, rank);
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
  const axes = from.axes && inputAxes(from.axes, output, input, from.flat.coefficients.length);
  return { axes, flat: from.flat };
}

function inputAxes(
  axes: readonly Affine[],
  output: readonly number[],
  input: readonly number[],
  rank: number,
): Affine[] | undefined {
  const result: Affine[] = [];
  let o = 0;
  for (const size of input) {
    if (size === 1) {
      result.push(constant(0, rank));
      continue;
    }
    // Collect the output axes that make up this input axis, outermost first.
    const group: number[] = [];
    let covered = 1;
    while (covered < size && o < output.length) {
      covered *= output[o] as number;
      group.push(o++);
    }
    if (covered !== size) return undefined;
    const strides = rowMajorStrides(group.map((axis) => output[axis] as number));
    const terms = group.map((axis, i) => scaled(axes[axis] as Affine, strides[i] as number, 0));
    result.push(sum(terms, rank));
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
  const sizes: number[] = [];
  const kept: number[][] = functions.map(() => []);
  shape.forEach((size, axis) => {
    if (size === 1) return;
    const last = sizes.length - 1;
    const merges =
      last >= 0 &&
      functions.every(
        (f, i) => (kept[i] as number[])[last] === (f.coefficients[axis] as number) * size,
      );
    if (merges) sizes[last] = (sizes[last] as number) * size;
    else sizes.push(size);
    functions.forEach((f, i) => {
      (kept[i] as number[])[sizes.length - 1] = f.coefficients[axis] as number;
    });
  });
  if (sizes.length === 0) {
    sizes.push(1);
    for (const list of kept) list.push(0);
  }
  const collapsed = functions.map((f, i) => ({
    offset: f.offset,
    coefficients: kept[i] as number[],
  }));
  return { shape: sizes, functions: collapsed };
}

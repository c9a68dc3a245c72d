import { requireList, shown } from '../../arguments.ts';
import { DTypeError, ShapeError } from '../../errors.ts';
import { packedLayout } from '../../graph/pack.ts';
import type { DType } from '../../kernels/dtype.ts';
import { apply, type Op } from '../op.ts';
import { requireTensor } from '../require-dtype.ts';
import { normalizeAxis, sameShape, sizeOf } from '../shape.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { pad, reshape, slice, unsqueeze } from './views.ts';

// Not a sum, which would make 0 of −0: the bits of one are those of the padding, which are zeros.
const joinOp: Op<[a: AnyTensor, b: AnyTensor]> = {
  name: 'join',
  lowering: {
    kind: 'elementwise',
    wgsl: ([a, b]: [string, string], dtype) =>
      dtype === 'f32'
        ? `bitcast<vec4<f32>>(bitcast<vec4<u32>>(${a}) | bitcast<vec4<u32>>(${b}))`
        : `${a} | ${b}`,
  },
  vjp: (g) => [g, g],
};

// What `pack` is for optimizers, as an op: gradients flow through it.
const packOp: Op<readonly Tensor[], { readonly offsets: readonly number[] }> = {
  name: 'pack',
  lowering: { kind: 'pack' },
  vjp: (g, { inputs, attributes: { offsets } }) =>
    inputs.map((x, i) => {
      const start = sizeOf(offsets, i) / 4;
      return reshape(slice(g, [start], [start + x.size]), x.shape);
    }),
};

/** From so many parts on, each is written to its place; one pass over the whole asks of each element which part it is of. */
export const MANY_PARTS = 8;

/** Many parts of one size one behind the other in memory; undefined where they do not lie so. */
function packed(parts: readonly AnyTensor[], axis: number): Tensor | undefined {
  const [first] = parts;
  if (parts.length < MANY_PARTS || !first || first.size === 0) return undefined;
  const isApart = first.shape.slice(0, axis).some((size) => size !== 1);
  if (isApart || !parts.every((x): x is Tensor => x.dtype === 'f32' && x.size === first.size))
    return undefined;
  const { offsets, bytes } = packedLayout(parts);
  const flat = apply(packOp, parts, { shape: [bytes / 4], dtype: 'f32' }, { offsets });
  return slice(reshape(flat, [parts.length, -1]), [0, 0], [parts.length, first.size]);
}

function requireTensors<T extends AnyTensor>(op: string, tensors: readonly T[]) {
  requireList(op, tensors, 'tensors, such as [a, b]');
  for (const one of tensors) requireTensor(op, one);
  const [first, ...others] = tensors;
  if (!first) throw new ShapeError(`${op}: needs at least one tensor.`);
  return [first, ...others] as const;
}

/**
 * Tensors one behind the other along an axis, bit by bit as they are. Each is padded with zeros to the
 * whole, and the paddings are joined; the compiler of fused kernels makes one pass of it. Many parts
 * of one size along the first axis are written to their places instead.
 * @throws ShapeError where other axes differ.
 * @throws DTypeError where dtypes do.
 */
export function concat<D extends DType>(
  tensors: readonly Tensor<Shape, D>[],
  axis = 0,
): Tensor<Shape, D> {
  const [first] = requireTensors('concat', tensors);
  const at = normalizeAxis('concat', axis, first.rank);
  for (const { shape, dtype } of tensors) {
    const same =
      shape.length === first.rank && shape.every((size, i) => i === at || size === first.shape[i]);
    if (!same) {
      throw new ShapeError(
        `concat: [${first.shape}] and [${shape}] may differ along axis ${at} only.`,
      );
    }
    if (dtype !== first.dtype)
      throw new DTypeError(`concat: ${first.dtype} and ${dtype} differ. Cast one of them.`);
  }
  const packedParts = packed(tensors, at);
  if (packedParts) {
    return reshape(
      packedParts,
      first.shape.with(at, tensors.length * sizeOf(first.shape, at)),
    ) as AnyTensor as Tensor<Shape, D>;
  }
  const total = tensors.reduce((sum, { shape }) => sum + sizeOf(shape, at), 0);
  let before = 0;
  const parts = tensors.flatMap((x) => {
    const low = before;
    before += sizeOf(x.shape, at);
    const after = total - before;
    if (x.size === 0) return [];
    const widths = x.shape.map((_, axis): [number, number] =>
      axis === at ? [low, after] : [0, 0],
    );
    return [pad(x, widths)];
  });
  const shape = first.shape.with(at, total);
  return joined(parts) ?? zeros(shape, { dtype: first.dtype });
}

/** A balanced tree: the expression's depth grows with the logarithm of the number of parts. */
function joined<D extends DType>(parts: readonly Tensor<Shape, D>[]): Tensor<Shape, D> | undefined {
  const [part] = parts;
  if (!part || parts.length === 1) return part;
  const half = parts.length >> 1;
  const [left, right] = [joined(parts.slice(0, half)), joined(parts.slice(half))];
  return left && right ? apply(joinOp, [left, right], part) : (left ?? right);
}

/**
 * Tensors of one shape side by side along a new axis.
 * @throws ShapeError where shapes differ.
 */
export function stack<D extends DType>(
  tensors: readonly Tensor<Shape, D>[],
  axis = 0,
): Tensor<Shape, D> {
  const [first] = requireTensors('stack', tensors);
  const odd = tensors.find(({ shape }) => !sameShape(shape, first.shape));
  if (odd) throw new ShapeError(`stack: [${first.shape}] and [${odd.shape}] must be equal.`);
  const at = normalizeAxis('stack', axis, first.rank + 1);
  return concat(
    tensors.map((x) => unsqueeze(x, at)),
    at,
  );
}

const MOST_EMPTY_PARTS = 1000;

/**
 * Parts of a tensor along an axis: a number of equal ones, or one of each given size.
 * @throws ShapeError where they do not make up the axis.
 */
export function split<D extends DType>(
  x: Tensor<Shape, D>,
  parts: number | readonly number[],
  axis = 0,
): Tensor<Shape, D>[] {
  requireTensor('split', x);
  const at = normalizeAxis('split', axis, x.rank);
  const size = sizeOf(x.shape, at);
  // An axis without elements has any number of parts, but not one that no list holds.
  const isMany = typeof parts === 'number' && parts > Math.max(size, MOST_EMPTY_PARTS);
  const sizes =
    typeof parts === 'number' && !isMany
      ? Array.from({ length: parts }, () => size / parts)
      : parts;
  if (
    !Array.isArray(sizes) ||
    sizes.length === 0 ||
    sizes.some((n) => !Number.isInteger(n) || n < 0) ||
    sizes.reduce((a, b) => a + b, 0) !== size
  ) {
    throw new ShapeError(
      `split: axis ${at} of [${x.shape}] has ${size} elements, not ${shown(parts)} parts of them.`,
    );
  }
  let start = 0;
  return sizes.map((length) => {
    const starts = x.shape.map((_, a) => (a === at ? start : 0));
    const ends = x.shape.map((n, a) => (a === at ? start + length : n));
    start += length;
    return slice(x, starts, ends);
  });
}

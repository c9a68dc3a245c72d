import { requireChoice } from '../arguments.ts';
import { DTypeError } from '../errors.ts';
import { type DType, dtypes } from '../kernels/dtype.ts';
import { notATensor } from './not-a-tensor.ts';
import type { Shape } from './shape-types.ts';
import { type AnyTensor, Tensor } from './tensor.ts';

/** @throws ArgumentError where it is something else, saying how to make a tensor of it. */
export function requireTensor(op: string, x: unknown): asserts x is AnyTensor {
  if (!(x instanceof Tensor)) throw notATensor(op, x);
}

/**
 * Refuses a tensor of a dtype that an op does not take.
 * @throws DTypeError where `accepts` does not list the dtype, naming the op and the cast to use.
 * @throws ArgumentError where it is no tensor at all.
 */
export function requireDType<D extends DType>(
  op: string,
  x: AnyTensor,
  accepts: readonly D[],
): asserts x is Tensor<Shape, D> {
  requireTensor(op, x);
  if (accepts.some((dtype) => dtype === x.dtype)) return;
  throw new DTypeError(
    `${op} takes ${accepts.join(' or ')}, got ${x.dtype}[${x.shape}]. Use cast('${accepts[0]}') first.`,
  );
}

/** @throws ArgumentError where it is no dtype: those of other libraries have other names. */
export function requireDTypeName(op: string, dtype: DType): void {
  if (Object.hasOwn(dtypes, dtype)) return;
  requireChoice(op, { dtype }, Object.keys(dtypes));
}

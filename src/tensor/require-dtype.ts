import { DTypeError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import type { Shape } from './shape-types.ts';
import type { AnyTensor, Tensor } from './tensor.ts';

/**
 * Refuses a tensor of a dtype that an op does not take.
 * @throws DTypeError where `accepts` does not list the dtype, naming the op and the cast to use.
 */
export function requireDType<D extends DType>(
  op: string,
  x: AnyTensor,
  accepts: readonly D[],
): asserts x is Tensor<Shape, D> {
  if (accepts.some((dtype) => dtype === x.dtype)) return;
  throw new DTypeError(
    `${op} takes ${accepts.join(' or ')}, got ${x.dtype}[${x.shape}]. Use cast('${accepts[0]}') first.`,
  );
}

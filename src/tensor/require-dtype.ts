import { DTypeError } from '../errors.ts';
import type { DType } from '../kernels/dtype.ts';
import type { AnyTensor } from './tensor.ts';

/**
 * Refuses a tensor of a dtype that an op does not take.
 * @throws DTypeError where `accepts` does not list the dtype, naming the op and the cast to use.
 */
export function requireDType(op: string, x: AnyTensor, accepts: readonly DType[]): void {
  if (accepts.includes(x.dtype)) return;
  throw new DTypeError(
    `${op} takes ${accepts.join(' or ')}, got ${x.dtype}[${x.shape}]. Use cast('${accepts[0]}') first.`,
  );
}

import type { DType } from '../../../kernels/dtype.ts';
import type { Shape } from '../../shape-types.ts';
import type { Tensor } from '../../tensor.ts';
import { binaryFunction } from './binary-op.ts';
import type { Value } from './unary-op.ts';

const quotient = binaryFunction('divNoNan', {
  wgsl: (a, b, dtype) => {
    const zero = `vec4<${dtype}>()`;
    return `select(${a} / ${b}, ${zero}, ${b} == ${zero})`;
  },
  vjp: (g, _, b, y): [Value, Value] => [divNoNan(g, b), divNoNan(g.mul(y), b).neg()],
});

/**
 * a / b, and 0 where b is 0, whatever a is; so are the gradients there. Operands broadcast, and b may be a
 * number.
 * @throws ShapeError where operands do not broadcast.
 * @throws DTypeError where they differ in dtype, or are bool or u8.
 */
export function divNoNan<D extends DType>(
  a: Tensor<Shape, D>,
  b: Tensor<Shape, NoInfer<D>> | number,
): Tensor<Shape, D> {
  return quotient(a, b) as Tensor<Shape, D>;
}

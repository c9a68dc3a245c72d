import { DTypeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import type { Op } from '../op.ts';
import { broadcastShapes } from '../shape.ts';
import type { Broadcast, Check, Shape, Valid } from '../shape-types.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { expandTo } from './views.ts';

const whereOp: Op = {
  name: 'where',
  lowering: { kind: 'elementwise', wgsl: ([test, yes, no]) => `select(${no}, ${yes}, ${test})` },
  vjp: (g, { inputs: [test] }) => {
    const none = zeros(g.shape);
    return [
      undefined,
      where(test as Tensor<Shape, 'bool'>, g, none),
      where(test as Tensor<Shape, 'bool'>, none, g),
    ];
  },
};

/**
 * `yes` where the condition holds, `no` elsewhere; all three broadcast.
 * @throws ShapeError, DTypeError when `yes` and `no` differ in dtype.
 */
export function where<C extends Shape, A extends Shape, B extends Shape, D extends DType>(
  condition: Tensor<C, 'bool'>,
  yes: Tensor<A, D> & Check<Broadcast<C, A>>,
  no: Tensor<B, D> & Check<Broadcast<A, B>>,
): Tensor<Valid<Broadcast<C, Valid<Broadcast<A, B>>>>, D> {
  const [a, b] = [yes as AnyTensor, no as AnyTensor];
  if (a.dtype !== b.dtype || (condition as AnyTensor).dtype !== 'bool') {
    throw new DTypeError(
      `where: needs a bool condition and two values of one dtype, got ${condition.dtype}, ${a.dtype} and ${b.dtype}.`,
    );
  }
  const shape = broadcastShapes(
    'where',
    condition.shape,
    broadcastShapes('where', a.shape, b.shape),
  );
  const inputs = [condition, a, b].map((x) => expandTo(x, shape));
  return apply(whereOp, inputs, { shape, dtype: a.dtype });
}

import { DTypeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import type { SameDType } from '../method-types.ts';
import { apply, type Op } from '../op.ts';
import { requireTensor } from '../require-dtype.ts';
import { broadcastShapes } from '../shape.ts';
import type { Broadcast, Called, Check, CheckBroadcast, Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';
import { zeros } from './creation.ts';
import { expandTo } from './views.ts';

const whereOp: Op<[test: Tensor<Shape, 'bool'>, yes: AnyTensor, no: AnyTensor]> = {
  name: 'where',
  lowering: { kind: 'elementwise', wgsl: ([test, yes, no]) => `select(${no}, ${yes}, ${test})` },
  vjp: (g, { inputs: [test] }) => {
    const none = zeros(g.shape);
    return [undefined, where(test, g, none), where(test, none, g)];
  },
};

/**
 * `yes` where the condition holds, `no` elsewhere; all three broadcast.
 * @throws ShapeError where they do not broadcast.
 * @throws DTypeError where `yes` and `no` differ in dtype, or the condition is not bool.
 */
export function where<
  C extends Shape,
  A extends Shape,
  B extends Shape,
  D extends DType,
  E extends DType,
  Call = Called,
>(
  condition: Tensor<C, E> & Check<SameDType<'bool', E>, Call>,
  yes: Tensor<A, D> & Check<CheckBroadcast<C, A>, Call>,
  no: Tensor<B, D> & Check<CheckBroadcast<A, B>, Call>,
): Tensor<Broadcast<C, Broadcast<A, B>>, D> {
  const [test, a, b]: [AnyTensor, AnyTensor, AnyTensor] = [condition, yes, no];
  for (const one of [test, a, b]) requireTensor('where', one);
  if (a.dtype !== b.dtype || test.dtype !== 'bool') {
    throw new DTypeError(
      `where: needs a bool condition and two values of one dtype, got ${condition.dtype}, ${a.dtype} and ${b.dtype}.`,
    );
  }
  const both = broadcastShapes('where', yes.shape, no.shape);
  const shape = broadcastShapes('where', condition.shape, both);
  const inputs = [
    expandTo(condition as Tensor<Shape, 'bool'>, shape),
    expandTo(a, shape),
    expandTo(b, shape),
  ] as const;
  return apply(whereOp, inputs, { shape, dtype: yes.dtype });
}

import { DTypeError } from '../../errors.ts';
import type { DType } from '../../kernels/dtype.ts';
import type { OperandDType, OperandShape, SameDType } from '../method-types.ts';
import { apply, type Op } from '../op.ts';
import { requireTensor } from '../require-dtype.ts';
import { broadcastShapes } from '../shape.ts';
import type { Broadcast, Called, Check, CheckBroadcast, Shape } from '../shape-types.ts';
import { type AnyTensor, Tensor } from '../tensor.ts';
import { checkValue, full, zeros } from './creation.ts';
import { expandTo } from './views.ts';

const whereOp: Op<[test: Tensor<Shape, 'bool'>, yes: AnyTensor, no: AnyTensor]> = {
  name: 'where',
  lowering: { kind: 'elementwise', wgsl: ([test, yes, no]) => `select(${no}, ${yes}, ${test})` },
  vjp: (g, { inputs: [test] }) => {
    const none = zeros(g.shape);
    return [undefined, where(test, g, none), where(test, none, g)];
  },
};

type Operand = number | AnyTensor;

/** The dtype of what is chosen from: that of the tensors among the two, f32 if both are numbers. */
type ChosenDType<A extends Operand, B extends Operand> = A extends number
  ? B extends number
    ? 'f32'
    : Exclude<B, number>['dtype']
  : Exclude<A, number>['dtype'];

/**
 * `yes` where the condition holds, `no` elsewhere; all three broadcast. Either may be a number, which
 * takes the dtype of the other; of two numbers it is f32.
 * @throws ShapeError where they do not broadcast.
 * @throws DTypeError where `yes` and `no` differ in dtype, or the condition is not bool, or a number is
 * none of the other's dtype.
 */
export function where<
  C extends Shape,
  E extends DType,
  A extends Operand,
  B extends Operand,
  Call = Called,
>(
  condition: Tensor<C, E> & Check<SameDType<'bool', E>, Call>,
  yes: A & Check<CheckBroadcast<C, OperandShape<A>>, Call>,
  no: B &
    Check<SameDType<OperandDType<A>, OperandDType<B>>, Call> &
    Check<CheckBroadcast<OperandShape<A>, OperandShape<B>>, Call>,
): Tensor<Broadcast<C, Broadcast<OperandShape<A>, OperandShape<B>>>, ChosenDType<A, B>> {
  const test: AnyTensor = condition;
  const [a, b] = [operand(yes, no), operand(no, yes)];
  for (const one of [test, a, b]) requireTensor('where', one);
  if (a.dtype !== b.dtype || test.dtype !== 'bool') {
    throw new DTypeError(
      `where: needs a bool condition and two values of one dtype, got ${condition.dtype}, ${a.dtype} and ${b.dtype}.`,
    );
  }
  const both = broadcastShapes('where', a.shape, b.shape);
  const shape = broadcastShapes('where', condition.shape, both);
  const inputs = [
    expandTo(condition as Tensor<Shape, 'bool'>, shape),
    expandTo(a, shape),
    expandTo(b, shape),
  ] as const;
  return apply(whereOp, inputs, { shape, dtype: a.dtype }) as never;
}

/** A number as a tensor of the dtype of what it is chosen beside. */
function operand(value: Operand, other: Operand): AnyTensor {
  if (typeof value !== 'number') return value;
  const dtype = other instanceof Tensor ? other.dtype : 'f32';
  checkValue('where', value, dtype);
  return full([], value, { dtype });
}

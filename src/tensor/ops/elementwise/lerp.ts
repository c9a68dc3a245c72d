import { requireNumber } from '../../../arguments.ts';
import { DTypeError } from '../../../errors.ts';
import type { OperandShape } from '../../method-types.ts';
import { apply, type Op } from '../../op.ts';
import { requireDType } from '../../require-dtype.ts';
import { broadcastShapes } from '../../shape.ts';
import type { Broadcast, Called, Check, CheckBroadcast, Shape } from '../../shape-types.ts';
import type { AnyTensor, Tensor } from '../../tensor.ts';
import { full } from '../creation.ts';
import { expandTo } from '../views.ts';
import { FLOATS } from './unary-op.ts';

const lerpOp: Op<[start: AnyTensor, end: AnyTensor, weight: AnyTensor]> = {
  name: 'lerp',
  lowering: {
    kind: 'elementwise',
    wgsl: ([start, end, weight]) => `between(${start}, ${end}, ${weight})`,
    functions: ['between'],
  },
  vjp: (g, { inputs: [start, end, weight] }) => [
    g.mul(weight.neg().add(1)),
    g.mul(weight),
    g.mul(end.sub(start)),
  ],
};

/**
 * A share `weight` of the way from `start` to `end`, of f32 or f16 that broadcast: exactly `start` for 0 and
 * `end` for 1, even where the other one is infinite or NaN. A weight may lie outside 0 … 1.
 * @throws ShapeError where they do not broadcast.
 * @throws DTypeError where they differ in dtype, or are neither f32 nor f16.
 * @throws ArgumentError where a weight is a number that is not finite.
 */
export function lerp<
  A extends Shape,
  B extends Shape,
  D extends 'f32' | 'f16',
  W extends number | AnyTensor,
  Call = Called,
>(
  start: Tensor<A, D>,
  end: Tensor<B, NoInfer<D>> & Check<CheckBroadcast<A, B>, Call>,
  weight: W & Check<CheckBroadcast<Broadcast<A, B>, OperandShape<W>>, Call>,
): Tensor<Broadcast<Broadcast<A, B>, OperandShape<W>>, D>;
export function lerp(start: AnyTensor, end: AnyTensor, weight: number | AnyTensor): AnyTensor {
  requireDType('lerp', start, FLOATS);
  if (typeof weight === 'number') requireNumber('lerp', { weight });
  const share = typeof weight === 'number' ? full([], weight, { dtype: start.dtype }) : weight;
  for (const one of [end, share]) {
    requireDType('lerp', one, FLOATS);
    if (one.dtype === start.dtype) continue;
    throw new DTypeError(
      `lerp: ${start.dtype}[${start.shape}] and ${one.dtype}[${one.shape}] differ in dtype. Cast one of them.`,
    );
  }
  const ends = broadcastShapes('lerp', start.shape, end.shape);
  const shape = broadcastShapes('lerp', ends, share.shape);
  const [from, to, by] = [expandTo(start, shape), expandTo(end, shape), expandTo(share, shape)];
  return apply(lerpOp, [from, to, by], { shape, dtype: start.dtype });
}

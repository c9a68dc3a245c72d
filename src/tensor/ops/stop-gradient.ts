import type { DType } from '../../kernels/dtype.ts';
import { apply, type Op } from '../op.ts';
import { requireTensor } from '../require-dtype.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';

const stopGradientOp: Op<[x: AnyTensor]> = {
  name: 'stopGradient',
  lowering: { kind: 'elementwise', wgsl: ([x]) => `${x}` },
  vjp: () => [undefined],
  endsHistory: true,
};

/**
 * The same value, through which no gradient flows. Once computed it forgets what it was made from:
 * in a loop such as `x = stopGradient(f(x))` memory does not grow with the number of rounds.
 */
export function stopGradient<S extends Shape, D extends DType>(x: Tensor<S, D>): Tensor<S, D> {
  requireTensor('stopGradient', x);
  return apply(stopGradientOp, [x], x);
}

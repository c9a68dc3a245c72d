import type { Op } from '../op.ts';
import { type AnyTensor, apply } from '../tensor.ts';

const stopGradientOp: Op = {
  name: 'stopGradient',
  lowering: { kind: 'elementwise', wgsl: ([x]) => x as string },
  vjp: () => [undefined],
  endsHistory: true,
};

/**
 * The same value, through which no gradient flows. Once computed it forgets what it was made from:
 * in a loop such as `x = stopGradient(f(x))` memory does not grow with the number of rounds.
 */
export function stopGradient<T extends AnyTensor>(x: T): T {
  return apply(stopGradientOp, [x], x) as unknown as T;
}

import type { Op } from '../op.ts';
import { type AnyTensor, apply } from '../tensor.ts';

const stopGradientOp: Op = {
  name: 'stopGradient',
  lowering: { kind: 'elementwise', wgsl: ([x]) => x as string },
  vjp: () => [undefined],
};

/** The same value, through which no gradient flows. */
export function stopGradient<T extends AnyTensor>(x: T): T {
  return apply(stopGradientOp, [x], x) as unknown as T;
}

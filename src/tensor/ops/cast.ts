import { type DType, dtypes } from '../../kernels/dtype.ts';
import type { Op } from '../op.ts';
import type { Shape } from '../shape-types.ts';
import { type AnyTensor, apply, type Tensor } from '../tensor.ts';

const castOp: Op = {
  name: 'cast',
  lowering: {
    kind: 'elementwise',
    wgsl: ([x], output, [from]) => converted(x as string, from as DType, output),
  },
  // No vjp: one side of a cast is no floating-point dtype, and whole numbers carry no gradient.
};

function converted(x: string, from: DType, to: DType): string {
  const { computed } = dtypes[to];
  // Not `!=`, which is false for NaN on some devices.
  if (computed === 'bool') return `!(${x} == vec4<${dtypes[from].computed}>())`;
  if (to === 'u8' && from !== 'bool') {
    const whole = dtypes[from].computed === 'f32' ? `vec4<i32>(${x})` : x;
    return `vec4<u32>(${whole}) & vec4<u32>(255u)`;
  }
  return `vec4<${computed}>(${x})`;
}

/**
 * The same values in another dtype: fractions are cut off, bool becomes 0 or 1, numbers become
 * `≠ 0`, and u8 keeps the lowest eight bits. Gradients pass between floating-point values only.
 */
export function cast<S extends Shape, D extends DType>(
  x: Tensor<S, DType>,
  dtype: D,
): Tensor<S, D> {
  if ((x as AnyTensor).dtype === dtype) return x as unknown as Tensor<S, D>;
  return apply(castOp, [x as AnyTensor], { shape: x.shape, dtype });
}

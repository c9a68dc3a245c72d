import { type DType, dtypes } from '../../kernels/dtype.ts';
import { apply, type Op } from '../op.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';

const castOp: Op<[x: AnyTensor]> = {
  name: 'cast',
  lowering: {
    kind: 'elementwise',
    wgsl: ([x]: [string], output, [from]: [DType]) => converted(x, from, output),
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
  if (isOf(x, dtype)) return x;
  return apply(castOp, [x], { shape: x.shape, dtype });
}

function isOf<S extends Shape, D extends DType>(x: Tensor<S, DType>, dtype: D): x is Tensor<S, D> {
  return x.dtype === dtype;
}

import { type DType, dtypes, isFloat } from '../../kernels/dtype.ts';
import { apply, type Op } from '../op.ts';
import { requireDTypeName, requireTensor } from '../require-dtype.ts';
import type { Shape } from '../shape-types.ts';
import type { AnyTensor, Tensor } from '../tensor.ts';

const castOp: Op<[x: AnyTensor]> = {
  name: 'cast',
  casts: true,
  lowering: {
    kind: 'elementwise',
    wgsl: ([x]: [string], output, [from]: [DType]) => converted(x, from, output),
  },
  // Gradients are f32, whatever they belong to; whole numbers carry none.
  vjp: (g, { inputs: [x] }) => [isFloat(x.dtype) ? g : undefined],
};

/** To f16, with a gradient that is stored as f16, too. */
const halvedOp: Op<[x: AnyTensor]> = {
  ...castOp,
  name: 'halved',
  vjp: (g) => [cast(cast(g, 'f16'), 'f32')],
};

function converted(x: string, from: DType, to: DType): string {
  const { computed } = dtypes[to];
  // On the bits: a compiler may take a comparison with NaN either way, and a tiny number for 0.
  const size = `(bitcast<vec4<u32>>(${x}) & vec4<u32>(0x7fffffffu))`;
  if (computed === 'bool') {
    return from === 'f32' ? `${size} != vec4<u32>()` : `${x} != vec4<${dtypes[from].computed}>()`;
  }
  if (from === 'f32' && computed !== 'f32') {
    const nan = `${size} > vec4<u32>(0x7f800000u)`;
    if (to === 'u32') return `select(${saturated(x, 'u32', 0xffffffff)}, vec4<u32>(), ${nan})`;
    const whole = `select(${saturated(x, 'i32', 0x7fffffff)}, vec4<i32>(), ${nan})`;
    return to === 'u8' ? `vec4<u32>(${whole}) & vec4<u32>(255u)` : whole;
  }
  if (to === 'u8' && from !== 'bool') return `vec4<u32>(${x}) & vec4<u32>(255u)`;
  return `vec4<${computed}>(${x})`;
}

// WGSL may stop at the largest f32 below the bound.
function saturated(x: string, to: 'i32' | 'u32', most: number): string {
  const bound = `vec4<f32>(${most + 1}.0)`;
  return `select(vec4<${to}>(${x}), vec4<${to}>(${most}${to === 'u32' ? 'u' : ''}), ${x} >= ${bound})`;
}

/**
 * The same values in another dtype: fractions are cut off, bool becomes 0 or 1, numbers become
 * `≠ 0` (NaN is), and u8 keeps the lowest eight bits. What i32 or u32 cannot hold becomes the bound
 * it lies beyond, NaN 0. An f16 is the one nearest, infinite from 65520 on. Gradients pass between
 * floating-point values only.
 */
export function cast<S extends Shape, D extends DType>(
  x: Tensor<S, DType>,
  dtype: D,
): Tensor<S, D> {
  requireTensor('cast', x);
  if (isOf(x, dtype)) return x;
  requireDTypeName('cast', dtype);
  return apply(castOp, [x], { shape: x.shape, dtype });
}

/**
 * f32 as f16, as `cast` does it, where the gradient is one of f16 too: rounded to it, so that it takes
 * half the memory. A loss scale keeps small ones from becoming 0.
 */
export function halved<S extends Shape>(x: Tensor<S>): Tensor<S, 'f16'> {
  return apply(halvedOp, [x], { shape: x.shape, dtype: 'f16' });
}

function isOf<S extends Shape, D extends DType>(x: Tensor<S, DType>, dtype: D): x is Tensor<S, D> {
  return x.dtype === dtype;
}

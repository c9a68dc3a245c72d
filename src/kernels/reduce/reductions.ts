import type { Scalar } from '../elements.ts';

/** The order is the numbering of the constant OP in the kernels. */
export const reductions = ['sum', 'max', 'min', 'prod'] as const;
export type Reduction = (typeof reductions)[number];

/** The bits of what changes nothing: -∞ and ∞ have no literals in WGSL. */
export function identityOf(reduction: Reduction, scalar: Scalar): number {
  switch (reduction) {
    case 'sum':
      return 0;
    case 'prod':
      return scalar === 'f32' ? 0x3f800000 : 1;
    case 'max':
      return { f32: 0xff800000, i32: 0x80000000, u32: 0 }[scalar];
    case 'min':
      return { f32: 0x7f800000, i32: 0x7fffffff, u32: 0xffffffff }[scalar];
  }
}

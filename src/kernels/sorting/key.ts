import type { DType } from '../dtype.ts';

/** Which kernels tell what keys are of. */
export function keyConstants(dtype: DType, descending: boolean) {
  return {
    FLOAT: Number(dtype === 'f32'),
    SIGNED: Number(dtype === 'i32'),
    DESCENDING: Number(descending),
  };
}

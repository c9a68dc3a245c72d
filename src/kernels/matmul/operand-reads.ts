import type { DType } from '../dtype.ts';
import halvesOfA from '../wgsl/matmul/functions/a-f16.wgsl';
import wholesOfA from '../wgsl/matmul/functions/a-f32.wgsl';
import halvesOfB from '../wgsl/matmul/functions/b-f16.wgsl';
import wholesOfB from '../wgsl/matmul/functions/b-f32.wgsl';

/** The dtypes of a product's operands: `f16`, or `f32` and so if unsaid. */
export interface OperandDTypes {
  readonly a?: DType | undefined;
  readonly b?: DType | undefined;
}

/** The function file that reads the operand `a`. */
export function readsOfA(dtype: DType | undefined): string {
  return dtype === 'f16' ? halvesOfA : wholesOfA;
}

/** The function files that read both operands. */
export function operandReads({ a, b }: OperandDTypes): string[] {
  return [readsOfA(a), b === 'f16' ? halvesOfB : wholesOfB];
}

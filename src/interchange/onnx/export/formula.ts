import type { DType } from '../../../kernels/dtype.ts';
import type { NodeAttributes } from './graph-writer.ts';

/** Writes nodes of ONNX that compute an op element by element. */
export interface Formula {
  /** The name of an operator applied to values. */
  readonly of: (opType: string, inputs: readonly string[], attributes?: NodeAttributes) => string;
  /** The name of a constant of the operands' dtype. */
  readonly number: (value: number) => string;
  readonly to: (x: string, dtype: DType) => string;
  /** Never f16: formulas of halves are computed as f32, and what comes of them is rounded once. */
  readonly operand: DType;
  readonly result: DType;
}

export type FormulaRule = (formula: Formula, x: string, y: string, z: string) => string;

/** c₀ + x·(c₁ + x·(c₂ + …)) */
export function polynomial(
  { of, number }: Formula,
  x: string,
  coefficients: readonly number[],
): string {
  return coefficients
    .map((coefficient) => number(coefficient))
    .reduceRight((sum, coefficient) => of('Add', [coefficient, of('Mul', [x, sum])]));
}

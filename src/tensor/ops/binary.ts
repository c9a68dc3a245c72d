import * as plain from './elementwise/arithmetic.ts';
import * as bits from './elementwise/bits.ts';
import * as compared from './elementwise/comparisons.ts';
import * as logic from './elementwise/logic.ts';
import * as powers from './elementwise/powers.ts';
import * as rounding from './elementwise/rounding.ts';
import * as trigonometry from './elementwise/trigonometry.ts';

// Stated, not inferred: what a record says of its op would be lost in the package's declarations.
type Arithmetic = typeof plain.ofTwo &
  typeof powers.ofTwo &
  typeof rounding.ofTwo &
  typeof trigonometry.ofTwo &
  typeof bits.ofTwo;

/** The ops of two operands of which the result has the operands' dtype, by subject. */
export const arithmetic: Arithmetic = {
  ...plain.ofTwo,
  ...powers.ofTwo,
  ...rounding.ofTwo,
  ...trigonometry.ofTwo,
  ...bits.ofTwo,
};

/** Those of which the result is bool. */
export const comparisons: typeof compared.ofTwo & typeof logic.ofTwo = {
  ...compared.ofTwo,
  ...logic.ofTwo,
};

export type ArithmeticName = keyof typeof arithmetic;
export type ComparisonName = keyof typeof comparisons;

import * as activations from './elementwise/activations.ts';
import * as arithmetic from './elementwise/arithmetic.ts';
import * as bits from './elementwise/bits.ts';
import * as comparisons from './elementwise/comparisons.ts';
import * as errorFunctions from './elementwise/error-functions.ts';
import * as hyperbolic from './elementwise/hyperbolic.ts';
import * as logic from './elementwise/logic.ts';
import * as powers from './elementwise/powers.ts';
import * as rounding from './elementwise/rounding.ts';
import * as trigonometry from './elementwise/trigonometry.ts';

// Stated, not inferred: what a record says of its op would be lost in the package's declarations.
type Unary = typeof arithmetic.ofOne &
  typeof powers.ofOne &
  typeof trigonometry.ofOne &
  typeof hyperbolic.ofOne &
  typeof activations.ofOne &
  typeof errorFunctions.ofOne &
  typeof rounding.ofOne &
  typeof comparisons.ofOne &
  typeof logic.ofOne &
  typeof bits.ofOne;

/** The elementwise ops of one operand, by subject. A new one is a new record in the file of its own. */
export const unary: Unary = {
  ...arithmetic.ofOne,
  ...powers.ofOne,
  ...trigonometry.ofOne,
  ...hyperbolic.ofOne,
  ...activations.ofOne,
  ...errorFunctions.ofOne,
  ...rounding.ofOne,
  ...comparisons.ofOne,
  ...logic.ofOne,
  ...bits.ofOne,
};

export type UnaryName = keyof typeof unary;

import { isFloat } from '../../../kernels/dtype.ts';
import type { Formula, FormulaRule } from './formula.ts';
import { gammaFormulas } from './gamma-functions.ts';
import { erfinv } from './inverse-error-function.ts';

/** Φ, the normal distribution function. */
function normal({ of, number }: Formula, x: string): string {
  const scaled = of('Mul', [x, number(Math.SQRT1_2)]);
  return of('Mul', [number(0.5), of('Add', [of('Erf', [scaled]), number(1)])]);
}

function bounded({ of, number }: Formula, x: string, low: number, high: number): string {
  return of('Clip', [x, number(low), number(high)]);
}

/** (x + 3) / 6 between 0 and 1. */
function hardShare(formula: Formula, x: string): string {
  const { of, number } = formula;
  return bounded(formula, of('Div', [of('Add', [x, number(3)]), number(6)]), 0, 1);
}

function truncated({ of }: Formula, x: string): string {
  return of('Mul', [of('Sign', [x]), of('Floor', [of('Abs', [x])])]);
}

function flooredQuotient({ of }: Formula, x: string, y: string): string {
  return of('Floor', [of('Div', [x, y])]);
}

/** Bits moved by the lowest five of y; ONNX moves those of numbers without a sign alone. */
function shifted({ of, to, number, operand }: Formula, x: string, y: string, direction: string) {
  const by = to(of('BitwiseAnd', [y, number(31)]), 'u32');
  const moved = (bits: string) => to(of('BitShift', [to(bits, 'u32'), by], { direction }), operand);
  if (direction === 'LEFT' || operand === 'u32') return moved(x);
  // What comes in for a negative number is ones: the zeros of its complement.
  const complement = (bits: string) => of('BitwiseNot', [bits]);
  const isNegative = of('Less', [x, number(0)]);
  return of('Where', [isNegative, complement(moved(complement(x))), moved(x)]);
}

/**
 * The ops that compute element by element, by their names in `src/tensor/ops`: the operator of ONNX 18 that
 * computes the same, or a formula of several.
 */
export const formulas: Readonly<Record<string, FormulaRule | string>> = {
  neg: 'Neg',
  abs: 'Abs',
  sign: 'Sign',
  exp: 'Exp',
  expm1: ({ of, number }, x) => of('Sub', [of('Exp', [x]), number(1)]),
  log: 'Log',
  exp2: ({ of, number }, x) => of('Pow', [number(2), x]),
  log2: ({ of, number }, x) => of('Div', [of('Log', [x]), number(Math.LN2)]),
  log10: ({ of, number }, x) => of('Div', [of('Log', [x]), number(Math.LN10)]),
  log1p: ({ of, number }, x) => of('Log', [of('Add', [x, number(1)])]),
  sqrt: 'Sqrt',
  rsqrt: ({ of }, x) => of('Reciprocal', [of('Sqrt', [x])]),
  square: ({ of }, x) => of('Mul', [x, x]),
  reciprocal: 'Reciprocal',
  sin: 'Sin',
  cos: 'Cos',
  tan: 'Tan',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  relu: 'Relu',
  softplus: 'Softplus',
  logSigmoid: ({ of }, x) => of('Neg', [of('Softplus', [of('Neg', [x])])]),
  elu: 'Elu',
  selu: 'Selu',
  relu6: (formula, x) => bounded(formula, x, 0, 6),
  hardTanh: (formula, x) => bounded(formula, x, -1, 1),
  hardSigmoid: (formula, x) => hardShare(formula, x),
  hardSwish: (formula, x) => formula.of('Mul', [x, hardShare(formula, x)]),
  softsign: 'Softsign',
  mish: ({ of }, x) => of('Mul', [x, of('Tanh', [of('Softplus', [x])])]),
  silu: ({ of }, x) => of('Mul', [x, of('Sigmoid', [x])]),
  gelu: (formula, x) => formula.of('Mul', [x, normal(formula, x)]),
  geluTanh: ({ of, number }, x) => {
    const cubic = of('Mul', [number(0.044715), of('Mul', [x, of('Mul', [x, x])])]);
    const inner = of('Mul', [number(Math.sqrt(2 / Math.PI)), of('Add', [x, cubic])]);
    const share = of('Add', [of('Tanh', [inner]), number(1)]);
    return of('Mul', [of('Mul', [number(0.5), x]), share]);
  },
  asin: 'Asin',
  acos: 'Acos',
  atan: 'Atan',
  sinh: 'Sinh',
  cosh: 'Cosh',
  asinh: 'Asinh',
  acosh: 'Acosh',
  atanh: 'Atanh',
  ...gammaFormulas,
  erf: 'Erf',
  erfinv,
  erfc: ({ of, number }, x) => of('Sub', [number(1), of('Erf', [x])]),
  floor: 'Floor',
  ceil: 'Ceil',
  round: 'Round',
  trunc: truncated,
  frac: (formula, x) => formula.of('Sub', [x, truncated(formula, x)]),
  isNan: 'IsNaN',
  isInf: 'IsInf',
  isFinite: ({ of }, x) => of('Not', [of('Or', [of('IsNaN', [x]), of('IsInf', [x])])]),
  logicalNot: 'Not',
  add: ({ of, operand }, x, y) => of(operand === 'bool' ? 'Or' : 'Add', [x, y]),
  sub: 'Sub',
  mul: 'Mul',
  div: 'Div',
  // A whole number divided by 0 stops a program, so that the divisor is another one there.
  divNoNan: ({ of, number }, x, y) => {
    const isZero = of('Equal', [y, number(0)]);
    return of('Where', [isZero, number(0), of('Div', [x, of('Where', [isZero, number(1), y])])]);
  },
  pow: 'Pow',
  maximum: 'Max',
  minimum: 'Min',
  mod: (formula, x, y) => {
    const { of, operand } = formula;
    return isFloat(operand)
      ? of('Sub', [x, of('Mul', [y, flooredQuotient(formula, x, y)])])
      : of('Mod', [x, y]);
  },
  fmod: ({ of }, x, y) => of('Mod', [x, y], { fmod: 1 }),
  floorDiv: (formula, x, y) => {
    const { of, operand } = formula;
    if (isFloat(operand)) return flooredQuotient(formula, x, y);
    return of('Div', [of('Sub', [x, of('Mod', [x, y])]), y]);
  },
  hypot: ({ of }, x, y) => of('Sqrt', [of('Add', [of('Mul', [x, x]), of('Mul', [y, y])])]),
  logAddExp: ({ of }, x, y) => {
    const distance = of('Abs', [of('Sub', [x, y])]);
    return of('Add', [of('Max', [x, y]), of('Softplus', [of('Neg', [distance])])]);
  },
  xlogy: ({ of, number }, x, y) =>
    of('Where', [of('Equal', [x, number(0)]), number(0), of('Mul', [x, of('Log', [y])])]),
  squaredDifference: ({ of }, x, y) => {
    const difference = of('Sub', [x, y]);
    return of('Mul', [difference, difference]);
  },
  atan2: ({ of, number }, y, x) => {
    const turn = of('Mul', [number(Math.PI), of('Sign', [y])]);
    const isLeft = of('Less', [x, number(0)]);
    return of('Add', [of('Atan', [of('Div', [y, x])]), of('Where', [isLeft, turn, number(0)])]);
  },
  bitwiseNot: 'BitwiseNot',
  bitwiseAnd: 'BitwiseAnd',
  bitwiseOr: 'BitwiseOr',
  bitwiseXor: 'BitwiseXor',
  bitwiseLeftShift: (formula, x, y) => shifted(formula, x, y, 'LEFT'),
  bitwiseRightShift: (formula, x, y) => shifted(formula, x, y, 'RIGHT'),
  equal: 'Equal',
  notEqual: ({ of }, x, y) => of('Not', [of('Equal', [x, y])]),
  less: 'Less',
  lessEqual: 'LessOrEqual',
  greater: 'Greater',
  greaterEqual: 'GreaterOrEqual',
  logicalAnd: 'And',
  logicalOr: 'Or',
  logicalXor: 'Xor',
  where: 'Where',
  lerp: ({ of, number }, x, y, z) =>
    of('Add', [of('Mul', [x, of('Sub', [number(1), z])]), of('Mul', [y, z])]),
  cast: ({ to, operand, result }, x) => (operand === result ? x : to(x, result)),
  halved: ({ to, result }, x) => to(x, result),
  copy: 'Identity',
  stopGradient: 'Identity',
};

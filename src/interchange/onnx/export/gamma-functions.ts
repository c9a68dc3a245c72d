import { HIGHEST_ORDER } from '../../../tensor/ops/elementwise/gamma-functions.ts';
import { type Formula, type FormulaRule, polynomial } from './formula.ts';

// What ONNX has no operators for, of sums, quotients and logarithms: to within 2e-6, of the value or of 1,
// since no polynomials are among them that know where a function is 0.

/** From here on every f32 is a whole number. */
const WHOLE_FROM = 2 ** 23;

/** x, x + 1, …, of which there are `count`. */
function steps({ of, number }: Formula, x: string, count: number): string[] {
  return Array.from({ length: count }, (_, k) => (k === 0 ? x : of('Add', [x, number(k)])));
}

/** The sum, product, … of several. */
function folded({ of }: Formula, opType: string, values: readonly string[]): string {
  return values.reduce((a, b) => of(opType, [a, b]));
}

/** x is 0 or a whole number below. */
function isPole({ of, number }: Formula, x: string, share: string): string {
  const isWhole = of('Or', [
    of('Equal', [share, number(0)]),
    of('LessOrEqual', [x, number(-WHOLE_FROM)]),
  ]);
  return of('And', [of('Less', [x, number(0)]), isWhole]);
}

/** What is left of x between −½ and ½. */
function shareOf({ of }: Formula, x: string): string {
  return of('Sub', [x, of('Round', [x])]);
}

/**
 * Stirling's series of ln Γ(y) for y from 4 on, to which x below is brought by Γ(x + 1) = x·Γ(x); below 0 by
 * Γ(x)·Γ(−x) = −π / (x·sin πx).
 */
function lgamma(formula: Formula, x: string): string {
  const { of, number } = formula;
  const a = of('Abs', [x]);
  const isNear = of('Less', [a, number(4)]);
  const y = of('Where', [isNear, of('Add', [a, number(4)]), a]);
  const product = folded(formula, 'Mul', steps(formula, a, 4));
  const inverse = of('Reciprocal', [y]);
  const coefficients = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680];
  const rest = polynomial(formula, of('Mul', [inverse, inverse]), coefficients);
  const series = of('Add', [
    of('Mul', [of('Sub', [y, number(0.5)]), of('Sub', [of('Log', [y]), number(1)])]),
    of('Add', [number(Math.log(2 * Math.PI) / 2 - 0.5), of('Mul', [inverse, rest])]),
  ]);
  const above = of('Sub', [series, of('Where', [isNear, of('Log', [product]), number(0)])]);
  const share = shareOf(formula, x);
  const sine = of('Abs', [of('Sin', [of('Mul', [share, number(Math.PI)])])]);
  const logSine = of('Log', [of('Mul', [of('Div', [sine, number(Math.PI)]), a])]);
  const below = of('Neg', [of('Add', [above, logSine])]);
  const value = of('Where', [of('Less', [x, number(0)]), below, above]);
  return of('Where', [isPole(formula, x, share), number(Infinity), value]);
}

/** By ψ(1 + |x|): less 1/x, or below 0 less π·cot πx. */
function digamma(formula: Formula, x: string): string {
  const { of, number } = formula;
  const a = of('Add', [of('Abs', [x]), number(1)]);
  const isNear = of('Less', [a, number(6)]);
  const y = of('Where', [isNear, of('Add', [a, number(6)]), a]);
  const terms = steps(formula, a, 6).map((step) => of('Reciprocal', [step]));
  const inverse = of('Reciprocal', [y]);
  const square = of('Mul', [inverse, inverse]);
  const rest = of('Mul', [square, polynomial(formula, square, [1 / 12, -1 / 120, 1 / 252])]);
  const series = of('Sub', [of('Log', [y]), of('Add', [of('Mul', [inverse, number(0.5)]), rest])]);
  const sum = folded(formula, 'Add', terms);
  const known = of('Sub', [series, of('Where', [isNear, sum, number(0)])]);
  const share = shareOf(formula, x);
  const cotangent = of('Div', [number(Math.PI), of('Tan', [of('Mul', [share, number(Math.PI)])])]);
  const isBelow = of('Less', [x, number(0)]);
  const value = of('Sub', [known, of('Where', [isBelow, cotangent, of('Reciprocal', [x])])]);
  return of('Where', [isPole(formula, x, share), number(Number.NaN), value]);
}

/** Σ 1 / (x + k)^s over k ≥ 0, for x from ½ on: ten terms, and what is left by Euler and Maclaurin. */
function zetaAbove(formula: Formula, s: number, x: string): string {
  const { of, number } = formula;
  const power = (base: string, exponent: number) => of('Pow', [base, number(exponent)]);
  const terms = steps(formula, x, 10).map((step) => power(step, -s));
  const end = of('Add', [x, number(10)]);
  const third = -(s * (s + 1) * (s + 2)) / 720;
  const rest = polynomial(formula, power(end, -2), [s / 12, third]);
  const left = of('Add', [
    of('Mul', [power(end, 1 - s), number(1 / (s - 1))]),
    of('Mul', [power(end, -s), of('Add', [number(0.5), of('Div', [rest, end])])]),
  ]);
  return folded(formula, 'Add', [...terms.reverse(), left]);
}

/** (−1)ⁿ⁺¹ · n! · ζ(n + 1, x); below ½ the terms of all whole k, less those of k < 0. */
function polygamma(n: number): FormulaRule {
  const s = n + 1;
  let factor = s % 2 === 0 ? 1 : -1;
  for (let k = 2; k <= n; k++) factor *= k;
  return (formula, x) => {
    const { of, number } = formula;
    const isNear = of('Less', [x, number(0.5)]);
    const share = shareOf(formula, x);
    const near = (value: string, otherwise: string) => of('Where', [isNear, value, otherwise]);
    const opposite = (value: string) =>
      zetaAbove(formula, s, near(of('Sub', [number(1), value]), number(1)));
    const above = zetaAbove(formula, s, near(of('Add', [share, number(1)]), x));
    const below = of('Mul', [
      of('Sub', [opposite(share), opposite(x)]),
      number(s % 2 === 0 ? 1 : -1),
    ]);
    const added = of('Add', [of('Pow', [share, number(-s)]), below]);
    const zeta = of('Add', [above, near(added, number(0))]);
    return of('Mul', [number(factor), zeta]);
  };
}

const polygammas = Array.from({ length: HIGHEST_ORDER }, (_, i): [string, FormulaRule] => [
  `polygamma${i + 1}`,
  polygamma(i + 1),
]);

/** ln|Γ| and its derivatives, by their names in `src/tensor/ops`. */
export const gammaFormulas: Readonly<Record<string, FormulaRule>> = {
  lgamma,
  digamma,
  ...Object.fromEntries(polygammas),
};

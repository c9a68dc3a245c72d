import { type Formula, polynomial } from './formula.ts';

// Coefficients as in the kernel, the lowest power first (Giles, "Approximating the erfinv function", 2012).
const NEAR = [
  1.50140941, 2.46640727e-1, -4.17768164e-3, -1.25372503e-3, 2.1858087e-4, -4.39150654e-6,
  -3.5233877e-6, 3.43273939e-7, 2.81022636e-8,
];
const FAR = [
  2.83297682, 1.00167406, 9.43887047e-3, -7.6224613e-3, 5.73950773e-3, -3.67342844e-3,
  1.34934322e-3, 1.00950558e-4, -2.00214257e-4,
];

/** Where the error function is x, by polynomials in −ln(1 − x²). */
export function erfinv(formula: Formula, x: string): string {
  const { of, number } = formula;
  const product = of('Mul', [of('Sub', [number(1), x]), of('Add', [number(1), x])]);
  const w = of('Neg', [of('Log', [product])]);
  const near = polynomial(formula, of('Sub', [w, number(2.5)]), NEAR);
  const far = polynomial(formula, of('Sub', [of('Sqrt', [w]), number(3)]), FAR);
  const factor = of('Where', [of('Less', [w, number(5)]), near, far]);
  const isEnd = of('Equal', [of('Abs', [x]), number(1)]);
  return of('Mul', [x, of('Where', [isEnd, number(Number.POSITIVE_INFINITY), factor])]);
}

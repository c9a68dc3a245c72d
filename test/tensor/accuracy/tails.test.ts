import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type AnyTensor, grad, tensor } from '../../../src/index.ts';
import { unary } from '../../../src/tensor/ops/unary.ts';
import { sigmoid } from '../../reference/elementwise.ts';

const test = suite('tensor: first and second derivatives far out');

type Derivatives = readonly [first: (x: number) => number, second: (x: number) => number];

const flat = () => 0;
/** 0 however large what it is multiplied with. */
const times = (share: number, x: number) => (share === 0 ? 0 : share * x);
const slope = (x: number) => sigmoid(x) * sigmoid(-x);
const normal = (x: number) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
const bell = (x: number) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x);
/** What is 1 on the far right and 0 on the far left: `x` is never near 0 here. */
const step = (x: number) => Number(x > 0);

/** By name, of numbers from 20 on to both sides. */
const derivatives: Readonly<Record<string, Derivatives>> = {
  neg: [() => -1, flat],
  abs: [Math.sign, flat],
  sign: [flat, flat],
  exp: [Math.exp, Math.exp],
  exp2: [(x) => Math.LN2 * 2 ** x, (x) => Math.LN2 ** 2 * 2 ** x],
  expm1: [Math.exp, Math.exp],
  log: [(x) => 1 / x, (x) => -1 / x ** 2],
  log2: [(x) => Math.LOG2E / x, (x) => -Math.LOG2E / x ** 2],
  log10: [(x) => Math.LOG10E / x, (x) => -Math.LOG10E / x ** 2],
  log1p: [(x) => 1 / (1 + x), (x) => -1 / (1 + x) ** 2],
  sqrt: [(x) => 0.5 / Math.sqrt(x), (x) => -0.25 / (x * Math.sqrt(x))],
  rsqrt: [(x) => -0.5 / (x * Math.sqrt(x)), (x) => 0.75 / (x * x * Math.sqrt(x))],
  square: [(x) => 2 * x, () => 2],
  reciprocal: [(x) => -1 / x ** 2, (x) => 2 / x ** 3],
  atan: [(x) => 1 / (1 + x * x), (x) => times(-2 / (1 + x * x) ** 2, x)],
  sinh: [Math.cosh, Math.sinh],
  cosh: [Math.sinh, Math.cosh],
  asinh: [(x) => 1 / Math.sqrt(x * x + 1), (x) => times(-((x * x + 1) ** -1.5), x)],
  acosh: [(x) => 1 / Math.sqrt(x * x - 1), (x) => times(-((x * x - 1) ** -1.5), x)],
  tanh: [(x) => 4 * slope(2 * x), (x) => times(-8 * slope(2 * x), Math.tanh(x))],
  sigmoid: [slope, (x) => times(slope(x), 1 - 2 * sigmoid(x))],
  relu: [step, flat],
  relu6: [flat, flat],
  hardTanh: [flat, flat],
  hardSigmoid: [flat, flat],
  hardSwish: [step, flat],
  softsign: [
    (x) => 1 / (1 + Math.abs(x)) ** 2,
    (x) => (-2 * Math.sign(x)) / (1 + Math.abs(x)) ** 3,
  ],
  selu: [
    (x) => 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x)),
    (x) => (x > 0 ? 0 : 1.0507009873554805 * 1.6732632423543772 * Math.exp(x)),
  ],
  mish: [step, flat],
  softplus: [sigmoid, slope],
  logSigmoid: [(x) => sigmoid(-x), (x) => -slope(x)],
  elu: [(x) => (x > 0 ? 1 : Math.exp(x)), (x) => (x > 0 ? 0 : Math.exp(x))],
  silu: [
    (x) => sigmoid(x) + times(slope(x), x),
    (x) => 2 * slope(x) + times(slope(x), x * (1 - 2 * sigmoid(x))),
  ],
  gelu: [step, (x) => times(normal(x), 2 - x * x)],
  geluTanh: [step, flat],
  erf: [bell, (x) => times(bell(x), -2 * x)],
  erfc: [(x) => -bell(x), (x) => times(bell(x), 2 * x)],
  floor: [flat, flat],
  ceil: [flat, flat],
  round: [flat, flat],
  trunc: [flat, flat],
  frac: [() => 1, flat],
};
/** Waves have no tails, their inverses none on the right; the results of the others have no slope. */
const without = ['sin', 'cos', 'tan', 'asin', 'acos', 'atanh'].concat([
  'isNan',
  'isFinite',
  'isInf',
  'logicalNot',
  'bitwiseNot',
]);

const distances = [20, 100, 1e4, 1e20, Number.POSITIVE_INFINITY];
const everywhere = [...distances, ...distances.map((x) => -x)];
const onlyAbove0 = ['log', 'log2', 'log10', 'log1p', 'sqrt', 'rsqrt', 'acosh'];

function assertNear(actual: number, exact: number, what: string): void {
  const expected = Math.fround(exact);
  // What is made of a result near 1 keeps no more of it than that.
  const close =
    Object.is(actual, expected) ||
    Math.abs(actual - expected) <= 1e-5 * Math.abs(expected) + 2 ** -22;
  assert.ok(close, `${what} is ${actual}, not ${expected}`);
}

for (const [name, [first, second]] of Object.entries(derivatives)) {
  test(name, async () => {
    const at = onlyAbove0.includes(name) ? distances : everywhere;
    const x = tensor(at);
    const y = (x as unknown as Record<string, () => AnyTensor>)[name]!();
    const [slopes] = grad(y.sum(), [x]) as [AnyTensor];
    const [curvatures] = grad(slopes.sum(), [x]) as [AnyTensor];
    const [got, bent] = [await slopes.data(), await curvatures.data()];
    for (const [i, place] of at.entries()) {
      assertNear(Number(got[i]), first(place), `the slope of ${name} at ${place}`);
      assertNear(Number(bent[i]), second(place), `the second derivative of ${name} at ${place}`);
    }
  });
}

test('every op is here', () => {
  const known = [...Object.keys(derivatives), ...without];
  assert.equal(Object.keys(unary).sort(), known.sort());
});

test.run();

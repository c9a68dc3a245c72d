import * as assert from 'uvu/assert';
import { type AnyTensor, type AnyVariable, tensor, Variable } from '../../src/index.ts';
import { scattered } from '../reference/check-gradient.ts';

/** Sizes around those of blocks and vectors. */
export const SHAPES = [[3], [1], [5, 7], [2, 3, 11], [65]];

/** Variables of odd sizes, and the same numbers for the reference. */
export function parameters(seed = 1) {
  const starts = SHAPES.map((shape, i) => scattered(shape, i + seed).map(Math.fround));
  return {
    variables: starts.map(
      ({ data, shape }, i) =>
        new Variable(tensor(Float32Array.from(data), [...shape]), { name: `v${i}` }),
    ) as AnyVariable[],
    values: starts.map(({ data }) => Float64Array.from(data)),
  };
}

/** Where the k-th loss has its minimum: it moves, so that momenta and decays matter. */
const targetOf = (step: number, which: number) =>
  scattered(SHAPES[which] as number[], 1000 + which * 100 + (step % 7)).map(Math.fround);

/** Σ (v − target)² + Σ v: gradients 2 (v − target) + 1. */
export function lossOf(variables: readonly AnyVariable[], step: number): AnyTensor {
  return variables
    .map((variable, i) => {
      const { data, shape } = targetOf(step, i);
      const target = tensor(Float32Array.from(data), [...shape]);
      const value = variable.value as AnyTensor;
      return value.sub(target).square().add(value).sum() as AnyTensor;
    })
    .reduce((a, b) => a.add(b));
}

/** The gradients of {@link lossOf}. */
export const gradientsOf = (values: readonly Float64Array[], step: number) =>
  values.map((value, i) => {
    const target = targetOf(step, i).data;
    return value.map((v, at) => 2 * (v - (target[at] as number)) + 1);
  });

/** Fails where a weight is further from f64 than rounding takes it. */
export async function assertAgreement(
  variables: readonly AnyVariable[],
  values: readonly Float64Array[],
  tolerance = 2e-4,
): Promise<void> {
  for (const [i, variable] of variables.entries()) {
    const actual = await variable.data();
    (values[i] as Float64Array).forEach((expected, at) => {
      const error = Math.abs((actual[at] as number) - expected);
      const allowed = tolerance * Math.max(1, Math.abs(expected));
      assert.ok(error <= allowed, `v${i}[${at}] is ${actual[at]}, in f64 ${expected}`);
    });
  }
}

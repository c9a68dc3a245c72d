import * as assert from 'uvu/assert';
import { NdArray, type Shape } from './array.ts';
import { numericalGradient } from './finite-difference.ts';

/** Numbers in [-1, 1) that are all alike in no way that would hide a wrong index. */
export function scattered(shape: Shape, seed = 1): NdArray {
  let state = seed;
  return NdArray.build(shape, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function assertClose(actual: NdArray, expected: NdArray, tolerance = 1e-8): void {
  assert.equal(actual.shape, expected.shape);
  for (let at = 0; at < expected.size; at++) {
    const [a, e] = [actual.data[at]!, expected.data[at]!];
    assert.ok(
      Math.abs(a - e) <= tolerance * Math.max(1, Math.abs(e)),
      `element ${at} is ${a}, expected ${e}`,
    );
  }
}

/**
 * Holds a hand-written gradient of `f` at `x` against finite differences: of Σ f(x)·dy, for a dy
 * of scattered numbers, which is also what `gradient` is given.
 */
export function assertGradient(
  f: (x: NdArray) => NdArray,
  x: NdArray,
  gradient: (outputGradient: NdArray) => NdArray,
): void {
  const dy = scattered(f(x).shape, 99);
  const loss = (values: Float64Array) =>
    f(new NdArray(x.shape, values)).data.reduce((sum, y, at) => sum + y * dy.data[at]!, 0);
  assertClose(gradient(dy), new NdArray(x.shape, numericalGradient(loss, x.data)));
}

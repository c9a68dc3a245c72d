import * as assert from 'uvu/assert';

/** Numbers that look random, from `from` to `to`. */
export const wave = (size: number, from = -1, to = 1) =>
  Float32Array.from(
    { length: size },
    (_, i) => from + ((to - from) * (1 + Math.sin(i * 12.9898))) / 2,
  );

/** Asserts that numbers are those expected, up to rounding. */
export function close(
  found: ArrayLike<number>,
  expected: ArrayLike<number>,
  what: string,
  tolerance = 1e-5,
): void {
  assert.is(found.length, expected.length, what);
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [found[i] as number, expected[i] as number];
    const isClose = Object.is(a, b) || a === b || Math.abs(a - b) <= tolerance * (1 + Math.abs(b));
    assert.ok(isClose, `${what}: element ${i} is ${a}, expected ${b}`);
  }
}

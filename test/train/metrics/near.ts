import * as assert from 'uvu/assert';

/** Equal but for rounding. */
export function near(actual: number | undefined, expected: number): void {
  assert.type(actual, 'number');
  const allowed = 1e-12 * Math.max(1, Math.abs(expected));
  assert.ok(Math.abs(actual! - expected) <= allowed, `${actual} is not ${expected}`);
}

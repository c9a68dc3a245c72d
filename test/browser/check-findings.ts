import * as assert from 'uvu/assert';
import type { Findings } from './page.ts';

/** Holds what a page has computed to what Node has: the product, and the losses of a training. */
export function checkFindings(
  { error, losses }: Findings,
  expected: readonly number[],
  tolerance = 1e-5,
): void {
  assert.ok(error < 1e-5, `the product is wrong by ${error}`);
  assert.is(losses.length, expected.length);
  losses.forEach((loss, i) => {
    const difference = Math.abs(loss - (expected[i] as number));
    assert.ok(difference < tolerance, `${losses} in the browser, ${expected} in Node`);
  });
}

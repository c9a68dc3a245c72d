import * as assert from 'uvu/assert';
import { NdArray } from '../reference/array.ts';

const LARGEST_F32 = 3.4028234663852886e38;
/** Smaller numbers may be flushed to 0 by a device. */
const SMALLEST_NORMAL_F32 = 1.1754943508222875e-38;

export interface Closeness {
  /** Allowed error, relative to the size of the element plus `scale`. */
  readonly relative?: number;
  /**
   * The size of the terms the element was summed from, whose rounding it inherits even where they
   * cancel: one for all elements, or one for each. Default 0.
   */
  readonly scale?: number | NdArray;
}

/** Every element as it should be: NaN and infinities the same, numbers within the tolerance. */
export function assertClose(
  actual: NdArray,
  expected: NdArray,
  { relative = 1e-6, scale = 0 }: Closeness = {},
  what = 'result',
): void {
  assert.equal(actual.shape, expected.shape, `${what}: shape`);
  for (let at = 0; at < expected.size; at++) {
    const [a, e] = [actual.data[at]!, expected.data[at]!];
    const size = Math.abs(e) + (scale instanceof NdArray ? scale.data[at]! : scale);
    if (isClose(a, e, relative * size)) continue;
    assert.unreachable(
      `${what} [${expected.shape}]: element ${at} is ${a}, expected ${e} (error ${Math.abs(a - e) / size} of ${size})`,
    );
  }
}

/** The same elements exactly. */
export function assertSame(actual: NdArray, expected: NdArray, what = 'result'): void {
  assert.equal(actual.shape, expected.shape, `${what}: shape`);
  const odd = expected.data.findIndex((e, at) => !(actual.data[at] === e || both(actual, at, e)));
  if (odd < 0) return;
  assert.unreachable(
    `${what} [${expected.shape}]: element ${odd} is ${actual.data[odd]}, expected ${expected.data[odd]}`,
  );
}

const both = (actual: NdArray, at: number, e: number) =>
  Number.isNaN(e) && Number.isNaN(actual.data[at]);

function isClose(a: number, e: number, allowed: number): boolean {
  if (Number.isNaN(e)) return Number.isNaN(a);
  if (!Number.isFinite(e)) return a === e;
  // Beyond the largest f32 lies infinity; close to it either may come out.
  if (Math.abs(e) > LARGEST_F32 * (1 - 1e-4)) return Math.abs(a) > LARGEST_F32 * 0.999 && a * e > 0;
  return Math.abs(a - e) <= allowed + SMALLEST_NORMAL_F32;
}

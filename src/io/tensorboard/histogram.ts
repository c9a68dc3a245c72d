/** HistogramProto: bucket `i` counts the values above limit `i - 1`, up to and with limit `i`. */
export interface Histogram {
  readonly min: number;
  readonly max: number;
  readonly num: number;
  readonly sum: number;
  readonly sumSquares: number;
  readonly bucketLimit: number[];
  readonly bucket: number[];
}

/** As many as TensorBoard draws. */
const BUCKETS = 30;

/**
 * Counts values in 30 buckets of equal width from the least to the greatest, in one where all are
 * the same. NaN and infinities have no place in any and are left out, of `num` and the sums too;
 * of no values at all, one empty bucket at 0 is left.
 */
export function histogramOf(values: ArrayLike<number>): Histogram {
  let [min, max, num, sum, sumSquares] = [Number.POSITIVE_INFINITY, -Infinity, 0, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    num++;
    sum += value;
    sumSquares += value * value;
  }
  if (num === 0) [min, max] = [0, 0];
  const bucketLimit = limitsOf(min, max);
  const bucket = bucketLimit.map(() => 0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (Number.isFinite(value)) bucket[bucketOf(value, bucketLimit)]!++;
  }
  return { min, max, num, sum, sumSquares, bucketLimit, bucket };
}

function limitsOf(min: number, max: number): number[] {
  if (min === max) return [max];
  const limits: number[] = [];
  for (let i = 1; i < BUCKETS; i++) {
    // Weighted, since max - min may be beyond all doubles.
    const limit = min * (1 - i / BUCKETS) + max * (i / BUCKETS);
    // Between the smallest doubles rounding would leave the range, or go back in it.
    limits.push(Math.min(max, Math.max(limit, limits.at(-1) ?? min)));
  }
  return [...limits, max];
}

/** The first bucket whose limit is not below the value. */
function bucketOf(value: number, limits: readonly number[]): number {
  let [low, high] = [0, limits.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (limits[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return low;
}

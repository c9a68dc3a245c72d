import type { Spread } from '../protocol.ts';

const BINS = 40;

/** How often numbers fall into equal bins from the smallest to the largest, and their root mean square. */
export function spreadOf(values: ArrayLike<number>): Spread {
  let [low, high, squares] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0;
    low = Math.min(low, value);
    high = Math.max(high, value);
    squares += value * value;
  }
  const counts = new Array<number>(BINS).fill(0);
  for (let i = 0; i < values.length; i++) {
    const share = high > low ? ((values[i] ?? 0) - low) / (high - low) : 0.5;
    const bin = Math.min(BINS - 1, Math.floor(share * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low, high, counts, rms: Math.sqrt(squares / values.length) };
}

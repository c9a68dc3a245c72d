/** Every f16 of 0 and above, in order: the code of 15 bits is the place. */
const sizes = Float64Array.from({ length: 0x7c01 }, (_, code) => {
  const [exponent, fraction] = [Math.floor(code / 1024), code % 1024];
  if (exponent === 31) return Number.POSITIVE_INFINITY;
  return exponent === 0 ? fraction / 2 ** 24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
});

/** The f16 nearest to a number, the even one of two as near; found by looking at them all. */
export function nearestHalf(x: number): number {
  if (Number.isNaN(x)) return x;
  const size = Math.abs(x);
  let [low, high] = [0, 0x7c00];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sizes[middle]! <= size) low = middle;
    else high = middle;
  }
  const [below, above] = [sizes[low]!, high === 0x7c00 ? 65536 : sizes[high]!];
  const isNearer = size - below < above - size || (size - below === above - size && low % 2 === 0);
  const nearest = size === Number.POSITIVE_INFINITY ? size : sizes[isNearer ? low : high]!;
  return Math.sign(x) < 0 || Object.is(x, -0) ? -nearest : nearest;
}

/** Every f16 but NaN: those of 0 and above, then their negatives. */
export const everyHalf: readonly number[] = [...sizes, ...sizes.map((size) => -size)];

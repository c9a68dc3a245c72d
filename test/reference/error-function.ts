const TERMS = 300;

/** erf(x) = 2/√π · exp(-x²) · Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5···(2n+1)): all terms have one sign. */
export function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; n < TERMS; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = exp(-x²)/√π · 1/(x + ½/(x + 1/(x + 1½/(x + ...)))) where 1 - erf(x) would cancel. */
export function erfc(x: number): number {
  if (!(x > 2)) return 1 - erf(x);
  let fraction = x;
  for (let k = TERMS; k > 0; k--) fraction = x + k / 2 / fraction;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction;
}

/** Where erf(y) is x: halving the interval, by erfc where 1 − x has more digits than x. */
export function erfinv(x: number): number {
  const size = Math.abs(x);
  if (!(size < 1)) return size === 1 ? x * Number.POSITIVE_INFINITY : Number.NaN;
  if (size < 1e-9) return (x * Math.sqrt(Math.PI)) / 2;
  let [low, high] = [0, 7];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    const isBelow = size < 0.9 ? erf(middle) < size : erfc(middle) > 1 - size;
    if (isBelow) low = middle;
    else high = middle;
  }
  return Math.sign(x) * low;
}

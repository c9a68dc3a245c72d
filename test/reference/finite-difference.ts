/**
 * The gradient of a scalar function by central differences. The step is relative to each
 * coordinate's size; near the cube root of the rounding error both errors are smallest.
 */
export function numericalGradient(
  f: (x: Float64Array) => number,
  at: ArrayLike<number>,
  step = 6e-6,
): Float64Array {
  const x = Float64Array.from(at);
  return x.map((center, i) => {
    const h = step * Math.max(1, Math.abs(center));
    const [low, high] = [center - h, center + h];
    x[i] = high;
    const above = f(x);
    x[i] = low;
    const below = f(x);
    x[i] = center;
    return (above - below) / (high - low);
  });
}

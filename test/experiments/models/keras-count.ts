// What Keras counts as the parameters of a layer: weights, biases and running statistics.

export const dense = (inputs: number, units: number): number => (inputs + 1) * units;

export const convolution = (window: number, inputs: number, filters: number): number =>
  (window * window * inputs + 1) * filters;

/** Batch norm: scale, offset, running mean and variance. */
export const norm = (channels: number): number => 4 * channels;

/** Convolutions 1×1, 3×3, 1×1, each with batch norm; 1×1 with batch norm in the shortcut. */
export function bottleneck(
  inputs: number,
  [narrow, middle, wide]: readonly [number, number, number],
  { shortcut }: { readonly shortcut: boolean },
): number {
  const main =
    convolution(1, inputs, narrow) +
    convolution(3, narrow, middle) +
    convolution(1, middle, wide) +
    [narrow, middle, wide].map(norm).reduce((a, b) => a + b);
  return shortcut ? main + convolution(1, inputs, wide) + norm(wide) : main;
}

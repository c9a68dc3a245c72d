import { NdArray, type Shape } from './array.ts';
import { type Padding, type Pair, windowCount } from './window.ts';

export type PoolingOptions = {
  window: Pair;
  /** The window's own size by default. */
  strides?: Pair | undefined;
  padding?: Padding | undefined;
};

/** The largest element of each window of an NHWC input; padding never wins. */
export function maxPool2d(input: NdArray, options: PoolingOptions): NdArray {
  return eachWindow(input.shape, options, (y, output, elements) => {
    y.data[output] = elements.reduce(
      (best, at) => Math.max(best, input.data[at]!),
      Number.NEGATIVE_INFINITY,
    );
  });
}

/** Each output's gradient goes to the first of its window's largest elements, or the first NaN. */
export function maxPool2dGradient(
  input: NdArray,
  outputGradient: NdArray,
  options: PoolingOptions,
): NdArray {
  const x = input.data;
  const out = new NdArray(input.shape);
  eachWindow(input.shape, options, (_, output, elements) => {
    const nan = elements.find((at) => Number.isNaN(x[at]!));
    const largest = elements.reduce((best, at) => (x[at]! > x[best]! ? at : best), elements[0]!);
    const winner = nan ?? largest;
    out.data[winner]! += outputGradient.data[output]!;
  });
  return out;
}

/** The mean of each window of an NHWC input; padding does not count. */
export function avgPool2d(input: NdArray, options: PoolingOptions): NdArray {
  return eachWindow(input.shape, options, (y, output, elements) => {
    const sum = elements.reduce((total, at) => total + input.data[at]!, 0);
    y.data[output] = sum / elements.length;
  });
}

export function avgPool2dGradient(
  inputShape: Shape,
  outputGradient: NdArray,
  options: PoolingOptions,
): NdArray {
  const out = new NdArray(inputShape);
  eachWindow(inputShape, options, (_, output, elements) => {
    for (const at of elements) out.data[at]! += outputGradient.data[output]! / elements.length;
  });
  return out;
}

/**
 * Calls `visit` for every element of the output with the places in the input of its window's
 * elements, padding left out, row by row. Returns the array of the output's shape it was given.
 */
function eachWindow(
  inputShape: Shape,
  { window, strides = window, padding = [0, 0, 0, 0] }: PoolingOptions,
  visit: (y: NdArray, output: number, elements: readonly number[]) => void,
): NdArray {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  const [top, bottom, left, right] = padding;
  const outHeight = windowCount(height, window[0], strides[0], 1, top + bottom);
  const outWidth = windowCount(width, window[1], strides[1], 1, left + right);
  const y = new NdArray([batch, outHeight, outWidth, channels]);
  let output = 0;
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < outHeight; oy++) {
      for (let ox = 0; ox < outWidth; ox++) {
        for (let channel = 0; channel < channels; channel++) {
          const elements: number[] = [];
          for (let ky = 0; ky < window[0]; ky++) {
            const iy = oy * strides[0] + ky - top;
            if (iy < 0 || iy >= height) continue;
            for (let kx = 0; kx < window[1]; kx++) {
              const ix = ox * strides[1] + kx - left;
              if (ix < 0 || ix >= width) continue;
              elements.push(((n * height + iy) * width + ix) * channels + channel);
            }
          }
          if (elements.length === 0) throw new RangeError('a pooling window is all padding');
          visit(y, output++, elements);
        }
      }
    }
  }
  return y;
}

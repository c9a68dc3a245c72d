import { NdArray, type Shape } from './array.ts';
import { type Padding, type Pair, windowCount } from './window.ts';

export type ConvolutionOptions = {
  strides?: Pair | undefined;
  dilations?: Pair | undefined;
  padding?: Padding | undefined;
  groups?: number | undefined;
};

/** Cross-correlation of an NHWC input with an HWIO filter, whose I is channels per group. */
export function conv2d(input: NdArray, filter: NdArray, options: ConvolutionOptions = {}): NdArray {
  const s = sizes(input.shape, filter.shape, options);
  const out = new NdArray([s.batch, s.outHeight, s.outWidth, s.outChannels]);
  const [x, w, y] = [input.data, filter.data, out.data];
  eachRow(s, (at, weights, outputs) => {
    const value = x[at]!;
    for (let o = 0; o < s.outPerGroup; o++) y[outputs + o]! += value * w[weights + o]!;
  });
  return out;
}

/** The gradient by the input: every output hands its gradient back along the filter. */
export function conv2dInputGradient(
  inputShape: Shape,
  filter: NdArray,
  outputGradient: NdArray,
  options: ConvolutionOptions = {},
): NdArray {
  const s = sizes(inputShape, filter.shape, options);
  const out = new NdArray(inputShape);
  const [dx, w, dy] = [out.data, filter.data, outputGradient.data];
  eachRow(s, (at, weights, outputs) => {
    let sum = 0;
    for (let o = 0; o < s.outPerGroup; o++) sum += dy[outputs + o]! * w[weights + o]!;
    dx[at]! += sum;
  });
  return out;
}

/** The gradient by the filter: every output adds its gradient times the input under it. */
export function conv2dFilterGradient(
  input: NdArray,
  filterShape: Shape,
  outputGradient: NdArray,
  options: ConvolutionOptions = {},
): NdArray {
  const s = sizes(input.shape, filterShape, options);
  const out = new NdArray(filterShape);
  const [x, dw, dy] = [input.data, out.data, outputGradient.data];
  eachRow(s, (at, weights, outputs) => {
    const value = x[at]!;
    for (let o = 0; o < s.outPerGroup; o++) dw[weights + o]! += value * dy[outputs + o]!;
  });
  return out;
}

/** For each input under each window: where it lies, and where its row of weights and of outputs begin. */
function eachRow(
  s: ReturnType<typeof sizes>,
  visit: (input: number, weights: number, outputs: number) => void,
): void {
  for (let n = 0; n < s.batch; n++) {
    for (let oy = 0; oy < s.outHeight; oy++) {
      for (let ox = 0; ox < s.outWidth; ox++) {
        const yBase = ((n * s.outHeight + oy) * s.outWidth + ox) * s.outChannels;
        for (let ky = 0; ky < s.kernelHeight; ky++) {
          const iy = oy * s.strideY + ky * s.dilationY - s.top;
          if (iy < 0 || iy >= s.height) continue;
          for (let kx = 0; kx < s.kernelWidth; kx++) {
            const ix = ox * s.strideX + kx * s.dilationX - s.left;
            if (ix < 0 || ix >= s.width) continue;
            const xBase = ((n * s.height + iy) * s.width + ix) * s.channels;
            const wBase = (ky * s.kernelWidth + kx) * s.inPerGroup * s.outChannels;
            for (let g = 0; g < s.groups; g++) {
              const [input, output] = [xBase + g * s.inPerGroup, g * s.outPerGroup];
              for (let i = 0; i < s.inPerGroup; i++) {
                visit(input + i, wBase + i * s.outChannels + output, yBase + output);
              }
            }
          }
        }
      }
    }
  }
}

function sizes(inputShape: Shape, filterShape: Shape, options: ConvolutionOptions) {
  const [batch, height, width, channels] = inputShape as [number, number, number, number];
  const [kernelHeight, kernelWidth, inPerGroup, outChannels] = filterShape as [
    number,
    number,
    number,
    number,
  ];
  const [strideY, strideX] = options.strides ?? [1, 1];
  const [dilationY, dilationX] = options.dilations ?? [1, 1];
  const [top, bottom, left, right] = options.padding ?? [0, 0, 0, 0];
  const groups = options.groups ?? 1;
  if (channels !== inPerGroup * groups || outChannels % groups !== 0) {
    throw new RangeError(`conv2d of [${inputShape}] and [${filterShape}] in ${groups} groups`);
  }
  return {
    batch,
    height,
    width,
    channels,
    kernelHeight,
    kernelWidth,
    inPerGroup,
    outChannels,
    outPerGroup: outChannels / groups,
    strideY,
    strideX,
    dilationY,
    dilationX,
    top,
    left,
    groups,
    outHeight: windowCount(height, kernelHeight, strideY, dilationY, top + bottom),
    outWidth: windowCount(width, kernelWidth, strideX, dilationX, left + right),
  };
}

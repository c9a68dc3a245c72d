import type { Conv2dAttributes } from '../../../src/kernels/convolution/geometry.ts';
import { product } from '../../../src/kernels/launch.ts';
import type { Reference } from '../matmul/matmul-reference.ts';

export interface Convolution {
  readonly image: readonly [number, number, number, number];
  /** Its third size is the channels of a group: 1 where each channel is convolved by itself. */
  readonly filter: readonly [number, number, number, number];
  readonly attributes: Conv2dAttributes;
}

/** The output's shape, or undefined where the filter does not fit into the padded image. */
export function outputShape({ image, filter, attributes }: Convolution) {
  const { strides, dilations, padding } = attributes;
  const size = (axis: 0 | 1) => {
    const padded = image[axis + 1]! + padding[2 * axis]! + padding[2 * axis + 1]!;
    const reach = (filter[axis]! - 1) * dilations[axis]! + 1;
    return Math.floor((padded - reach) / strides[axis]!) + 1;
  };
  const [height, width] = [size(0), size(1)];
  if (height < 1 || width < 1) return undefined;
  return [image[0], height, width, filter[3]] as const;
}

/** Calls `visit` with the offsets of every product `image · filter` that goes into an output. */
function eachProduct(
  { image, filter, attributes }: Convolution,
  output: readonly [number, number, number, number],
  visit: (image: number, filter: number, output: number) => void,
): void {
  const [, height, width, channels] = image;
  const [filterHeight, filterWidth, perGroup, filters] = filter;
  const filtersOfGroup = (filters * perGroup) / channels;
  const { strides, dilations, padding } = attributes;
  const [batch, outHeight, outWidth] = output;
  for (let n = 0; n < batch; n++)
    for (let oy = 0; oy < outHeight; oy++)
      for (let ox = 0; ox < outWidth; ox++)
        for (let ky = 0; ky < filterHeight; ky++)
          for (let kx = 0; kx < filterWidth; kx++) {
            const y = oy * strides[0] + ky * dilations[0] - padding[0];
            const x = ox * strides[1] + kx * dilations[1] - padding[2];
            if (y < 0 || x < 0 || y >= height || x >= width) continue;
            for (let c = 0; c < perGroup; c++)
              for (let o = 0; o < filters; o++) {
                const channel = Math.floor(o / filtersOfGroup) * perGroup + c;
                visit(
                  ((n * height + y) * width + x) * channels + channel,
                  ((ky * filterWidth + kx) * perGroup + c) * filters + o,
                  ((n * outHeight + oy) * outWidth + ox) * filters + o,
                );
              }
          }
}

/** The three directions by their definition. */
export function convolve(
  direction: 'forward' | 'input' | 'filter',
  convolution: Convolution,
  output: readonly [number, number, number, number],
  first: ArrayLike<number>,
  second: ArrayLike<number>,
): Reference {
  const to = { forward: output, input: convolution.image, filter: convolution.filter }[direction];
  const values = new Float64Array(product(to));
  const scale = new Float64Array(values.length);
  eachProduct(convolution, output, (i, f, o) => {
    const [x, y, at] = { forward: [i, f, o], input: [o, f, i], filter: [i, o, f] }[direction] as [
      number,
      number,
      number,
    ];
    const term = (first[x] as number) * (second[y] as number);
    values[at] = (values[at] as number) + term;
    scale[at] = (scale[at] as number) + Math.abs(term);
  });
  return { values, scale };
}

import type { StateDict } from './timm-file.ts';

/** One image as PyTorch has it, [channels, height, width], in doubles. */
export interface Image {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** ResNet-50 up to global pooling as torchvision computes it, in inference. */
export function torchBackbone(dict: StateDict, image: Image): Image {
  let x = relu(norm(dict, 'bn1', convolve(dict, 'conv1', image, 2, 3)));
  x = maxPool(x, 3, 2, 1);
  [3, 4, 6, 3].forEach((blocks, stage) => {
    for (let block = 0; block < blocks; block++) {
      x = torchBottleneck(dict, `layer${stage + 1}.${block}`, x, block === 0 && stage > 0 ? 2 : 1);
    }
  });
  return x;
}

/** 1×1, 3×3 with the stride and padding 1, 1×1, around them the shortcut. */
export function torchBottleneck(dict: StateDict, name: string, x: Image, stride: number): Image {
  let main = relu(norm(dict, `${name}.bn1`, convolve(dict, `${name}.conv1`, x, 1, 0)));
  main = relu(norm(dict, `${name}.bn2`, convolve(dict, `${name}.conv2`, main, stride, 1)));
  main = norm(dict, `${name}.bn3`, convolve(dict, `${name}.conv3`, main, 1, 0));
  const past = dict.has(`${name}.downsample.0.weight`)
    ? norm(dict, `${name}.downsample.1`, convolve(dict, `${name}.downsample.0`, x, stride, 0))
    : x;
  return relu({ ...main, data: main.data.map((value, i) => value + past.data[i]!) });
}

/** Without bias; zeros around. */
function convolve(dict: StateDict, name: string, x: Image, stride: number, padding: number): Image {
  const { shape, values } = dict.get(`${name}.weight`) as { shape: number[]; values: Float32Array };
  const [outputs, inputs, window] = shape as [number, number, number];
  const [height, width] = [x.height, x.width].map((n) => windows(n, window, stride, padding));
  return build(outputs, height!, width!, (o, top, left) => {
    let sum = 0;
    for (let i = 0; i < inputs; i++) {
      for (let ky = 0; ky < window; ky++) {
        const y = top * stride + ky - padding;
        if (y < 0 || y >= x.height) continue;
        for (let kx = 0; kx < window; kx++) {
          const at = left * stride + kx - padding;
          if (at < 0 || at >= x.width) continue;
          const weight = values[((o * inputs + i) * window + ky) * window + kx]!;
          sum += weight * x.data[(i * x.height + y) * x.width + at]!;
        }
      }
    }
    return sum;
  });
}

/** By the running statistics, with PyTorch's epsilon. */
function norm(dict: StateDict, name: string, x: Image): Image {
  const part = (what: string) => dict.get(`${name}.${what}`)?.values as Float32Array;
  const [weight, bias, mean, variance] = ['weight', 'bias', 'running_mean', 'running_var'].map(
    part,
  );
  const size = x.height * x.width;
  const data = x.data.map((value, i) => {
    const c = Math.floor(i / size);
    return ((value - mean![c]!) / Math.sqrt(variance![c]! + 1e-5)) * weight![c]! + bias![c]!;
  });
  return { ...x, data };
}

function relu(x: Image): Image {
  return { ...x, data: x.data.map((value) => Math.max(value, 0)) };
}

function maxPool(x: Image, window: number, stride: number, padding: number): Image {
  const [height, width] = [x.height, x.width].map((n) => windows(n, window, stride, padding));
  return build(x.channels, height!, width!, (c, top, left) => {
    let largest = Number.NEGATIVE_INFINITY;
    for (let y = top * stride - padding; y < top * stride - padding + window; y++) {
      for (let at = left * stride - padding; at < left * stride - padding + window; at++) {
        if (y < 0 || y >= x.height || at < 0 || at >= x.width) continue;
        largest = Math.max(largest, x.data[(c * x.height + y) * x.width + at]!);
      }
    }
    return largest;
  });
}

const windows = (extent: number, window: number, stride: number, padding: number) =>
  Math.floor((extent + 2 * padding - window) / stride) + 1;

/** An image by its pixels. */
export function build(
  channels: number,
  height: number,
  width: number,
  pixel: (c: number, y: number, x: number) => number,
): Image {
  const data = new Float64Array(channels * height * width);
  for (let c = 0, at = 0; c < channels; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) data[at++] = pixel(c, y, x);
    }
  }
  return { channels, height, width, data };
}

// The products and convolutions whose variants are compared: those of the bench and of the models' steps.
import type { DeviceLimits } from '../../src/device/device.ts';
import {
  filterGradientInBlocks,
  forwardInBlocks,
  inputGradientInBlocks,
} from '../../src/kernels/convolution/blocks.ts';
import { NO_EPILOGUE } from '../../src/kernels/epilogue.ts';
import { type Launches, product } from '../../src/kernels/launch.ts';
import {
  type BlockedVariant,
  blockedVariants,
  chooseBlocked,
} from '../../src/kernels/matmul/blocked-variant.ts';
import { matMulInBlocks } from '../../src/kernels/matmul/matmul.ts';

export interface Problem {
  readonly name: string;
  readonly inputs: readonly (readonly number[])[];
  readonly output: readonly number[];
  readonly flops: number;
  /** All that the device can run, and what wgrad would choose of them. */
  readonly variants: readonly BlockedVariant[];
  readonly chosen: BlockedVariant;
  readonly launches: (variant: BlockedVariant) => Launches;
}

type Layout = 'NN' | 'NT' | 'TN';

export function problems(limits: DeviceLimits, dry: boolean): Problem[] {
  if (dry) return [matMul(limits, [40, 70, 36]), ...convolutions(limits, [2, 7, 8], 12)];
  const layouts: readonly Layout[] = ['NN', 'NT', 'TN'];
  return [
    ...layouts.map((layout) => matMul(limits, [1024, 1024, 1024], layout)),
    ...layouts.map((layout) => matMul(limits, [256, 256, 256], layout)),
    matMul(limits, [4096, 4096, 4096]),
    // Dense layers of the MNIST models: forward, and the gradients of the weights.
    ...[32, 128, 1024].flatMap((batch) => [
      matMul(limits, [batch, 784, 16]),
      matMul(limits, [batch, 576, 64]),
      matMul(limits, [784, batch, 16], 'TN'),
      matMul(limits, [576, batch, 64], 'TN'),
    ]),
    // Convolutions of 1 × 1 in a ResNet-50.
    matMul(limits, [8192, 256, 64]),
    matMul(limits, [2048, 512, 128]),
    matMul(limits, [512, 1024, 256]),
    matMul(limits, [128, 2048, 512]),
    // Convolutions of 3 × 3 in the MNIST models and in a ResNet-50.
    ...[32, 128].flatMap((batch) => [
      ...convolutions(limits, [batch, 14, 32], 64),
      ...convolutions(limits, [batch, 14, 64], 64),
    ]),
    ...convolutions(limits, [128, 8, 128], 128),
    ...convolutions(limits, [128, 4, 256], 256),
    ...convolutions(limits, [128, 2, 512], 512),
  ];
}

function matMul(
  limits: DeviceLimits,
  [rows, depth, columns]: readonly [number, number, number],
  layout: Layout = 'NN',
): Problem {
  const extent = { batches: 1, rows, columns, depth };
  const [transposeA, transposeB] = [layout === 'TN', layout === 'NT'];
  const inputs = [
    transposeA ? [depth, rows] : [rows, depth],
    transposeB ? [columns, depth] : [depth, columns],
  ];
  const output = [rows, columns];
  return {
    name: `matMul ${rows}x${depth}x${columns} ${layout}`,
    inputs,
    output,
    flops: 2 * rows * depth * columns,
    variants: blockedVariants(extent, limits),
    chosen: chooseBlocked(extent, limits),
    launches: (variant) =>
      matMulInBlocks(
        {
          inputs: inputs.map((shape) => ({ shape, dtype: 'f32' })),
          output: { shape: output, dtype: 'f32' },
          attributes: { transposeA, transposeB },
          epilogue: NO_EPILOGUE,
          limits,
        },
        variant,
      ),
  };
}

/** All three directions of a convolution of 3 × 3 with padding, of so many square images. */
function convolutions(
  limits: DeviceLimits,
  [batch, size, channels]: readonly [number, number, number],
  filters: number,
): Problem[] {
  const image = [batch, size, size, channels];
  const filter = [3, 3, channels, filters];
  const output = [batch, size, size, filters];
  const pixels = product([batch, size, size]);
  const directions = [
    {
      name: 'conv2d',
      rule: forwardInBlocks,
      inputs: [image, filter],
      output,
      sizes: [pixels, filters, 9 * channels],
    },
    {
      name: 'conv2d input grad',
      rule: inputGradientInBlocks,
      inputs: [output, filter],
      output: image,
      sizes: [pixels, channels, 9 * filters],
    },
    {
      name: 'conv2d filter grad',
      rule: filterGradientInBlocks,
      inputs: [image, output],
      output: filter,
      sizes: [9 * channels, filters, pixels],
    },
  ] as const;
  const attributes = { strides: [1, 1], dilations: [1, 1], padding: [1, 1, 1, 1] } as const;
  return directions.map(({ name, rule, inputs, output, sizes: [rows, columns, depth] }) => {
    const extent = { batches: 1, rows, columns, depth };
    return {
      name: `${name} ${image.join('x')}->${filters}`,
      inputs,
      output,
      flops: 2 * rows * columns * depth,
      variants: blockedVariants(extent, limits),
      chosen: chooseBlocked(extent, limits),
      launches: (variant) =>
        rule(
          {
            inputs: inputs.map((shape) => ({ shape, dtype: 'f32' })),
            output: { shape: output, dtype: 'f32' },
            attributes,
            epilogue: NO_EPILOGUE,
            limits,
          },
          variant,
        ),
    };
  });
}

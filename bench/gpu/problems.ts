// The products and convolutions whose variants are compared: those of the bench and of the models' steps.
import type { DeviceLimits } from '../../src/device/device.ts';
import { Choices } from '../../src/graph/tuning/choices.ts';
import type { Contest } from '../../src/graph/tuning/fastest.ts';
import {
  filterGradientInBlocks,
  forwardInBlocks,
  inputGradientInBlocks,
} from '../../src/kernels/convolution/blocks.ts';
import type { Conv2dAttributes } from '../../src/kernels/convolution/geometry.ts';
import { NO_EPILOGUE } from '../../src/kernels/epilogue.ts';
import {
  type Attributes,
  type KernelContext,
  type LaunchContext,
  type Launches,
  type Operand,
  product,
} from '../../src/kernels/launch.ts';
import {
  type BlockedVariant,
  blockedVariants,
  nameOf,
} from '../../src/kernels/matmul/blocked-variant.ts';
import { matMulInBlocks } from '../../src/kernels/matmul/on-gpu.ts';
import type { MatMulAttributes } from '../../src/kernels/matmul/problem.ts';
import type { Extent } from '../../src/kernels/matmul/variant.ts';

export interface Problem extends Pick<Contest, 'inputs' | 'output'> {
  readonly name: string;
  readonly flops: number;
  /** What the tuner knows the problem by, and the ways that it would measure, what is chosen without it first. */
  readonly tuned: string;
  readonly ways: readonly string[];
  /** All that the device can run, by name. */
  readonly variants: ReadonlyMap<string, () => Launches>;
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
  const [transposeA, transposeB] = [layout === 'TN', layout === 'NT'];
  const attributes = { transposeA, transposeB };
  const inputs = [
    transposeA ? [depth, rows] : [rows, depth],
    transposeB ? [columns, depth] : [depth, columns],
  ];
  return problemOf<MatMulAttributes>(
    `matMul ${rows}x${depth}x${columns} ${layout}`,
    matMulInBlocks,
    { ...operands(inputs, [rows, columns]), attributes, epilogue: NO_EPILOGUE, limits },
    { batches: 1, rows, columns, depth },
  );
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
      shapes: operands([image, filter], output),
      sizes: [pixels, filters, 9 * channels],
    },
    {
      name: 'conv2d input grad',
      rule: inputGradientInBlocks,
      shapes: operands([output, filter], image),
      sizes: [pixels, channels, 9 * filters],
    },
    {
      name: 'conv2d filter grad',
      rule: filterGradientInBlocks,
      shapes: operands([image, output], filter),
      sizes: [9 * channels, filters, pixels],
    },
  ] as const;
  const attributes = { strides: [1, 1], dilations: [1, 1], padding: [1, 1, 1, 1] } as const;
  return directions.map(({ name, rule, shapes, sizes: [rows, columns, depth] }) =>
    problemOf<Conv2dAttributes>(
      `${name} ${image.join('x')}->${filters}`,
      rule,
      { ...shapes, attributes, epilogue: NO_EPILOGUE, limits },
      { batches: 1, rows, columns, depth },
    ),
  );
}

function operands(inputs: readonly (readonly number[])[], output: readonly number[]) {
  const f32 = (shape: readonly number[]): Operand => ({ shape, dtype: 'f32' });
  return { inputs: inputs.map(f32), output: f32(output) };
}

function problemOf<A extends Attributes>(
  name: string,
  rule: (context: KernelContext<A>, variant?: BlockedVariant) => Launches,
  context: KernelContext<A>,
  extent: Extent,
): Problem {
  const choices = new Choices();
  const own = (given: LaunchContext) => rule({ ...given, attributes: context.attributes });
  own({ ...context, pick: choices.pickFor(own, context) });
  const [met] = choices.takeMissing();
  if (!met) throw new Error(`${name} has one way only`);
  const [tuned, { ways }] = met;
  return {
    name,
    inputs: context.inputs,
    output: context.output,
    flops: 2 * product(Object.values(extent)),
    tuned,
    ways: [...ways.keys()],
    variants: new Map(
      blockedVariants(extent, context.limits).map((variant) => [
        nameOf(variant),
        () => rule(context, variant),
      ]),
    ),
  };
}

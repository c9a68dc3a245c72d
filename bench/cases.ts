// What is timed, as data. A peer reads a case and builds the work; nothing here knows a library.
import { type ModelName, type Padding, trainStepFlops, windows } from './models.ts';

export interface ConvShape {
  /** Batch, height, width, channels. */
  readonly input: readonly [number, number, number, number];
  readonly filters: number;
  /** Height and width of the filter; the stride is 1. */
  readonly size: number;
  readonly padding: Padding;
}

export type MatMulLayout = 'NN' | 'NT' | 'TN';

export type Work =
  /** [m, k] times [k, n]; an operand whose letter is T lies in memory transposed. */
  | {
      readonly kind: 'matMul';
      readonly m: number;
      readonly k: number;
      readonly n: number;
      readonly layout: MatMulLayout;
    }
  /** relu(a·b + c) of vectors. */
  | { readonly kind: 'elementwise'; readonly size: number }
  /** Of each row. */
  | { readonly kind: 'softmax'; readonly rows: number; readonly columns: number }
  /** Of each row (axis 1) or each column (axis 0). */
  | {
      readonly kind: 'sum';
      readonly rows: number;
      readonly columns: number;
      readonly axis: 0 | 1;
    }
  /** One direction of a convolution alone; the gradients start from a given dy. */
  | ({ readonly kind: 'conv2d' } & ConvShape)
  | ({ readonly kind: 'conv2dInputGrad' } & ConvShape)
  | ({ readonly kind: 'conv2dFilterGrad' } & ConvShape)
  /** 2×2 windows, stride 2, valid. `backward` adds the gradient of x from a given dy. */
  | {
      readonly kind: 'maxPool2d';
      readonly input: readonly [number, number, number, number];
      readonly backward: boolean;
    }
  /** Training mode (statistics of the batch), then the gradients of x, gamma and beta from dy. */
  | {
      readonly kind: 'batchNormTraining';
      readonly input: readonly [number, number, number, number];
      readonly epsilon: number;
    }
  /** Mean loss of logits [batch, classes] and i32 labels, and the gradient of the logits. */
  | {
      readonly kind: 'softmaxCrossEntropy';
      readonly batch: number;
      readonly classes: number;
    }
  /**
   * Forward, gradients, one Adam update; the loss is read back. The batch is on the device. `compiled`:
   * by a function that the library has compiled before.
   */
  | {
      readonly kind: 'trainStep';
      readonly model: ModelName;
      readonly batch: number;
      readonly learningRate: number;
      readonly compiled: boolean;
    };

export interface Case {
  readonly name: string;
  readonly work: Work;
  /** Floating point operations of one iteration, where counting them says something. */
  readonly flops?: number;
}

export function matMul(m: number, k: number, n: number, layout: MatMulLayout = 'NN'): Case {
  const name = `matMul ${m}x${k}x${n}${layout === 'NN' ? '' : ` ${layout}`}`;
  return { name, work: { kind: 'matMul', m, k, n, layout }, flops: 2 * m * k * n };
}

/** All three directions. */
export function convolutions(shape: ConvShape): [Case, Case, Case] {
  const [batch, height, width, channels] = shape.input;
  const { filters, size, padding } = shape;
  const pixels = windows(height, size, 1, padding) * windows(width, size, 1, padding);
  // All three directions do the same multiplies, only summed over different indices.
  const flops = 2 * batch * pixels * filters * size * size * channels;
  const label = `${shape.input.join('x')}->${filters}`;
  return [
    { name: `conv2d ${label}`, work: { kind: 'conv2d', ...shape }, flops },
    { name: `conv2d input grad ${label}`, work: { kind: 'conv2dInputGrad', ...shape }, flops },
    { name: `conv2d filter grad ${label}`, work: { kind: 'conv2dFilterGrad', ...shape }, flops },
  ];
}

function sum(rows: number, columns: number, axis: 0 | 1): Case {
  return {
    name: `sum ${rows}x${columns} of each ${axis === 1 ? 'row' : 'column'}`,
    work: { kind: 'sum', rows, columns, axis },
  };
}

function maxPools(input: readonly [number, number, number, number]): Case[] {
  return [false, true].map((backward) => ({
    name: `maxPool2d ${input.join('x')} ${backward ? 'fwd+bwd' : 'fwd'}`,
    work: { kind: 'maxPool2d', input, backward },
  }));
}

function crossEntropy(batch: number, classes: number): Case {
  return {
    name: `softmaxCrossEntropy ${batch}x${classes} fwd+bwd`,
    work: { kind: 'softmaxCrossEntropy', batch, classes },
  };
}

export function trainStep(model: ModelName, batch: number, { compiled = false } = {}): Case {
  return {
    name: `${compiled ? 'compiled ' : ''}train step ${model} batch ${batch}`,
    work: { kind: 'trainStep', model, batch, learningRate: 1e-3, compiled },
    flops: trainStepFlops(model, batch),
  };
}

/** The cases that are compared with what the processor could do at best. */
export function isProduct({ work: { kind } }: Case): boolean {
  return kind === 'matMul' || kind.startsWith('conv2d');
}

export const cases: readonly Case[] = [
  matMul(256, 256, 256),
  matMul(512, 512, 512),
  matMul(1024, 1024, 1024),
  matMul(128, 784, 16),
  ...convolutions({ input: [32, 13, 13, 32], filters: 64, size: 3, padding: 'valid' }),
  ...convolutions({ input: [128, 28, 28, 1], filters: 32, size: 3, padding: 'valid' }),
  convolutions({ input: [32, 14, 14, 64], filters: 64, size: 3, padding: 'same' })[0],
  ...maxPools([32, 26, 26, 32]),
  {
    name: 'batchNorm 32x13x13x64 fwd+bwd',
    work: { kind: 'batchNormTraining', input: [32, 13, 13, 64], epsilon: 1e-3 },
  },
  crossEntropy(128, 10),
  crossEntropy(1024, 1000),
  { name: 'softmax 1024x1000', work: { kind: 'softmax', rows: 1024, columns: 1000 } },
  sum(4096, 1024, 1),
  sum(4096, 1024, 0),
  { name: 'relu(a*b+c) 4M', work: { kind: 'elementwise', size: 2 ** 22 } },
  trainStep('dnn', 32),
  trainStep('dnn', 128),
  trainStep('convnet', 32),
  trainStep('convnet', 128),
  trainStep('resnet', 32),
  trainStep('resnet', 128),
  trainStep('dnn', 32, { compiled: true }),
  trainStep('dnn', 128, { compiled: true }),
  trainStep('convnet', 32, { compiled: true }),
  trainStep('convnet', 128, { compiled: true }),
];

import type { DeviceLimits } from '../../../../src/device/device.ts';
import * as batchNorm from '../../../../src/kernels/batch-norm/batch-norm.ts';
import * as depthwise from '../../../../src/kernels/convolution/depthwise.ts';
import type { DType } from '../../../../src/kernels/dtype.ts';
import { gather } from '../../../../src/kernels/gather/gather.ts';
import { scatterAdd } from '../../../../src/kernels/gather/scatter.ts';
import {
  type Binding,
  input,
  type Launches,
  type Operand,
} from '../../../../src/kernels/launch.ts';
import { clipNorm } from '../../../../src/kernels/optimizers/clip-norm.ts';
import type {
  Clipping,
  Formula,
  UpdateContext,
} from '../../../../src/kernels/optimizers/formula.ts';
import { lossScale } from '../../../../src/kernels/optimizers/loss-scale.ts';
import { trust } from '../../../../src/kernels/optimizers/trust.ts';
import { update } from '../../../../src/kernels/optimizers/update.ts';
import * as pool from '../../../../src/kernels/pooling/pooling.ts';
import { argReduce } from '../../../../src/kernels/reduce/arg-reduce.ts';
import { reduce } from '../../../../src/kernels/reduce/reduce.ts';
import * as crossEntropy from '../../../../src/kernels/softmax/cross-entropy.ts';
import { softmax } from '../../../../src/kernels/softmax/softmax.ts';
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  matMul,
} from '../../../kernels/by-device.ts';
import { activations, type Ending, epilogueOf, NO_ENDING } from '../../../kernels/endings.ts';
import {
  adadelta,
  adagrad,
  adam,
  adamax,
  lamb,
  lars,
  lion,
  nadam,
  rmsprop,
  sgd,
  sgdWithMomentum,
} from '../../../kernels/optimizers/formulas.ts';

/** A launch rule applied to operands: enough to run it with any numbers. */
export interface LaunchCase {
  readonly name: string;
  readonly inputs: readonly Operand[];
  readonly output: Operand;
  readonly launches: Launches;
}

// biome-ignore lint/suspicious/noExplicitAny: launch rules take contexts of many types
type Rule = (context: any) => Launches;

const f32 = (...shape: number[]): Operand => ({ shape, dtype: 'f32' });
const typed = (dtype: DType, ...shape: number[]): Operand => ({ shape, dtype });

/** Every launch rule, with shapes that lead to each of its variants, for one kind of device. */
export function launchCases(cpu: boolean): LaunchCase[] {
  const limits: DeviceLimits = {
    cpu,
    slowLoads: cpu,
    lanes: 16_000,
    maxWorkgroupBytes: 2 ** 15,
    maxStorageBuffers: 8,
    maxBindingBytes: 2 ** 27,
    maxBufferBytes: 2 ** 28,
    maxWorkgroupsPerDimension: 65535,
  };
  const cases: LaunchCase[] = [];
  const add = (
    rule: Rule,
    inputs: readonly Operand[],
    output: Operand,
    attributes: object = {},
    ending: Ending = NO_ENDING,
    besides: readonly Operand[] = [],
  ) => {
    const { epilogue, given } = epilogueOf(output.shape, ending, limits);
    const alongside = besides.map(() => true);
    const made = given(rule({ inputs, output, attributes, epilogue, limits, alongside }));
    // What it computes besides lies behind the inputs.
    const place = (binding: Binding) =>
      'alongside' in binding ? input(inputs.length + binding.alongside) : binding;
    const launches = made.launches.map((one) => ({ ...one, bindings: one.bindings.map(place) }));
    const all = [...inputs, ...besides];
    cases.push({ name: rule.name, inputs: all, output, launches: { ...made, launches } });
  };
  products(add);
  convolutions(add);
  rows(add, cpu);
  windows(add);
  moves(add);
  return cases;
}

type Add = (
  rule: Rule,
  inputs: readonly Operand[],
  output: Operand,
  attributes?: object,
  ending?: Ending,
  besides?: readonly Operand[],
) => void;

function products(add: Add): void {
  for (const [m, k, n] of [
    [1, 40, 9],
    [3, 7, 5],
    [16, 12, 20],
    [70, 33, 66],
    [8, 3000, 8],
  ] as const) {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const a = transposeA ? f32(k, m) : f32(m, k);
        const b = transposeB ? f32(n, k) : f32(k, n);
        add(matMul, [a, b], f32(m, n), { transposeA, transposeB });
      }
    }
  }
  const plain = { transposeA: false, transposeB: false };
  for (const activation of activations) {
    const inputs = [f32(9, 16), f32(16, 12)];
    add(matMul, inputs, f32(9, 12), plain, { bias: true, activation });
  }
  add(matMul, [f32(3, 5, 6), f32(3, 6, 7)], f32(3, 5, 7), plain);
}

function convolutions(add: Add): void {
  const square = { strides: [1, 1], dilations: [1, 1], padding: [1, 1, 1, 1] };
  const odd = { strides: [2, 1], dilations: [1, 2], padding: [0, 1, 2, 0] };
  const bare = { ...square, padding: [0, 0, 0, 0] };
  const image = f32(2, 7, 6, 4);
  for (const [attributes, height, width] of [
    [square, 7, 6],
    [odd, 3, 4],
    [bare, 5, 4],
  ] as const) {
    const filter = f32(3, 3, 4, 8);
    const output = f32(2, height, width, 8);
    add(conv2d, [image, filter], output, attributes);
    add(conv2d, [image, filter], output, attributes, { bias: true, activation: 'relu' });
    add(conv2dInputGradient, [output, filter], image, attributes);
    add(conv2dFilterGradient, [image, output], filter, attributes);
  }
  const narrow = [f32(2, 7, 6, 1), f32(3, 3, 1, 3)] as const;
  add(conv2d, narrow, f32(2, 7, 6, 3), square);
  for (const [channels, outputs] of [
    [8, 8],
    [3, 3],
    [4, 12],
  ] as const) {
    const image = f32(2, 7, 6, channels);
    const filter = f32(3, 3, 1, outputs);
    const output = f32(2, 7, 6, outputs);
    add(depthwise.depthwise, [image, filter], output, square);
    add(depthwise.depthwiseInputGradient, [output, filter], image, square);
    add(depthwise.depthwiseFilterGradient, [image, output], filter, square);
  }
}

function rows(add: Add, cpu: boolean): void {
  for (const name of ['sum', 'max', 'min', 'prod'] as const) {
    for (const dtype of ['f32', 'i32', 'u32'] as const) {
      for (const [outer, size, inner] of [
        [5, 37, 1],
        [3, 64, 1],
        [2, 21, 12],
        [4, 9, 3],
        [1, 20000, 1],
      ] as const) {
        if (dtype !== 'f32' && (size > 40 || name === 'min')) continue;
        const attributes = { reduce: name, outer, size, inner };
        add(reduce, [typed(dtype, outer, size, inner)], typed(dtype, outer, inner), attributes);
      }
    }
  }
  for (const [outer, size, inner] of [
    [6, 20, 1],
    [2, 9, 4],
    [1, 5000, 1],
  ] as const) {
    for (const name of ['argMax', 'argMin']) {
      const output = typed('i32', outer, inner);
      add(argReduce, [f32(outer, size, inner)], output, { reduce: name, outer, size, inner });
    }
  }
  for (const size of [12, 11, 600]) {
    for (const log of [false, true]) add(softmax, [f32(5, size)], f32(5, size), { log });
    const labels = typed('i32', 5);
    add(crossEntropy.softmaxCrossEntropy, [f32(5, size), labels], f32(5));
    const inputs = [f32(5, size), labels, f32(5)];
    add(crossEntropy.softmaxCrossEntropyGradient, inputs, f32(5, size));
  }
  for (const channels of [8, 5]) {
    for (const count of [40, 300]) {
      const [x, c] = [f32(count, channels), f32(channels)];
      add(batchNorm.batchNormMean, [x], c);
      add(batchNorm.batchNormVariance, [x], c, {}, NO_ENDING, [c]);
      add(batchNorm.batchNormNormalize, [x, c, c, c, c], x);
      add(batchNorm.batchNormShiftGradient, [x, x, c, c], c);
      add(batchNorm.batchNormScaleGradient, [x, x, c, c], c, {}, NO_ENDING, [c]);
      add(batchNorm.batchNormInputGradient, [x, x, c, c, c, c, c], x);
      if (cpu) continue;
      add(batchNorm.batchNormTraining, [x, c, c, c, c], x, {}, NO_ENDING, [c, c]);
      add(batchNorm.batchNormInputGradient, [x, x, c, c, c, c, c], x, {}, NO_ENDING, [c, c]);
    }
  }
}

function windows(add: Add): void {
  for (const channels of [4, 3]) {
    for (const [window, strides, padding, out] of [
      [
        [2, 2],
        [2, 2],
        [0, 0, 0, 0],
        [3, 4],
      ],
      [
        [3, 2],
        [2, 1],
        [1, 1, 0, 1],
        [3, 8],
      ],
    ] as const) {
      const attributes = { window, strides, padding };
      const image = f32(2, 6, 8, channels);
      const output = f32(2, ...out, channels);
      add(pool.maxPool2d, [image], output, attributes);
      add(pool.avgPool2d, [image], output, attributes);
      add(pool.maxPool2dGradient, [image, output], image, attributes);
      add(pool.avgPool2dGradient, [output], image, attributes);
    }
  }
}

function moves(add: Add): void {
  for (const [dtype, inner] of [
    ['f32', 4],
    ['f32', 3],
    ['u8', 3],
  ] as const) {
    const attributes = { outer: 2, size: 6, inner };
    add(
      gather,
      [typed(dtype, 2, 6, inner), typed('i32', 5)],
      typed(dtype, 2, 5, inner),
      attributes,
    );
  }
  for (const inner of [4, 3]) {
    const attributes = { outer: 2, size: 6, inner };
    add(scatterAdd, [f32(2, 5, inner), typed('i32', 5)], f32(2, 6, inner), attributes);
  }
  const flat = f32(100);
  const step = (formula: Formula, clipping: Clipping = {}) => {
    const rule = (context: UpdateContext) => update(formula, context);
    Object.defineProperty(rule, 'name', { value: formula.kind });
    const count = 2 + formula.moments.length + Number(clipping.scales ?? false);
    add(rule, Array(count).fill(flat), flat, clipping);
  };
  step(sgd);
  for (const nesterov of [false, true]) step(sgdWithMomentum({ nesterov }));
  step(adam);
  for (const formula of [adagrad, adadelta, adamax, nadam, lion]) step(formula);
  step(adagrad, { scales: true, clipValue: true });
  step(adam, { scales: true, skips: true });
  // One variable: what two of them own must not overlap.
  const [blocks, bounds] = [typed('u32', 5), typed('u32', 2)];
  for (const clipping of [{}, { scales: true, clipValue: true }]) {
    const scale = 'scales' in clipping ? [f32(1)] : [];
    for (const formula of [lamb, lars]) {
      const operands = [...Array(2 + formula.moments.length).fill(f32(320)), ...scale];
      const ratios = (context: UpdateContext) => trust(formula, formula.direction!, context);
      const rule = (context: UpdateContext) => update(formula, context);
      add(ratios, [...operands, blocks, bounds], f32(5), clipping);
      add(rule, [...operands, f32(5)], f32(320), clipping);
    }
  }
  for (const momentum of [false, true]) {
    for (const centered of [false, true]) step(rmsprop({ momentum, centered }));
  }
  const gradients = [f32(128), typed('u32', 2), f32(64), typed('u32', 1)];
  add(clipNorm, gradients, f32(1));
  add(clipNorm, [...gradients, f32(2)], f32(1));
  add(lossScale, [f32(2), f32(1)], f32(0));
}

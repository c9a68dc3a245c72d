import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceLimits } from '../../../src/device/device.ts';
import {
  batchNormInputGradient,
  batchNormMean,
  batchNormNormalize,
  batchNormScaleGradient,
  batchNormShiftGradient,
  batchNormTraining,
  batchNormVariance,
} from '../../../src/kernels/batch-norm/batch-norm.ts';
import {
  chooseMapSpan,
  chooseSumSpan,
  columnsOf,
  togetherOf,
} from '../../../src/kernels/batch-norm/columns.ts';
import {
  chooseMergers,
  chooseOwnership,
  mayOwn,
  type Ownership,
} from '../../../src/kernels/batch-norm/whole-columns.ts';
import type { HostArray } from '../../../src/kernels/dtype.ts';
import type { LaunchContext, Launches } from '../../../src/kernels/launch.ts';
import { type Call, kinds, runKernelAlongside } from '../harness.ts';

const test = suite('kernels: batch-norm');

const EPSILON = 1e-3;

interface Case {
  readonly rows: number;
  readonly channels: number;
  readonly x: Float32Array;
  readonly g: Float32Array;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
}

function makeCase(rows: number, channels: number, mean = 0): Case {
  const wave = (count: number, seed: number) =>
    Float32Array.from({ length: count }, (_, i) => Math.sin((i + 1) * 78.233 + seed) * 1.4);
  return {
    rows,
    channels,
    x: wave(rows * channels, 1).map((value, i) => value + mean * (1 + (i % channels))),
    g: wave(rows * channels, 2),
    gamma: wave(channels, 3),
    beta: wave(channels, 4),
  };
}

function expected({ rows, channels, x, g, gamma, beta }: Case) {
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  const shift = new Float64Array(channels);
  const scale = new Float64Array(channels);
  const y = new Float64Array(rows * channels);
  const dx = new Float64Array(rows * channels);
  for (let c = 0; c < channels; c++) {
    const column = Array.from({ length: rows }, (_, r) => x[r * channels + c] as number);
    const center = column.reduce((a, b) => a + b, 0) / rows;
    const spread = column.reduce((a, b) => a + (b - center) ** 2, 0) / rows;
    const sigma = Math.sqrt(spread + EPSILON);
    mean[c] = center;
    variance[c] = spread;
    column.forEach((value, r) => {
      const grad = g[r * channels + c] as number;
      y[r * channels + c] = ((value - center) / sigma) * gamma[c]! + beta[c]!;
      shift[c]! += grad;
      scale[c]! += (grad * (value - center)) / sigma;
    });
    column.forEach((value, r) => {
      const hat = (value - center) / sigma;
      const rest = g[r * channels + c]! - shift[c]! / rows - (hat * scale[c]!) / rows;
      dx[r * channels + c] = (gamma[c]! / sigma) * rest;
    });
  }
  return { mean, variance, y, shift, scale, dx };
}

type Results = ReturnType<typeof expected>;
type Operands = 'x' | 'g' | 'gamma' | 'beta' | 'mean' | 'variance' | 'shift' | 'scale';

/** Runs kernels on the operands of a problem by name, with the right values of earlier kernels. */
function caller(problem: Case, shape: number[], limits: Call<unknown>['limits'] = {}) {
  const { channels } = problem;
  const { mean, variance, shift, scale } = expected(problem);
  const vector = (data: ArrayLike<number>) => ({
    shape: [channels],
    data: Float32Array.from(data),
  });
  const operands = {
    x: { shape, data: problem.x },
    g: { shape, data: problem.g },
    mean: vector(mean),
    variance: vector(variance),
    gamma: vector(problem.gamma),
    beta: vector(problem.beta),
    shift: vector(shift),
    scale: vector(scale),
  };
  return (
    kernel: (context: LaunchContext) => Launches,
    names: readonly Operands[],
    outputShape: number[],
    alongside = 0,
  ) =>
    runKernelAlongside((context: LaunchContext) => kernel(context), {
      inputs: names.map((name) => operands[name]),
      output: { shape: outputShape },
      attributes: {},
      scalars: { epsilon: EPSILON },
      limits,
      alongside: Array.from({ length: alongside }, () => [channels]),
    });
}

const BOTH = ['x', 'g', 'mean', 'variance'] as const;
const ALL = [...BOTH, 'gamma', 'shift', 'scale'] as const;
const NORMALIZED = ['x', 'mean', 'variance', 'gamma', 'beta'] as const;

/** What each kernel computes, in chunks of rows. */
async function run(
  problem: Case,
  shape: number[],
  span?: number,
  limits?: Call<unknown>['limits'],
) {
  const own = [problem.channels];
  const call = caller(problem, shape, limits);
  const [mean] = await call((context) => batchNormMean(context, span), ['x'], own);
  const [variance, meanToo] = await call((c) => batchNormVariance(c, span), ['x'], own, 1);
  const [y] = await call((context) => batchNormNormalize(context, span), NORMALIZED, shape);
  const [shift] = await call((context) => batchNormShiftGradient(context, span), BOTH, own);
  const [scale, shiftToo] = await call((c) => batchNormScaleGradient(c, span), BOTH, own, 1);
  const [dx] = await call((context) => batchNormInputGradient(context, span), ALL, shape);
  assert.equal(meanToo, mean);
  assert.equal(shiftToo, shift);
  return { mean, variance, y, shift, scale, dx } as { [Name in keyof Results]: HostArray };
}

/** What the kernels compute whose workgroups own columns whole. */
async function runWhole(problem: Case, shape: number[], ownership?: Ownership) {
  const call = caller(problem, shape);
  const training = (context: LaunchContext) => batchNormTraining(context, ownership);
  const gradient = (context: LaunchContext) => batchNormInputGradient(context, 4, ownership);
  const [y, mean, variance] = await call(training, NORMALIZED, shape, 2);
  const [dx, shift, scale] = await call(gradient, ALL, shape, 2);
  return { mean, variance, y, shift, scale, dx } as { [Name in keyof Results]: HostArray };
}

function close(actual: HostArray, wanted: Float64Array, tolerance: number, what: string) {
  assert.is(actual.length, wanted.length);
  wanted.forEach((value, i) => {
    const error = Math.abs((actual[i] as number) - value) / Math.max(1, Math.abs(value));
    assert.ok(error <= tolerance, `${what}[${i}]: ${actual[i]}, not ${value}`);
  });
}

/** `terms`: how large what is added up gets before it cancels, for sums of many rows. */
function allClose(
  actual: { [Name in keyof Results]: HostArray },
  problem: Case,
  what: string,
  terms = 1,
) {
  const { rows, channels } = problem;
  for (const [name, wanted] of Object.entries(expected(problem))) {
    const tolerance = 2e-5 * (name === 'shift' || name === 'scale' ? terms : 1);
    const about = `${name} of ${rows}×${channels}, ${what}`;
    close(actual[name as keyof Results], wanted, tolerance, about);
  }
}

async function check(problem: Case, span?: number) {
  allClose(await run(problem, [problem.rows, problem.channels], span), problem, `span ${span}`);
}

test('chunks merged by whole workgroups', async () => {
  for (const channels of [1, 3, 4, 8, 67, 80]) {
    for (const rows of [5, 131, 1100]) {
      const shape = [rows, channels];
      const problem = makeCase(rows, channels);
      allClose(await run(problem, shape, 4, kinds.gpu), problem, 'merged', Math.sqrt(rows));
      const far = makeCase(rows, channels, 1000);
      const { mean, variance } = await moments(far, 4, kinds.gpu);
      close(mean, expected(far).mean, 2e-5, `mean of ${shape}`);
      close(variance, expected(far).variance, 2e-5, `variance of ${shape}`);
    }
  }
});

test('columns owned by whole workgroups, one or many, by few rows and by many', async () => {
  for (const channels of [1, 4, 67, 80]) {
    for (const rows of [1, 17, 1100]) {
      const problem = makeCase(rows, channels);
      for (const COLUMNS of [1, 8]) {
        const actual = await runWhole(problem, [rows, channels], { WORKGROUP: 64, COLUMNS });
        allClose(actual, problem, `${COLUMNS} columns`, Math.sqrt(rows));
      }
    }
  }
});

test('columns of as many rows as a workgroup owns', async () => {
  const problem = makeCase(8192, 20);
  allClose(await runWhole(problem, [8, 32, 32, 20]), problem, 'whole', Math.sqrt(8192));
});

test('one and four channels at a time, one column, two and four, one chunk and several', async () => {
  for (const channels of [1, 3, 4, 8, 16, 67]) {
    for (const rows of [1, 2, 17, 131]) {
      for (const span of [undefined, 1000, 4, 16]) await check(makeCase(rows, channels), span);
    }
  }
});

test('rows of many channels, as a whole', async () => {
  for (const channels of [32, 64, 128, 256, 384]) {
    for (const span of [undefined, 68, 16]) await check(makeCase(131, channels), span);
  }
});

test('many rows', () => check(makeCase(5408, 64)));

async function moments(problem: Case, span?: number, limits?: Call<unknown>['limits']) {
  const { rows, channels } = problem;
  const call = caller(problem, [rows, channels], limits);
  const [variance, mean] = await call((c) => batchNormVariance(c, span), ['x'], [channels], 1);
  return { mean, variance } as { mean: HostArray; variance: HostArray };
}

/** Mean and variance, however they are computed. */
async function everyMoments(problem: Case, spans: readonly (number | undefined)[]) {
  const inChunks = spans.flatMap((span) =>
    [{}, kinds.gpu].map(async (limits) => ({
      ...(await moments(problem, span, limits)),
      how: `span ${span}`,
    })),
  );
  const whole = [1, 64].map(async (COLUMNS) => ({
    ...(await runWhole(problem, [problem.rows, problem.channels], { WORKGROUP: 64, COLUMNS })),
    how: `${COLUMNS} columns`,
  }));
  return Promise.all([...inChunks, ...whole]);
}

test('a mean far above the deviation', async () => {
  const problem = makeCase(2000, 4, 1000);
  const wanted = expected(problem);
  for (const { how, ...actual } of await everyMoments(problem, [undefined, 4096, 64, 8])) {
    for (const [name, most] of [
      ['mean', 1e-6],
      ['variance', 2e-4],
    ] as const) {
      wanted[name].forEach((value, i) => {
        const error = Math.abs((actual[name][i] as number) / value - 1);
        assert.ok(error < most, `${how}, ${name}[${i}]: ${actual[name][i]} ${value}`);
      });
    }
  }
});

test('a variance is as exact as ever at a mean a million times the deviation', async () => {
  for (const mean of [1e6, -2e6]) {
    const problem = makeCase(2000, 4, mean);
    const wanted = expected(problem);
    for (const { how, ...actual } of await everyMoments(problem, [undefined, 4096, 64, 8])) {
      for (const name of ['mean', 'variance'] as const) {
        wanted[name].forEach((value, i) => {
          const error = Math.abs((actual[name][i] as number) / value - 1);
          const what = `mean ${mean}, ${how}, ${name}[${i}]`;
          assert.ok(error < 2e-6, `${what}: ${actual[name][i]} ${value}`);
        });
      }
    }
  }
});

test('a first row far from all others', async () => {
  const problem = makeCase(1000, 4);
  problem.x.set([1e4, -1e4, 1e6, 50]);
  const wanted = expected(problem);
  for (const { how, ...actual } of await everyMoments(problem, [undefined, 4096, 340, 8])) {
    for (const name of ['mean', 'variance'] as const) {
      wanted[name].forEach((value, i) => {
        // A mean is as exact as what it is subtracted from is spread.
        const size = name === 'mean' ? Math.sqrt(wanted.variance[i] as number) : value;
        const error = Math.abs((actual[name][i] as number) - value) / size;
        assert.ok(error < 2e-5, `${how}, ${name}[${i}]: ${actual[name][i]} ${value}`);
      });
    }
  }
});

test('images', async () => {
  const problem = makeCase(2 * 5 * 3, 8);
  allClose(await run(problem, [2, 5, 3, 8]), problem, 'images');
  allClose(await runWhole(problem, [2, 5, 3, 8]), problem, 'images, whole');
});

const sized = (rows: number, channels: number) => columnsOf([{ shape: [rows, channels] }]);

test('the choice of spans', () => {
  const cpu = { cpu: true } as DeviceLimits;
  const gpu = { cpu: false } as DeviceLimits;
  const view = sized(5408, 64);
  assert.is(chooseSumSpan(view, cpu), 64);
  assert.is(chooseSumSpan(view, gpu), 16);
  assert.ok(chooseSumSpan(sized(10_000_000, 4096), cpu) <= 8192);
  assert.is(chooseMapSpan(view, cpu), 16);
  assert.is(chooseMapSpan(sized(2, 64), gpu), 2);
  const together = (channels: number, limits: DeviceLimits) =>
    togetherOf(sized(100, channels), limits);
  assert.equal(
    [1024, 256, 64, 48, 7].map((channels) => together(channels, cpu)),
    [64, 64, 16, 4, 1],
  );
  assert.is(together(256, { ...cpu, slowLoads: true }), 4);
  assert.is(together(256, gpu), 1);
});

test('workgroups of GPUs own up to a line of columns, by their rows and the size of the GPU', () => {
  const cpu = { cpu: true } as DeviceLimits;
  const large = { cpu: false, lanes: 67_584 } as DeviceLimits;
  const small = { cpu: false, lanes: 4_000 } as DeviceLimits;
  for (const [rows, channels, onLarge, onSmall] of [
    [128, 2048, 2, 4],
    [512, 256, 1, 4],
    [2048, 128, 1, 2],
    [8192, 64, 1, 1],
    [8192, 256, 1, 4],
    [128, 4, 1, 1],
    [128, 8, 2, 2],
    [1024, 67, 1, 4],
    [1, 3, 4, 4],
  ] as const) {
    const view = sized(rows, channels);
    assert.is(mayOwn(view, large), true);
    assert.is(mayOwn(view, cpu), false);
    assert.is(chooseOwnership(view, large).COLUMNS, onLarge, `${rows}×${channels}, large`);
    assert.is(chooseOwnership(view, small).COLUMNS, onSmall, `${rows}×${channels}, small`);
  }
  assert.is(mayOwn(sized(8193, 64), large), false);
  assert.is(chooseMergers(sized(32_768, 64), 1024, large).COLUMNS, 1);
  assert.is(chooseMergers(sized(100_000, 2048), 100, small).COLUMNS, 4);
  assert.is(chooseMergers(sized(100_000, 8), 100, cpu).COLUMNS, 64);
});

test.run();

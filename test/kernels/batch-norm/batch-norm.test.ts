import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeviceLimits } from '../../../src/device/device.ts';
import {
  batchNormGradientSums,
  batchNormInputGradient,
  batchNormNormalize,
  batchNormStatistics,
  chooseMapSpan,
  chooseSumSpan,
} from '../../../src/kernels/batch-norm/batch-norm.ts';
import type { HostArray } from '../../../src/kernels/dtype.ts';
import type { LaunchContext } from '../../../src/kernels/launch.ts';
import { kinds, runKernel } from '../harness.ts';

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
  const statistics = new Float64Array(2 * channels);
  const sums = new Float64Array(2 * channels);
  const y = new Float64Array(rows * channels);
  const dx = new Float64Array(rows * channels);
  for (let c = 0; c < channels; c++) {
    const column = Array.from({ length: rows }, (_, r) => x[r * channels + c] as number);
    const mean = column.reduce((a, b) => a + b, 0) / rows;
    const variance = column.reduce((a, b) => a + (b - mean) ** 2, 0) / rows;
    const sigma = Math.sqrt(variance + EPSILON);
    statistics[c] = mean;
    statistics[channels + c] = variance;
    column.forEach((value, r) => {
      const grad = g[r * channels + c] as number;
      y[r * channels + c] = ((value - mean) / sigma) * gamma[c]! + beta[c]!;
      sums[c]! += grad;
      sums[channels + c]! += (grad * (value - mean)) / sigma;
    });
    column.forEach((value, r) => {
      const hat = (value - mean) / sigma;
      const rest = g[r * channels + c]! - sums[c]! / rows - (hat * sums[channels + c]!) / rows;
      dx[r * channels + c] = (gamma[c]! / sigma) * rest;
    });
  }
  return { statistics, y, sums, dx };
}

async function run(problem: Case, shape: number[], span?: number) {
  const { channels } = problem;
  const { statistics, sums } = expected(problem);
  const operands = {
    x: { shape, data: problem.x },
    g: { shape, data: problem.g },
    statistics: { shape: [2, channels], data: Float32Array.from(statistics) },
    gamma: { shape: [channels], data: problem.gamma },
    beta: { shape: [channels], data: problem.beta },
    sums: { shape: [2, channels], data: Float32Array.from(sums) },
  };
  const call = (
    kernel: (context: LaunchContext, span?: number) => ReturnType<typeof batchNormStatistics>,
    names: (keyof typeof operands)[],
    outputShape: number[],
  ) =>
    runKernel((context: LaunchContext) => kernel(context, span), {
      inputs: names.map((name) => operands[name]),
      output: { shape: outputShape },
      attributes: {},
      scalars: { epsilon: EPSILON },
    });
  return {
    statistics: await call(batchNormStatistics, ['x'], [2, channels]),
    y: await call(batchNormNormalize, ['x', 'statistics', 'gamma', 'beta'], shape),
    sums: await call(batchNormGradientSums, ['x', 'g', 'statistics'], [2, channels]),
    dx: await call(batchNormInputGradient, ['x', 'g', 'statistics', 'gamma', 'sums'], shape),
  };
}

function close(actual: HostArray, wanted: Float64Array, tolerance: number, what: string) {
  assert.is(actual.length, wanted.length);
  wanted.forEach((value, i) => {
    const error = Math.abs((actual[i] as number) - value) / Math.max(1, Math.abs(value));
    assert.ok(error <= tolerance, `${what}[${i}]: ${actual[i]}, not ${value}`);
  });
}

async function check(problem: Case, span?: number, tolerance = 2e-5) {
  const { rows, channels } = problem;
  const actual = await run(problem, [rows, channels], span);
  const wanted = expected(problem);
  for (const name of ['statistics', 'y', 'sums', 'dx'] as const) {
    const what = `${name} of ${rows}×${channels}, span ${span}`;
    close(actual[name], wanted[name], tolerance, what);
  }
}

test('statistics of many chunks, merged by whole workgroups', async () => {
  for (const channels of [1, 3, 4, 8, 67, 80]) {
    for (const rows of [5, 131, 1100]) {
      for (const mean of [0, 1000]) {
        const problem = makeCase(rows, channels, mean);
        const actual = await runKernel(
          (context: LaunchContext) => batchNormStatistics(context, 4),
          {
            inputs: [{ shape: [rows, channels], data: problem.x }],
            output: { shape: [2, channels] },
            attributes: {},
            limits: kinds.gpu,
          },
        );
        close(actual, expected(problem).statistics, 2e-5, `${rows}×${channels} at ${mean}`);
      }
    }
  }
});

test('one and four channels at a time, one chunk and several', async () => {
  for (const channels of [1, 3, 4, 8, 67]) {
    for (const rows of [1, 2, 17, 131]) {
      for (const span of [undefined, 1000, 4, 16]) await check(makeCase(rows, channels), span);
    }
  }
});

test('many rows', () => check(makeCase(5408, 64)));

test('a mean far above the deviation', async () => {
  for (const span of [undefined, 4096, 64, 8]) {
    const problem = makeCase(2000, 4, 1000);
    const { statistics } = await run(problem, [2000, 4], span);
    const wanted = expected(problem).statistics;
    wanted.forEach((value, i) => {
      const error = Math.abs((statistics[i] as number) / value - 1);
      assert.ok(error < (i < 4 ? 1e-6 : 2e-4), `span ${span}, [${i}]: ${statistics[i]} ${value}`);
    });
  }
});

test('a variance is as exact as ever at a mean a million times the deviation', async () => {
  for (const mean of [1e6, -2e6]) {
    for (const span of [undefined, 4096, 64, 8]) {
      const problem = makeCase(2000, 4, mean);
      const { statistics } = await run(problem, [2000, 4], span);
      expected(problem).statistics.forEach((value, i) => {
        const error = Math.abs((statistics[i] as number) / value - 1);
        assert.ok(error < 2e-6, `mean ${mean}, span ${span}, [${i}]: ${statistics[i]} ${value}`);
      });
    }
  }
});

test('a first row far from all others', async () => {
  for (const span of [undefined, 4096, 340, 8]) {
    const problem = makeCase(1000, 4);
    problem.x.set([1e4, -1e4, 1e6, 50]);
    const { statistics } = await run(problem, [1000, 4], span);
    const wanted = expected(problem).statistics;
    wanted.forEach((value, i) => {
      // A mean is as exact as what it is subtracted from is spread.
      const size = i < 4 ? Math.sqrt(wanted[i + 4] as number) : value;
      const error = Math.abs((statistics[i] as number) - value) / size;
      assert.ok(error < 2e-5, `span ${span}, [${i}]: ${statistics[i]} ${value}`);
    });
  }
});

test('images', async () => {
  const problem = makeCase(2 * 5 * 3, 8);
  const actual = await run(problem, [2, 5, 3, 8]);
  const wanted = expected(problem);
  for (const name of ['statistics', 'y', 'sums', 'dx'] as const) {
    close(actual[name], wanted[name], 2e-5, name);
  }
});

test('the choice of spans', () => {
  const cpu = { cpu: true } as DeviceLimits;
  const gpu = { cpu: false } as DeviceLimits;
  const view = { rows: 5408, channels: 64 };
  assert.is(chooseSumSpan(view, cpu), 340);
  assert.is(chooseSumSpan(view, gpu), 16);
  assert.ok(chooseSumSpan({ rows: 10_000_000, channels: 4096 }, cpu) <= 8192);
  assert.is(chooseMapSpan(view, cpu), 16);
  assert.is(chooseMapSpan({ rows: 2, channels: 64 }, gpu), 2);
});

test.run();

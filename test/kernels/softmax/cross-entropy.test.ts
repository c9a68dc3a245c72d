import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostArray } from '../../../src/kernels/dtype.ts';
import type { LaunchContext } from '../../../src/kernels/launch.ts';
import {
  softmaxCrossEntropy,
  softmaxCrossEntropyGradient,
} from '../../../src/kernels/softmax/cross-entropy.ts';
import type { RowVariant } from '../../../src/kernels/softmax/row-variant.ts';
import { runKernel } from '../harness.ts';
import { nameOf, takes, variants } from './variants.ts';

const test = suite('kernels: cross-entropy');

interface Case {
  readonly size: number;
  readonly logits: Float32Array;
  readonly labels: Int32Array;
}

function makeCase(rows: number, size: number): Case {
  return {
    size,
    logits: Float32Array.from({ length: rows * size }, (_, i) => Math.sin(i * 78.233) * 4),
    labels: Int32Array.from({ length: rows }, (_, i) => (i * 7) % size),
  };
}

function expected({ size, logits, labels }: Case) {
  const losses: number[] = [];
  const gradient: number[] = [];
  labels.forEach((label, r) => {
    const row = [...logits.subarray(r * size, (r + 1) * size)];
    const top = Math.max(...row);
    const sum = row.reduce((total, x) => total + Math.exp(x - top), 0);
    const known = label >= 0 && label < size;
    losses.push(known ? top + Math.log(sum) - (row[label] as number) : Number.NaN);
    row.forEach((x, k) => {
      const value = Math.exp(x - top) / sum - Number(k === label);
      gradient.push(known ? value : Number.NaN);
    });
  });
  return { losses, gradient };
}

async function run({ size, logits, labels }: Case, variant?: RowVariant) {
  const rows = labels.length;
  const inputs = [
    { shape: [rows, size], data: logits },
    { shape: [rows], data: labels, dtype: 'i32' as const },
  ];
  const losses = await runKernel((c: LaunchContext) => softmaxCrossEntropy(c, variant), {
    inputs,
    output: { shape: [rows] },
    attributes: {},
  });
  const gradient = await runKernel((c: LaunchContext) => softmaxCrossEntropyGradient(c, variant), {
    inputs,
    output: { shape: [rows, size] },
    attributes: {},
  });
  return { losses, gradient };
}

function close(actual: HostArray, wanted: number[], scale: number, what: string) {
  wanted.forEach((value, i) => {
    const got = actual[i] as number;
    if (Object.is(got, value) || got === value) return;
    const error = Math.abs(got - value) / Math.max(scale, Math.abs(value));
    assert.ok(error <= 1e-5, `${what}[${i}]: ${got}, not ${value}`);
  });
}

async function check(problem: Case, what: string, variant?: RowVariant) {
  const wanted = expected(problem);
  const actual = await run(problem, variant);
  close(actual.losses, wanted.losses, 1, `${what} losses`);
  close(actual.gradient, wanted.gradient, 1e-2, `${what} gradient`);
}

for (const variant of variants) {
  test(nameOf(variant), async () => {
    for (const size of [1, 4, 7, 10, 64, 1000]) {
      if (!takes(variant, size)) continue;
      for (const rows of [1, 3, 67]) {
        await check(makeCase(rows, size), `${rows}×${size}`, variant);
      }
    }
  });

  if (!takes(variant, 40)) continue;
  test(`confident rows keep their digits: ${nameOf(variant)}`, async () => {
    const size = 40;
    const problem = makeCase(64, size);
    // Label 3 ahead of all others by 0 to 63, and of one of them by half as much.
    const { logits, labels } = problem;
    logits.forEach((_, i) => {
      logits[i] = -3 - Math.floor(i / size) + (i % 5) / 8;
    });
    labels.fill(3).forEach((_, r) => {
      logits.set([-2, -2 - r / 2], r * size + 3);
    });
    const { losses, gradient } = await run(problem, variant);
    labels.forEach((_, r) => {
      const row = [...logits.subarray(r * size, (r + 1) * size)];
      const shares = row.map((x) => Math.exp(x + 2));
      const others = shares.reduce((sum, share, k) => sum + (k === 3 ? 0 : share), 0);
      const slope = -others / (1 + others);
      for (const [got, wanted] of [
        [losses[r]!, Math.log1p(others)],
        [gradient[r * size + 3]!, slope],
      ] as const) {
        assert.ok(Math.abs(got / wanted - 1) < 1e-5, `row ${r}: ${got}, not ${wanted}`);
      }
    });
  });
}

test('extreme logits and labels that are no class', async () => {
  for (const size of [8, 5]) {
    const problem = makeCase(6, size);
    problem.logits.set([1e30, 0, -1e30, 0, 0], 0);
    problem.logits.set([Number.NEGATIVE_INFINITY, 3, 4, 5, Number.NEGATIVE_INFINITY], size);
    problem.logits.set([1000, 1001, 1002, 1003, 1004], 2 * size);
    problem.labels.set([0, 3, 4, -1, size, 2]);
    await check(problem, `size ${size}`);
    const { losses } = await run(problem);
    assert.equal(
      [...losses].map((x) => Number.isNaN(x)),
      [false, false, false, true, true, false],
    );
  }
});

test.run();

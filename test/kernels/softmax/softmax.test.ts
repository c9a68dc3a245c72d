import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { HostArray } from '../../../src/kernels/dtype.ts';
import type { RowVariant } from '../../../src/kernels/softmax/row-variant.ts';
import { softmax } from '../../../src/kernels/softmax/softmax.ts';
import { inEveryWay } from '../every-way.ts';
import { kinds, runKernel } from '../harness.ts';
import { nameOf, takes, variants } from './variants.ts';

const test = suite('kernels: softmax');

function expected(data: Float32Array, size: number, log: boolean): number[] {
  const result: number[] = [];
  for (let begin = 0; begin < data.length; begin += size) {
    const row = [...data.subarray(begin, begin + size)];
    const top = Math.max(...row);
    const sum = row.reduce((total, x) => total + Math.exp(x - top), 0);
    for (const x of row) result.push(log ? x - top - Math.log(sum) : Math.exp(x - top) / sum);
  }
  return result;
}

function run(shape: number[], data: Float32Array, log: boolean, variant?: RowVariant) {
  return runKernel((context: Parameters<typeof softmax>[0]) => softmax(context, variant), {
    inputs: [{ shape, data }],
    output: { shape },
    attributes: { log },
  });
}

/** Logarithms near 0 are as exact as sums near 1. */
function close(actual: HostArray, wanted: number[], log: boolean, what: string) {
  wanted.forEach((value, i) => {
    const got = actual[i] as number;
    if (Object.is(got, value) || got === value) return;
    const error = Math.abs(got - value) / Math.max(log ? 0.1 : 1e-3, Math.abs(value));
    assert.ok(error <= 1e-5, `${what}[${i}]: ${got}, not ${value}`);
  });
}

const logits = (count: number, scale = 3) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 78.233) * scale);

for (const variant of variants) {
  const name = nameOf(variant);

  test(name, async () => {
    for (const log of [false, true]) {
      for (const size of [1, 2, 4, 7, 10, 16, 61, 64, 1000, 1028]) {
        if (!takes(variant, size)) continue;
        for (const rows of [1, 17, 70]) {
          const data = logits(rows * size);
          const what = `${log ? 'log ' : ''}${rows}×${size}`;
          close(await run([rows, size], data, log, variant), expected(data, size, log), log, what);
        }
      }
    }
  });

  test(`extreme values, ${name}`, async () => {
    const size = 8;
    const inf = Number.POSITIVE_INFINITY;
    const rows = [
      [1e30, 0, -1e30, 1e30, 5, 5, 5, 5],
      [-inf, 0, 1, -inf, 2, 3, -inf, -inf],
      [88, 89, 90, 1000, 1001, 1002, 1003, 999],
      [-1000, -1001, -1002, -1003, -1004, -1005, -1006, -1007],
      [-inf, -inf, -inf, -inf, -inf, -inf, -inf, 3],
      [-inf, -inf, -inf, -inf, -inf, -inf, -inf, -inf],
      [0, 0, 0, 0, 0, 0, 0, 0],
    ];
    const data = Float32Array.from(rows.flat());
    for (const log of [false, true]) {
      close(await run([7, size], data, log, variant), expected(data, size, log), log, `log ${log}`);
    }
  });
}

test('small powers are relatively exact, and 0 beyond e^-87', async () => {
  const powers = Float32Array.from({ length: 8900 }, (_, i) => -i / 100);
  const rows = Float32Array.from([...powers].flatMap((x) => [x, 0, 0, 0]));
  for (const width of [1, 4] as const) {
    const variant: RowVariant = { width, lanes: 1, parts: 1, held: 0, power: 'polynomial' };
    const actual = await run([powers.length, 4], rows, false, variant);
    powers.forEach((x, i) => {
      const value = x < -87 ? 0 : Math.exp(x) / (Math.exp(x) + 3);
      const got = actual[4 * i] as number;
      // A GPU may take what is subnormal for 0.
      if (value < 2 ** -126 && got === 0) return;
      assert.ok(Math.abs(got - value) <= 1e-6 * value, `e^${x}: ${got}, not ${value}`);
    });
  }
});

test('the logarithm of a confident row keeps its digits', async () => {
  const rows = Array.from({ length: 60 }, (_, r) => [-r, 7, 6 - r, -2 * r, -r, -90, 5 - r, -r]);
  const wanted = rows.flatMap((row) => {
    const others = row.reduce((sum, x, k) => sum + (k === 1 ? 0 : Math.exp(x - 7)), 0);
    return row.map((x) => x - 7 - Math.log1p(others));
  });
  for (const variant of variants.filter(({ lanes }) => lanes < 256)) {
    const actual = await run([60, 8], Float32Array.from(rows.flat()), true, variant);
    wanted.forEach((value, i) => {
      const error = Math.abs((actual[i] as number) / value - 1);
      assert.ok(error < 1e-5, `${JSON.stringify(variant)}, [${i}]: ${actual[i]}, not ${value}`);
    });
  }
});

test('a NaN spoils its row and no other', async () => {
  const data = new Float32Array(3 * 8).fill(1);
  data[9] = Number.NaN;
  for (const [log, variant] of [false, true].flatMap((log) =>
    [undefined, ...variants].map((variant) => [log, variant] as const),
  )) {
    const actual = await run([3, 8], data, log, variant);
    assert.equal(
      [...actual].map((x) => Number.isNaN(x)),
      Array.from({ length: 24 }, (_, i) => i >= 8 && i < 16),
    );
  }
});

test('more axes than two, and one', async () => {
  const data = logits(2 * 3 * 5);
  close(await run([2, 3, 5], data, false), expected(data, 5, false), false, 'three axes');
  close(await run([30], data, true), expected(data, 30, true), true, 'one axis');
});

test('is the same in every way that may be measured on a GPU', async () => {
  for (const [shape, size] of [
    [[3, 1000], 1000],
    [[2, 1029], 1029],
    [[70, 4], 4],
  ] as const) {
    const data = logits(shape[0] * size);
    const names = await inEveryWay(async (pick) => {
      const actual = await runKernel(softmax, {
        inputs: [{ shape, data }],
        output: { shape },
        attributes: { log: false },
        limits: kinds.gpu,
        pick,
      });
      close(actual, expected(data, size, false), false, `${shape}`);
    });
    assert.ok(names.size >= 5, [...names].join('; '));
  }
});

test.run();

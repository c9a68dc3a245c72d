import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ScatterContext, scatterAdd } from '../../../src/kernels/gather/scatter.ts';
import { runKernel } from '../harness.ts';

const test = suite('kernels: scatter-add');

async function check(
  [outer, size, inner]: readonly [number, number, number],
  indices: number[],
  width?: 1 | 4,
) {
  const given = indices.length;
  const updates = Float32Array.from({ length: outer * given * inner }, (_, i) =>
    Math.sin(i * 78.233),
  );
  const wanted = new Float64Array(outer * size * inner);
  for (let o = 0; o < outer; o++) {
    indices.forEach((index, k) => {
      if (index < 0 || index >= size) return;
      for (let i = 0; i < inner; i++) {
        wanted[(o * size + index) * inner + i]! += updates[(o * given + k) * inner + i] as number;
      }
    });
  }
  const run = () =>
    runKernel((context: ScatterContext) => scatterAdd(context, width), {
      inputs: [
        { shape: [given], data: indices, dtype: 'i32' },
        { shape: [outer, given, inner], data: updates },
      ],
      output: { shape: [outer, size, inner] },
      attributes: { outer, size, inner },
    });
  const actual = await run();
  wanted.forEach((value, i) => {
    const what = `${[outer, size, inner]}, ${width} wide: [${i}] ${actual[i]}, not ${value}`;
    assert.ok(Math.abs((actual[i] as number) - value) < 1e-5, what);
  });
  assert.equal(await run(), actual, 'the same bits again');
}

const indices = [2, 0, 4, 4, 1, -1, 3, 5, 4, 0, 2, 2];

test('one and four at a time', async () => {
  for (const view of [
    [1, 5, 1],
    [3, 5, 4],
    [2, 6, 7],
    [2, 13, 8],
    [1, 67, 64],
    [2, 5, 300],
  ] as const) {
    await check(view, indices, 1);
    if (view[2] % 4 === 0) await check(view, indices, 4);
    await check(view, indices);
  }
});

test('one index, and many equal ones', async () => {
  await check([1, 3, 4], [1]);
  await check([2, 3, 5], new Array(101).fill(2));
  await check(
    [1, 1000, 1],
    Array.from({ length: 977 }, (_, i) => (i * 389) % 1000),
  );
});

test('as many indices as take several passes to sort', async () => {
  const random = (count: number, most: number) =>
    Array.from({ length: count }, (_, i) => Math.floor((Math.sin(i * 12.9898) * 0.5 + 0.5) * most));
  await check([1, 300, 4], random(256, 300));
  await check([1, 7, 1], random(257, 7));
  await check([2, 1009, 3], random(4096, 1009));
  await check([1, 50, 1], random(4097, 50));
  await check([1, 3, 1], [...random(70_001, 4), -1, 2 ** 31 - 1, -(2 ** 31)]);
});

test('equal indices add up in the order in which they are given', async () => {
  const given = 1000;
  const data = Float32Array.from({ length: given }, (_, i) => Math.sin(i * 78.233) * 10 ** (i % 7));
  const actual = await runKernel(scatterAdd, {
    inputs: [
      { shape: [given], data: new Int32Array(given).map((_, i) => i % 2), dtype: 'i32' },
      { shape: [1, given, 1], data },
    ],
    output: { shape: [1, 2, 1] },
    attributes: { outer: 1, size: 2, inner: 1 },
  });
  const sums = [0, 1].map((own) =>
    data.reduce((sum, x, i) => (i % 2 === own ? Math.fround(sum + x) : sum), 0),
  );
  assert.equal([...actual], sums);
});

test.run();

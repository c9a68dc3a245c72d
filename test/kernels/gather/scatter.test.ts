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

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DType } from '../../../src/kernels/dtype.ts';
import {
  type ArgReduceAttributes,
  type ArgReduceContext,
  argReduce,
  argReduceByTrees,
  argReduceInChunks,
  chooseArgChunks,
} from '../../../src/kernels/reduce/arg-reduce.ts';
import { inEveryWay } from '../every-way.ts';
import { lanesOf } from '../gpus.ts';
import { kinds, runKernel } from '../harness.ts';

const test = suite('kernels: arg-reduce');

function expected(data: ArrayLike<number>, attributes: ArgReduceAttributes): number[] {
  const { reduce, outer, size, inner } = attributes;
  const result: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const axis = Array.from({ length: size }, (_, k) => data[(o * size + k) * inner + i]!);
      const nan = axis.findIndex((x) => Number.isNaN(x));
      const extreme = reduce === 'argMax' ? Math.max(...axis) : Math.min(...axis);
      result.push(nan >= 0 ? nan : axis.indexOf(extreme));
    }
  }
  return result;
}

/** So many chunks, trees of so many columns over the spans of one pass or two, or what is chosen. */
type Variant = number | { readonly columns: number; readonly spans: readonly number[] } | 'chosen';

function launchesOf(context: ArgReduceContext, variant: Variant) {
  if (variant === 'chosen') return argReduce(context);
  if (typeof variant === 'number') return argReduceInChunks(context, variant);
  const { columns, spans } = variant;
  const tree = { kind: 'column-tree', width: 1, columns } as const;
  return argReduceByTrees(
    context,
    spans.map((span) => ({ ...tree, span })),
  );
}

const trees: readonly Variant[] = [
  { columns: 1, spans: [2000] },
  { columns: 16, spans: [2000] },
  { columns: 4, spans: [4, 2000] },
  { columns: 1, spans: [300, 2000] },
];

async function check(
  attributes: ArgReduceAttributes,
  data: number[],
  dtype: DType,
  variant: Variant = 'chosen',
) {
  const { outer, size, inner } = attributes;
  const actual = await runKernel((context: ArgReduceContext) => launchesOf(context, variant), {
    inputs: [{ shape: [outer, size, inner], data, dtype }],
    output: { shape: [outer, inner], dtype: 'i32' },
    attributes,
  });
  const what = `${JSON.stringify(attributes)} ${dtype}, ${JSON.stringify(variant)}`;
  assert.equal([...actual], expected(data, attributes), what);
}

/** Few different values, so that there are ties. */
const values = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => Math.round(Math.sin(i * 78.233 + seed) * 6));

for (const reduce of ['argMax', 'argMin'] as const) {
  test(`${reduce} of rows and columns, alone and shared`, async () => {
    for (const [outer, size, inner] of [
      [1, 1, 1],
      [3, 10, 1],
      [70, 7, 1],
      [2, 67, 5],
      [1, 16, 4],
      [1, 1201, 3],
    ] as const) {
      for (const variant of ['chosen', 1, 2, 7, ...trees] as const) {
        if (typeof variant === 'number' && variant > size) continue;
        const attributes: ArgReduceAttributes = { reduce, outer, size, inner };
        await check(attributes, values(outer * size * inner, size), 'f32', variant);
      }
    }
  });

  test(`${reduce} of integers`, async () => {
    const attributes: ArgReduceAttributes = { reduce, outer: 2, size: 5, inner: 1 };
    const signed = [3, -7, 2147483647, -2147483648, -2147483648, -1, 5, 5, -9, -9];
    for (const variant of [1, 2, ...trees]) {
      await check(attributes, signed, 'i32', variant);
      await check(
        attributes,
        signed.map((x) => x >>> 0),
        'u32',
        variant,
      );
    }
  });

  test(`${reduce} finds the first NaN, and infinities`, async () => {
    const attributes: ArgReduceAttributes = { reduce, outer: 3, size: 6, inner: 1 };
    const inf = Number.POSITIVE_INFINITY;
    const nan = Number.NaN;
    const data = [1, 2, nan, 9, nan, -9, inf, -inf, inf, -inf, 0, 1, nan, 5, 6, 7, inf, -inf];
    for (const variant of [1, 2, 3, ...trees]) await check(attributes, data, 'f32', variant);
  });
}

test('finds the same in every way that may be measured', async () => {
  for (const kind of Object.values(kinds)) {
    for (const [outer, size, inner] of [
      [1, 40_009, 1],
      [2, 3000, 3],
    ] as const) {
      const attributes: ArgReduceAttributes = { reduce: 'argMin', outer, size, inner };
      const data = values(outer * size * inner, inner);
      const names = await inEveryWay(async (pick) => {
        const actual = await runKernel(argReduce, {
          inputs: [{ shape: [outer, size, inner], data }],
          output: { shape: [outer, inner], dtype: 'i32' },
          attributes,
          limits: kind,
          pick,
        });
        assert.equal([...actual], expected(data, attributes), JSON.stringify(attributes));
      });
      assert.ok(names.size >= 2, [...names].join('; '));
    }
  }
});

test('few long columns on a GPU', async () => {
  for (const size of [65_536, 40_009]) {
    for (const inner of [3, 17]) {
      const attributes: ArgReduceAttributes = { reduce: 'argMax', outer: 1, size, inner };
      const data = values(size * inner, inner);
      const actual = await runKernel(argReduce, {
        inputs: [{ shape: [1, size, inner], data }],
        output: { shape: [1, inner], dtype: 'i32' },
        attributes,
        limits: kinds.gpu,
      });
      assert.equal([...actual], expected(data, attributes), `${size} × ${inner}`);
    }
  }
});

test('more than 65,535 workgroups', async () => {
  const outer = 65_536 * 64 + 3;
  const actual = await runKernel(argReduce, {
    inputs: [
      { shape: [outer, 2], data: Float32Array.from({ length: outer * 2 }, (_, i) => i % 3) },
    ],
    output: { shape: [outer], dtype: 'i32' },
    attributes: { reduce: 'argMax' as const, outer, size: 2, inner: 1 },
  });
  for (let i = 0; i < outer; i++) {
    const wanted = Number((2 * i + 1) % 3 > (2 * i) % 3);
    if (actual[i] !== wanted) assert.unreachable(`row ${i}: ${actual[i]}`);
  }
});

test('the choice of chunks', () => {
  assert.is(chooseArgChunks({ outer: 128, size: 10, inner: 1 }), 1);
  assert.is(chooseArgChunks({ outer: 1, size: 1_000_000, inner: 1 }), 256);
});

test('what is chosen for GPUs of all sizes is right', async () => {
  const attributes = { reduce: 'argMax' as const, outer: 2, size: 70_001, inner: 1 };
  const data = values(2 * 70_001, 3);
  for (const lanes of Object.values(lanesOf)) {
    const actual = await runKernel(argReduce, {
      inputs: [{ shape: [2, 70_001], data }],
      output: { shape: [2], dtype: 'i32' },
      attributes,
      limits: { ...kinds.gpu, lanes },
    });
    assert.equal([...actual], expected(data, attributes), `${lanes} lanes`);
  }
});

test.run();

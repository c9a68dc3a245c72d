import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DType } from '../../../src/kernels/dtype.ts';
import type { KernelContext } from '../../../src/kernels/launch.ts';
import type { SortAttributes } from '../../../src/kernels/sorting/runs.ts';
import { chooseSort, type SortVariant, sort } from '../../../src/kernels/sorting/sort.ts';
import { NdArray } from '../../reference/array.ts';
import { argSort } from '../../reference/sorting.ts';
import { kinds, runKernel } from '../harness.ts';
import { valuesOf } from './values.ts';

const test = suite('kernels: sort');

const variants: SortVariant[] = [
  { block: 4, each: 1 },
  { block: 16, each: 3 },
  chooseSort(kinds.cpu),
  chooseSort(kinds.gpu),
];

interface Given {
  readonly dtype?: DType;
  readonly kept?: number;
  readonly descending?: boolean;
  readonly variant?: SortVariant;
}

async function check(
  [outer, size, inner]: readonly [number, number, number],
  { dtype = 'f32', kept = size, descending = false, variant }: Given,
) {
  const data = valuesOf(dtype, outer * size * inner);
  const actual = await runKernel(
    (context: KernelContext<SortAttributes>) => sort(context, variant),
    {
      inputs: [{ shape: [outer, size, inner], data, dtype }],
      output: { shape: [outer, kept, inner], dtype: 'i32' },
      attributes: { outer, size, inner, kept, descending },
    },
  );
  const order = argSort(new NdArray([outer, size, inner], data), 1, descending);
  const expected = order.slice([0, 0, 0], [outer, kept, inner]);
  const what = `${[outer, size, inner]} ${dtype}, ${kept} kept, ${JSON.stringify(variant)}`;
  assert.equal([...actual], [...expected.data], what);
}

for (const variant of variants) {
  test(`blocks of ${variant.block}, ${variant.each} merged at once`, async () => {
    for (const view of [
      [1, 1, 1],
      [3, 2, 5],
      [7, 5, 1],
      [2, 16, 3],
      [1, 17, 1],
      [2, 67, 1],
      [2, 300, 2],
      [1, 1030, 1],
    ] as const) {
      await check(view, { variant });
    }
  });

  test(`the first ones, in blocks of ${variant.block}`, async () => {
    for (const kept of [1, 3, 16, 40, 66]) {
      await check([2, 67, 2], { kept, descending: true, variant });
      await check([1, 67, 1], { kept, variant });
    }
    await check([2, 777, 1], { kept: 5, descending: true, variant });
  });
}

for (const dtype of ['f32', 'i32', 'u32'] as const) {
  test(`${dtype}, up and down`, async () => {
    for (const descending of [false, true]) {
      await check([3, 90, 2], { dtype, descending });
    }
  });
}

test('NaN of any sign and payload is one', async () => {
  const bits = [0x7fc00001, 0x3f800000, 0xffc00000, 0x7f800000, 0xff800000, 0x7fffffff, 0x7f800001];
  const places = await runKernel(sort, {
    inputs: [{ shape: [1, 7, 1], data: new Float32Array(Uint32Array.from(bits).buffer) }],
    output: { shape: [1, 7, 1], dtype: 'i32' },
    attributes: { outer: 1, size: 7, inner: 1, kept: 7, descending: false },
  });
  assert.equal([...places], [4, 1, 3, 0, 2, 5, 6]);
});

test('a million elements', async () => {
  const size = 2 ** 20 + 1;
  const data = Float32Array.from({ length: size }, (_, i) => Math.imul(i, 2654435761) >> 12);
  const places = await runKernel(sort, {
    inputs: [{ shape: [1, size, 1], data }],
    output: { shape: [1, size, 1], dtype: 'i32' },
    attributes: { outer: 1, size, inner: 1, kept: size, descending: false },
  });
  let sum = 0;
  for (let i = 1; i < size; i++) {
    const [a, b] = [places[i - 1] as number, places[i] as number];
    const [x, y] = [data[a] as number, data[b] as number];
    if (!(x < y || (x === y && a < b))) assert.unreachable(`at ${i}: ${x} of ${a}, ${y} of ${b}`);
    sum += b;
  }
  assert.is(sum + (places[0] as number), (size * (size - 1)) / 2);
});

test.run();

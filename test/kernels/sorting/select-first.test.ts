import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DType } from '../../../src/kernels/dtype.ts';
import type { KernelContext } from '../../../src/kernels/launch.ts';
import type { SortAttributes } from '../../../src/kernels/sorting/runs.ts';
import { chooseSpan, selectFirst } from '../../../src/kernels/sorting/select-first.ts';
import { sort } from '../../../src/kernels/sorting/sort.ts';
import { NdArray } from '../../reference/array.ts';
import { argSort } from '../../reference/sorting.ts';
import { kinds, runKernel } from '../harness.ts';
import { valuesOf } from './values.ts';

const test = suite('kernels: select-first');

interface Given {
  readonly dtype?: DType;
  readonly kept: number;
  readonly descending?: boolean;
  /** How long the parts are; what is chosen, if left out. */
  readonly span?: number;
  readonly data?: readonly number[];
}

async function check(
  [outer, size, inner]: readonly [number, number, number],
  { dtype = 'f32', kept, descending = false, span, data: given }: Given,
) {
  const data = given ?? valuesOf(dtype, outer * size * inner);
  const actual = await runKernel(
    (context: KernelContext<SortAttributes>) => selectFirst(context, span),
    {
      inputs: [{ shape: [outer, size, inner], data, dtype }],
      output: { shape: [outer, kept, inner], dtype: 'i32' },
      attributes: { outer, size, inner, kept, descending },
    },
  );
  const order = argSort(new NdArray([outer, size, inner], [...data]), 1, descending);
  const expected = order.slice([0, 0, 0], [outer, kept, inner]);
  const what = `${kept} of ${[outer, size, inner]} ${dtype}, parts of ${span}`;
  assert.equal([...actual], [...expected.data], what);
}

test('whole rows', async () => {
  for (const view of [
    [1, 1, 1],
    [3, 2, 5],
    [7, 5, 1],
    [2, 67, 3],
    [1, 300, 1],
  ] as const) {
    for (const kept of [1, 3, 4, 5, 16].filter((count) => count <= view[1])) {
      await check(view, { kept });
      await check(view, { kept, descending: true });
    }
  }
});

test('parts of rows, the last shorter than what is kept', async () => {
  for (const descending of [false, true]) {
    await check([2, 67, 1], { kept: 3, descending, span: 13 });
    await check([2, 65, 2], { kept: 4, descending, span: 16 });
    await check([1, 300, 3], { kept: 16, descending, span: 18 });
    await check([3, 40, 1], { kept: 9, descending, span: 40 });
  }
});

for (const dtype of ['f32', 'i32', 'u32'] as const) {
  test(`${dtype}, up and down`, async () => {
    for (const descending of [false, true]) {
      for (const span of [90, 24]) await check([3, 90, 2], { dtype, kept: 7, descending, span });
    }
  });
}

test('what nothing goes behind comes in its order, whole numbers and NaN', async () => {
  const highest = 2 ** 32 - 1;
  const few = Array.from({ length: 40 }, (_, i) => (i % 13 === 5 ? i : highest));
  for (const span of [40, 12]) {
    await check([1, 40, 1], { dtype: 'u32', kept: 8, span, data: few });
    await check([1, 40, 1], { kept: 8, span, data: few.map((v) => (v === highest ? NaN : v)) });
    const zeros = { data: few.map((v) => (v === highest ? 0 : v)), descending: true } as const;
    await check([1, 40, 1], { dtype: 'u32', kept: 8, span, ...zeros });
  }
});

test('elements that come in the order wanted, and against it', async () => {
  const rising = Array.from({ length: 100 }, (_, i) => i - 50);
  for (const descending of [false, true]) {
    for (const span of [100, 32]) {
      await check([1, 100, 1], { kept: 10, descending, span, data: rising });
    }
  }
});

test('CPUs choose where few are kept, in parts where rows are few and long', async () => {
  const context = (size: number, kept: number, limits: { readonly cpu: boolean }) =>
    ({
      inputs: [{ shape: [1, size, 1], dtype: 'f32' }],
      output: { shape: [1, kept, 1], dtype: 'i32' },
      attributes: { outer: 1, size, inner: 1, kept, descending: true },
      limits,
    }) as unknown as KernelContext<SortAttributes>;
  const names = (size: number, kept: number, limits: { readonly cpu: boolean }) =>
    sort(context(size, kept, limits)).launches.map(({ program }) => program.name);
  assert.equal(names(100, 16, kinds.cpu), ['select_first']);
  assert.equal(names(100_000, 16, kinds.cpu), ['select_first', 'select_first_chosen']);
  assert.is(names(100, 17, kinds.cpu)[0], 'sort_blocks');
  assert.is(names(100, 16, kinds.gpu)[0], 'sort_blocks');
  const spanOf = (outer: number, size: number) =>
    chooseSpan({ outer, size, inner: 1, kept: 16, descending: true });
  assert.is(spanOf(64, 1_000_000), 1_000_000);
  assert.is(spanOf(1, 1_000_000), 15_625);
  assert.is(spanOf(1, 4096), 4096);
  assert.is(spanOf(3, 8192), 4096);
  await check([1, 50_003, 1], { kept: 5, descending: true });
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DType } from '../../../src/kernels/dtype.ts';
import type { KernelContext } from '../../../src/kernels/launch.ts';
import {
  chooseScan,
  type ScanAttributes,
  type ScanVariant,
  scan,
} from '../../../src/kernels/scan/scan.ts';
import { NdArray } from '../../reference/array.ts';
import { cumMax, cumMin, cumProd, cumSum, logCumSumExp } from '../../reference/sorting.ts';
import { assertClose } from '../../tensor/closeness.ts';
import { type Kind, kinds, runKernel } from '../harness.ts';

const test = suite('kernels: scan');

const references = {
  sum: cumSum,
  prod: cumProd,
  max: cumMax,
  min: cumMin,
  logSumExp: logCumSumExp,
};

interface Given extends Partial<ScanAttributes> {
  readonly dtype?: DType;
  readonly variant?: ScanVariant;
}

async function check(
  [outer, size, inner]: readonly [number, number, number],
  { scan: name = 'sum', exclusive = false, reverse = false, dtype = 'f32', variant }: Given,
) {
  const count = outer * size * inner;
  // Whole numbers, and products that stay among ±1: exact whatever the order.
  const data = Array.from({ length: count }, (_, i) => {
    const mixed = Math.imul(i + 1, 2654435761) >>> 20;
    if (name === 'prod')
      return dtype === 'u32' ? 1 + Number(mixed % 997 === 0) : 1 - 2 * (mixed % 2);
    return dtype === 'u32' ? mixed % 9 : (mixed % 9) - 4;
  });
  const choose = variant && (() => variant);
  const actual = await runKernel(
    (context: KernelContext<ScanAttributes>) => scan(context, choose),
    {
      inputs: [{ shape: [outer, size, inner], data, dtype }],
      output: { shape: [outer, size, inner], dtype },
      attributes: { scan: name, outer, size, inner, exclusive, reverse },
    },
  );
  const x = new NdArray([outer, size, inner], data);
  const expected = references[name](x, 1, { exclusive, reverse });
  const what = `${name} of ${[outer, size, inner]} ${JSON.stringify({ exclusive, reverse, variant })}`;
  if (name === 'logSumExp') {
    assertClose(new NdArray(x.shape, [...actual]), expected, { relative: 1e-6, scale: 10 }, what);
  } else assert.equal([...actual], [...expected.data], what);
}

const views = [
  [1, 1, 1],
  [3, 2, 5],
  [70, 13, 1],
  [2, 17, 3],
  [1, 131, 1],
  [2, 67, 2],
] as const;

for (const variant of [
  { lanes: 1, span: 4 },
  { lanes: 1, span: 1000 },
  { lanes: 2, span: 7 },
  { lanes: 8, span: 16 },
  { lanes: 256, span: 1000 },
]) {
  test(`${variant.lanes} lanes for blocks of ${variant.span}`, async () => {
    for (const view of views) {
      for (const exclusive of [false, true]) {
        for (const reverse of [false, true]) await check(view, { exclusive, reverse, variant });
      }
      for (const scan of ['prod', 'max', 'min', 'logSumExp'] as const) {
        await check(view, { scan, variant });
        await check(view, { scan, variant, reverse: true, exclusive: scan === 'logSumExp' });
      }
    }
  });
}

for (const dtype of ['f32', 'i32', 'u32'] as const) {
  test(`sums, products and extremes of ${dtype}`, async () => {
    for (const name of ['sum', 'prod', 'max', 'min'] as const) {
      await check([3, 50, 2], { scan: name, dtype });
      await check([1, 3000, 1], { scan: name, dtype, reverse: true });
    }
  });
}

test('a million elements', async () => {
  await check([1, 1_000_003, 1], {});
  for (const kind of Object.values(kinds)) {
    const variant = chooseScan({ outer: 1, size: 20_003, inner: 1 }, kind);
    await check([1, 20_003, 1], { variant, exclusive: true });
  }
});

test('the choice of a variant', () => {
  const choose = (outer: number, size: number, inner: number, kind: Kind = kinds.gpu) =>
    chooseScan({ outer, size, inner }, kind);
  assert.equal(choose(1, 1_000_000, 1), { lanes: 256, span: 4096 });
  assert.equal(choose(1000, 1000, 1), { lanes: 16, span: 1000 });
  assert.equal(choose(100_000, 10, 1), { lanes: 1, span: 10 });
  assert.equal(choose(1, 1000, 1000), { lanes: 1, span: 63 });
  assert.equal(choose(1, 1_000_000, 1, kinds.cpu), { lanes: 1, span: 4096 });
  assert.equal(choose(1000, 1000, 1, kinds.cpu), { lanes: 1, span: 1000 });
});

test.run();

import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DType } from '../../../src/kernels/dtype.ts';
import {
  chooseGather,
  type GatherContext,
  type GatherVariant,
  gather,
} from '../../../src/kernels/gather/gather.ts';
import type { AxisView } from '../../../src/kernels/reduce/pass.ts';
import { runKernel } from '../harness.ts';

const test = suite('kernels: gather');

function expected(data: number[], indices: number[], { outer, size, inner }: AxisView): number[] {
  const result: number[] = [];
  for (let o = 0; o < outer; o++) {
    for (const index of indices) {
      for (let i = 0; i < inner; i++) {
        const inside = index >= 0 && index < size;
        result.push(inside ? (data[(o * size + index) * inner + i] as number) : 0);
      }
    }
  }
  return result;
}

async function check(
  view: AxisView,
  indices: number[],
  data: number[],
  dtype: DType,
  variant?: GatherVariant,
) {
  const { outer, size, inner } = view;
  const actual = await runKernel((context: GatherContext) => gather(context, variant), {
    inputs: [
      { shape: [outer, size, inner], data, dtype },
      { shape: [indices.length], data: indices, dtype: 'i32' },
    ],
    output: { shape: [outer, indices.length, inner], dtype },
    attributes: view,
  });
  const what = `${JSON.stringify(view)} ${dtype} ${variant}`;
  assert.equal([...actual], expected(data, indices, view), what);
}

const indices = [2, 0, 4, 4, 1, -1, 3, 5, 2147483647, 0, 1];
const views = [
  [1, 5, 1],
  [3, 5, 4],
  [2, 5, 7],
  [1, 5, 16],
  [2, 5, 12],
  [67, 5, 8],
] as const;
const variantsOf = (bytes: number): GatherVariant[] => [
  ...(bytes % 16 === 0 ? (['vector'] as const) : []),
  ...(bytes % 4 === 0 ? (['word'] as const) : []),
];

for (const dtype of ['f32', 'i32', 'u32', 'bool'] as const) {
  test(`${dtype}, words and vectors`, async () => {
    for (const [outer, size, inner] of views) {
      const view = { outer, size, inner };
      const data = Array.from({ length: outer * size * inner }, (_, i) => {
        if (dtype === 'bool') return Number(i % 3 === 0);
        return dtype === 'u32' ? 4294967295 - i : i - 40;
      });
      for (const variant of variantsOf(inner * 4)) {
        await check(view, indices, data, dtype, variant);
      }
    }
  });
}

test('u8, bytes, words and vectors', async () => {
  for (const [outer, size, inner] of views) {
    for (const count of [1, 2, 3, 11]) {
      const view = { outer, size, inner };
      const data = Array.from({ length: outer * size * inner }, (_, i) => (i * 31 + 7) & 255);
      for (const variant of [...variantsOf(inner), 'bytes' as const]) {
        await check(view, indices.slice(0, count), data, 'u8', variant);
      }
    }
  }
});

test('images of a batch', async () => {
  const view = { outer: 1, size: 50, inner: 784 };
  const data = Array.from({ length: 50 * 784 }, (_, i) => (i * 97) & 255);
  const batch = Array.from({ length: 33 }, (_, i) => (i * 29) % 50);
  await check(view, batch, data, 'u8');
});

test('more than 65,535 workgroups', async () => {
  const count = 65_536 * 64 + 3;
  const actual = await runKernel(gather, {
    inputs: [
      { shape: [7], data: [0, 10, 20, 30, 40, 50, 60] },
      { shape: [count], data: Int32Array.from({ length: count }, (_, i) => i % 7), dtype: 'i32' },
    ],
    output: { shape: [count] },
    attributes: { outer: 1, size: 7, inner: 1 },
  });
  for (let i = 0; i < count; i++) {
    if (actual[i] !== (i % 7) * 10) assert.unreachable(`${i}: ${actual[i]}`);
  }
});

test('the choice of a variant', () => {
  assert.equal([16, 12, 784, 7, 2].map(chooseGather), [
    'vector',
    'word',
    'vector',
    'bytes',
    'bytes',
  ]);
});

test.run();

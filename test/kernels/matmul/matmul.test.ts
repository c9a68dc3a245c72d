import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shouldPack } from '../../../src/kernels/matmul/packed-operand.ts';
import { isSmall } from '../../../src/kernels/matmul/problem.ts';
import { chooseSmallLayout } from '../../../src/kernels/matmul/small.ts';
import { chooseVariant } from '../../../src/kernels/matmul/variant.ts';
import type { Pick } from '../../../src/kernels/pick.ts';
import { matMul } from '../by-device.ts';
import { activations } from '../endings.ts';
import { inEveryWay } from '../every-way.ts';
import { type Kind, kinds, runKernel } from '../harness.ts';
import {
  assertClose,
  finished,
  type Halves,
  multiply,
  noise,
  operand,
} from './matmul-reference.ts';

interface Case {
  batch: readonly number[];
  rows: number;
  columns: number;
  depth: number;
  transposeA?: boolean;
  transposeB?: boolean;
  /** Which operands have a batch of one. */
  shared?: 'none' | 'a' | 'b' | 'both';
  halves?: Halves;
  bias?: boolean;
  activation?: (typeof activations)[number];
}

async function check(given: Case, limits: Kind, pick?: Pick): Promise<void> {
  const { batch, rows, columns, depth, shared = 'none', activation = 'none' } = given;
  const { transposeA = false, transposeB = false } = given;
  const batchOf = (operand: 'a' | 'b') =>
    shared === operand || shared === 'both' ? batch.map(() => 1) : batch;
  const aShape = [...batchOf('a'), ...(transposeA ? [depth, rows] : [rows, depth])];
  const bShape = [...batchOf('b'), ...(transposeB ? [columns, depth] : [depth, columns])];
  const a = operand(aShape, 1, 'a', given.halves ?? 'none');
  const b = operand(bShape, 2, 'b', given.halves ?? 'none');
  const bias = given.bias ? { shape: [columns], data: noise(columns, 3) } : undefined;
  const output = [...batch, rows, columns];
  const attributes = { transposeA, transposeB };
  const actual = await runKernel(matMul, {
    inputs: [a, b],
    output: { shape: output },
    attributes,
    epilogue: { bias: bias !== undefined, activation },
    ...(bias && { bias }),
    ...(pick && { pick }),
    limits,
  });
  assertClose(actual, finished(multiply(a, b, output, attributes), bias?.data, activation));
}

const size = fc.oneof(
  fc.integer({ min: 1, max: 9 }),
  fc.constantFrom(12, 13, 16, 17, 31, 32, 33, 37, 64, 65),
);
const anyCase = fc.record({
  batch: fc.constantFrom<readonly number[]>([], [1], [3], [2, 2]),
  rows: size,
  columns: size,
  depth: size,
  transposeA: fc.boolean(),
  transposeB: fc.boolean(),
  shared: fc.constantFrom<'none' | 'a' | 'b' | 'both'>('none', 'a', 'b', 'both'),
  halves: fc.constantFrom<Halves>('none', 'a', 'b', 'both'),
  bias: fc.boolean(),
  activation: fc.constantFrom(...activations),
});

const matmul = suite('matMul');

for (const kind of ['driver', 'cpu'] as const) {
  matmul(`agrees with the definition in register tiles (${kind})`, () =>
    fc.assert(
      fc.asyncProperty(anyCase, (given) => check(given, kinds[kind])),
      { numRuns: 60 },
    ),
  );
}

matmul('agrees with the definition in small tiles, in all transpositions', async () => {
  // Workgroup tiles take a second to compile on a software driver: one program each.
  const transposed = [false, true].flatMap((a) => [false, true].map((b) => [a, b] as const));
  for (const [i, [transposeA, transposeB]] of transposed.entries()) {
    const activation = activations[i] as Case['activation'] & string;
    for (const sizes of [
      { batch: [2], rows: 37, columns: 33, depth: 19, shared: 'b' as const },
      { batch: [], rows: 5, columns: 7, depth: 1, shared: 'none' as const },
      { batch: [3], rows: 8, columns: 64, depth: 16, shared: 'a' as const },
    ]) {
      const given = { ...sizes, transposeA, transposeB, bias: i % 2 === 1, activation };
      await check(given, kinds.gpu);
    }
  }
});

matmul('agrees with the definition in large tiles', () =>
  check({ batch: [128], rows: 65, columns: 34, depth: 18, shared: 'b' }, kinds.gpu),
);

matmul('computes one large product of halves', async () => {
  for (const kind of Object.values(kinds)) {
    await check({ batch: [], rows: 300, columns: 300, depth: 1100, halves: 'both' }, kind);
  }
});

matmul('agrees with the definition where one side is short, on a GPU', () =>
  fc.assert(
    fc.asyncProperty(anyCase, fc.integer({ min: 1, max: 4 }), fc.boolean(), (given, n, wide) =>
      check({ ...given, ...(wide ? { rows: n } : { columns: n }) }, kinds.gpu),
    ),
    { numRuns: 25 },
  ),
);

matmul('packs operands that many tiles read on a CPU', async () => {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const shared = transposeA ? 'b' : 'none';
      const given = { batch: [2], depth: 19, transposeA, transposeB, shared } as const;
      await check({ ...given, rows: 66, columns: 69, bias: true }, kinds.driver);
      await check({ ...given, rows: 66, columns: 69, bias: true }, kinds.cpu);
      await check({ ...given, rows: 65, columns: 64, depth: 16 }, kinds.cpu);
      await check({ ...given, rows: 68, columns: 9 }, kinds.cpu);
      // Two tiles at a time, and four, over several runs of steps.
      await check({ ...given, rows: 80, columns: 96, depth: 70 }, kinds.cpu);
      await check({ ...given, rows: 9, columns: 68 }, kinds.cpu);
      for (const halves of ['a', 'b', 'both'] as const) {
        await check({ ...given, rows: 66, columns: 69, halves }, kinds.cpu);
        await check({ ...given, rows: 68, columns: 64, halves }, kinds.cpu);
      }
    }
  }
});

matmul('packs each operand by itself, one that is read across sooner', () => {
  const packs = (
    rows: number,
    columns: number,
    transposeB: boolean,
    kind: Kind,
    { depth = 2048, maxBindingBytes = 2 ** 27 } = {},
  ) => {
    const extent = { batches: 1, rows, columns, depth };
    const strides = { batch: 0, outer: transposeB ? depth : 1, k: transposeB ? 1 : columns };
    const variant = chooseVariant(extent, kind);
    const { a, b } = shouldPack(extent, variant, strides, { maxBindingBytes });
    return [a && 'a', b && 'b'].filter(Boolean).join('');
  };
  assert.equal(
    [
      packs(64, 64, false, kinds.driver),
      packs(63, 64, false, kinds.driver),
      packs(64, 63, false, kinds.driver),
      packs(16, 16, true, kinds.driver),
      packs(32, 16, false, kinds.cpu),
      packs(4, 64, true, kinds.cpu),
      // One of 64 KiB is too large for the device, the other is not.
      packs(256, 128, false, kinds.cpu, { depth: 64, maxBindingBytes: 2 ** 16 - 1 }),
      // 64 KiB of `b` stay in a core's cache, as they lie if its columns are neighbours.
      packs(124, 16, false, kinds.cpu, { depth: 1024 }),
      packs(124, 16, false, kinds.cpu, { depth: 1025 }),
      packs(128, 16, false, kinds.cpu, { depth: 1024 }),
      packs(124, 16, true, kinds.cpu, { depth: 1024 }),
    ],
    ['ab', 'a', 'b', 'b', 'b', 'a', 'b', '', 'b', 'b', 'b'],
  );
});

matmul('computes the same in every way that may be measured on a CPU', async () => {
  const names = new Set<string>();
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      const layout = { batch: [2], transposeA, transposeB, bias: true, shared: 'b' } as const;
      for (const kind of [kinds.cpu, kinds.driver]) {
        for (const sizes of [
          { rows: 19, columns: 37, depth: 1031, halves: 'a' },
          { rows: 68, columns: 64, depth: 13 },
          { rows: 1, columns: 3, depth: 5, halves: 'b' },
        ] as const) {
          const ways = await inEveryWay((pick) => check({ ...layout, ...sizes }, kind, pick));
          for (const way of ways) names.add(way);
        }
      }
    }
  }
  for (const way of ['8x4 in 1', '4x16 in 1', '4x8 in 2', 'packs', 'packs a', 'packs a b']) {
    assert.ok(names.has(way), `${way} is not in ${[...names]}`);
  }
});

matmul('computes one large product in every way on a CPU', async () => {
  const given = { batch: [], rows: 300, columns: 300, depth: 1100 };
  await inEveryWay((pick) => check(given, kinds.cpu, pick));
});

matmul('splits a long reduction', async () => {
  const epilogue = { bias: true, activation: 'tanh' } as const;
  for (const kind of Object.values(kinds)) {
    await check({ batch: [], rows: 7, columns: 6, depth: 1031, ...epilogue }, kind);
    await check({ batch: [3], rows: 5, columns: 5, depth: 515, transposeA: true }, kind);
    await check({ batch: [], rows: 7, columns: 8, depth: 1032, halves: 'both' }, kind);
  }
});

matmul('runs more workgroups than one dimension of a dispatch has', async () => {
  const one = { rows: 1, columns: 1, depth: 2 };
  await check({ batch: [8 * 66_000], ...one }, kinds.driver);
  await check({ batch: [66_000], ...one }, kinds.gpu);
});

matmul('keeps NaN through relu, and does not spill the padding of buffers', async () => {
  for (const cpu of [true, false]) {
    const [result] = await runKernel(matMul, {
      inputs: [
        { shape: [1, 1], data: [Number.NaN] },
        { shape: [1, 1], data: [1] },
      ],
      output: { shape: [1, 1] },
      attributes: { transposeA: false, transposeB: false },
      epilogue: { bias: false, activation: 'relu' },
      limits: { cpu },
    });
    assert.ok(Number.isNaN(result));
  }
});

matmul('has finite activations far from zero', async () => {
  for (const activation of ['sigmoid', 'tanh'] as const) {
    const actual = await runKernel(matMul, {
      inputs: [
        { shape: [2, 1], data: [-200, 200] },
        { shape: [1, 1], data: [1] },
      ],
      output: { shape: [2, 1] },
      attributes: { transposeA: false, transposeB: false },
      epilogue: { bias: false, activation },
    });
    assert.equal([...actual], [activation === 'tanh' ? -1 : 0, 1]);
  }
});

matmul('chooses tiles that fit the output', () => {
  const choose = (rows: number, columns: number, depth = 64, batches = 1) =>
    chooseVariant({ batches, rows, columns, depth }, kinds.driver);
  assert.equal(choose(512, 512), { rows: 8, columns: 8, splits: 1 });
  assert.equal(choose(3, 512), { rows: 4, columns: 8, splits: 1 });
  assert.equal(choose(1, 4), { rows: 1, columns: 4, splits: 1 });
  const extent = { batches: 1, rows: 512, columns: 512, depth: 64 };
  const tile = { rows: 4, columns: 8, splits: 1 };
  assert.equal(chooseVariant(extent, kinds.cpu), tile);
  assert.equal(chooseVariant({ ...extent, depth: 9 }, kinds.cpu), { ...tile, columns: 16 });
  assert.equal(chooseVariant({ ...extent, columns: 4 }, kinds.cpu), { ...tile, columns: 4 });
});

matmul('splits the reduction only where tiles are few and the reduction is long', () => {
  const splits = (kind: Kind, rows: number, columns: number, depth: number) =>
    chooseVariant({ batches: 1, rows, columns, depth }, kind).splits;
  for (const kind of [kinds.driver, kinds.cpu]) {
    assert.is(splits(kind, 8, 8, 511), 1);
    assert.is(splits(kind, 8, 8, 512), 2);
    assert.is(splits(kind, 2048, 2048, 4096), 1);
  }
});

matmul('lays the lanes of a small product along the neighbours of the larger operand', () => {
  const extent = { batches: 1, rows: 1, columns: 100, depth: 50 };
  const alongColumns = { batch: 0, outer: 1, k: 100 };
  const alongK = { batch: 0, outer: 50, k: 1 };
  const a = { batch: 0, outer: 50, k: 1 };
  assert.is(isSmall(extent, kinds.gpu), true);
  assert.is(isSmall(extent, kinds.driver), false);
  const layout = (b: typeof a, depth = 50) => chooseSmallLayout({ ...extent, depth }, a, b);
  const flat = { swapped: false, alongK: false };
  assert.equal(layout(alongColumns), { ...flat, columnLanes: 16, kLanes: 8 });
  assert.equal(layout(alongColumns, 5000), { ...flat, columnLanes: 4, kLanes: 32 });
  assert.equal(layout(alongColumns, 1), { ...flat, columnLanes: 128, kLanes: 1 });
  const deep = { swapped: false, alongK: true };
  assert.equal(layout(alongK), { ...deep, columnLanes: 64, kLanes: 2 });
  assert.equal(layout(alongK, 5000), { ...deep, columnLanes: 2, kLanes: 64 });
  const tall = { ...extent, rows: 100, columns: 1 };
  assert.is(chooseSmallLayout(tall, alongK, a).swapped, true);
});

matmul.run();

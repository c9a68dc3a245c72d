import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  directTiles,
  nameOfTile,
  type Tile,
  tiles,
} from '../../../src/kernels/matmul/blocked-variant.ts';
import { matMulInBlocks } from '../../../src/kernels/matmul/on-gpu.ts';
import type { Activation } from '../endings.ts';
import { runKernel, runKernelAlongside } from '../harness.ts';
import {
  assertClose,
  finished,
  type Halves,
  multiply,
  noise,
  operand,
} from './matmul-reference.ts';

interface Case {
  readonly tile: Tile;
  readonly splits?: number;
  readonly batches?: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
  readonly halves?: Halves;
  readonly bias?: boolean;
  readonly activation?: Activation;
}

async function check({ tile, splits = 1, batches = 1, rows, columns, depth, ...how }: Case) {
  const { transposeA = false, transposeB = false, activation = 'none' } = how;
  const { halves = 'none' } = how;
  const a = operand([batches, ...(transposeA ? [depth, rows] : [rows, depth])], 1, 'a', halves);
  // One `b` serves all batches.
  const b = operand([1, ...(transposeB ? [columns, depth] : [depth, columns])], 2, 'b', halves);
  const bias = how.bias ? { shape: [columns], data: noise(columns, 3) } : undefined;
  const output = [batches, rows, columns];
  const attributes = { transposeA, transposeB };
  const actual = await runKernel((context) => matMulInBlocks(context, { tile, splits }), {
    inputs: [a, b],
    output: { shape: output },
    attributes,
    epilogue: { bias: bias !== undefined, activation },
    ...(bias && { bias }),
  });
  try {
    assertClose(actual, finished(multiply(a, b, output, attributes), bias?.data, activation));
  } catch (cause) {
    const how = JSON.stringify({ splits, batches, rows, columns, depth, transposeA, transposeB });
    throw new Error(`${tile.rows} × ${tile.columns}, ${how}: ${cause}`);
  }
}

const layouts = [false, true].flatMap((transposeA) =>
  [false, true].map((transposeB) => ({ transposeA, transposeB })),
);

/**
 * Layouts are tried in one tile and with one activation each: a program takes seconds to compile on a
 * software driver. That of the first is compiled anyway.
 */
const tileOf: readonly Tile[] = [tiles[2], tiles[3], tiles[4], tiles[6]];
const activationOf: readonly Activation[] = ['relu', 'none', 'sigmoid', 'tanh'];

const blocked = suite('matMul in blocks');

for (const tile of [...tiles, ...directTiles]) {
  const { rows, columns, depth, kGroups } = tile;
  const name = `${nameOfTile(tile)}x${depth}${kGroups > 1 ? `, ${kGroups} groups` : ''}`;
  // A few programs each: workgroup tiles take a second to compile on a software driver.
  blocked(`computes whole tiles of ${name} and less than one`, async () => {
    await check({ tile, rows: 2 * rows, columns: 2 * columns, depth: 3 * depth });
    await check({ tile, rows: 1, columns: 4, depth: 4 });
    await check({ tile, rows: rows + 1, columns: columns + 4, depth: depth + 4, batches: 3 });
    await check({ tile, rows: 13, columns: 20, depth: 2 * depth - 4 });
  });

  blocked(`takes any sizes in tiles of ${name}, element by element`, async () => {
    // An ending is compiled for every element of a block, in ten seconds and more: of the tiles whose
    // invocations own 8 × 8, the smallest has one.
    const ending = rows > 64 ? undefined : ({ bias: true, activation: 'relu' } as const);
    for (const sizes of [
      // A bias of one number would be an ending of its own.
      { rows: 1, columns: ending ? 3 : 1, depth: 1 },
      { rows: rows + 3, columns: columns + 5, depth: 2 * depth + 3 },
      { rows: 37, columns: 31, depth: 17, batches: 2 },
    ]) {
      await check({ tile, ...sizes, ...ending });
    }
  });

  blocked(`splits the reduction over tiles of ${name}`, async () => {
    await check({ tile, splits: 3, rows: rows + 4, columns, depth: 7 * depth + 4 });
    await check({ tile, splits: 8, rows: 9, columns: 12, depth: 2 * depth, batches: 2 });
  });
}

blocked('computes one number, with a bias and an activation', () =>
  check({ tile: tiles[6], rows: 1, columns: 1, depth: 1, bias: true, activation: 'relu' }),
);

blocked('takes either operand transposed, aligned or not', async () => {
  for (const [i, layout] of layouts.entries()) {
    const tile = tileOf[i] as Tile;
    const activation = activationOf[i] as Activation;
    await check({ tile, rows: 68, columns: 72, depth: 40, ...layout });
    await check({ tile, rows: 67, columns: 71, depth: 41, ...layout, bias: true, activation });
    await check({ tile, rows: 5, columns: 3, depth: 2, ...layout, bias: true, activation });
  }
});

blocked('reads halves, in every layout, aligned or not', async () => {
  const kinds = ['both', 'a', 'b', 'both'] as const;
  for (const [i, layout] of layouts.entries()) {
    const tile = tileOf[i] as Tile;
    const halves = kinds[i] as Halves;
    await check({ tile, rows: 68, columns: 72, depth: 40, ...layout, halves, splits: 2 });
    await check({ tile, rows: 67, columns: 71, depth: 41, ...layout, halves });
    await check({ tile, rows: 5, columns: 3, depth: 2, ...layout, halves });
  }
});

blocked('reads operands of any layout and dtype without workgroup memory', async () => {
  for (const tile of directTiles) {
    for (const [i, layout] of layouts.entries()) {
      const halves = (['both', 'a', 'b', 'both'] as const)[i] as Halves;
      await check({ tile, rows: 68, columns: 72, depth: 40, ...layout });
      await check({ tile, rows: 68, columns: 72, depth: 40, ...layout, halves });
      await check({ tile, rows: 67, columns: 71, depth: 41, ...layout, splits: 2 });
      await check({ tile, rows: 5, columns: 3, depth: 2, ...layout, halves });
    }
  }
});

blocked('sums up columns on the way', async () => {
  const [a, b] = [noise(45 * 70, 1), noise(45 * 39, 2)];
  const sums = Array.from({ length: 39 }, (_, c) =>
    Array.from({ length: 45 }, (_, k) => b[39 * k + c] as number).reduce((x, y) => x + y),
  );
  for (const tile of [tiles[3], tiles[6], tiles[7], ...directTiles]) {
    for (const splits of [1, 3]) {
      const [, found = []] = await runKernelAlongside(
        (context: Parameters<typeof matMulInBlocks>[0]) =>
          matMulInBlocks(context, { tile, splits }),
        {
          inputs: [
            { shape: [45, 70], data: a },
            { shape: [45, 39], data: b },
          ],
          output: { shape: [70, 39] },
          attributes: { transposeA: true, transposeB: false },
          alongside: [[39]],
        },
      );
      sums.forEach((sum, i) => {
        const error = Math.abs((found[i] ?? Number.NaN) - sum);
        assert.ok(error <= 1e-4, `${nameOfTile(tile)}, ${splits} splits: ${found[i]}, not ${sum}`);
      });
    }
  }
});

blocked('computes one large product in every layout', async () => {
  const sizes = { rows: 300, columns: 300, depth: 1100 };
  for (const [i, layout] of layouts.entries()) {
    await check({ tile: tileOf[i] as Tile, splits: 3, ...sizes, ...layout });
    await check({ tile: directTiles[i % 2] as Tile, splits: 1 + (i % 2), ...sizes, ...layout });
  }
  await check({ tile: tiles[7], ...sizes });
});

blocked.run();

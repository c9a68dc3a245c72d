import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ceilDivide } from '../../../src/kernels/launch.ts';
import {
  type BlockedVariant,
  blockedWays,
  cost,
  invocations,
  type Tile,
  tiles,
} from '../../../src/kernels/matmul/blocked-variant.ts';
import type { Extent } from '../../../src/kernels/matmul/variant.ts';
import { guessOf } from '../../../src/kernels/pick.ts';
import { type Gpu, gpus, lanesOf } from '../gpus.ts';

const maxWorkgroupBytes = 2 ** 15;

type Shape = readonly [rows: number, columns: number, depth: number, batches?: number];
const extentOf = ([rows, columns, depth, batches = 1]: Shape) => ({
  rows,
  columns,
  depth,
  batches,
});
const chosen = (gpu: Gpu, shape: Shape) =>
  guessOf(blockedWays(extentOf(shape), { lanes: lanesOf[gpu], maxWorkgroupBytes }));
const workgroups = ([rows, columns, , batches = 1]: Shape, { tile, splits }: BlockedVariant) =>
  batches * splits * ceilDivide(rows, tile.rows) * ceilDivide(columns, tile.columns);

/** Of the models of the examples, of ResNet-50, of language models, and odd ones. */
const shapes: readonly Shape[] = [
  [1024, 1024, 1024],
  [4096, 4096, 4096],
  [512, 512, 512],
  [128, 16, 784],
  [784, 16, 1024],
  [128, 10, 64],
  [128, 64, 576],
  [576, 64, 128],
  [2048, 64, 256],
  [128, 256, 1024],
  [32, 512, 2048],
  [64, 64, 64, 96],
  [512, 512, 64, 96],
  [1024, 32_000, 512],
  [100_000, 64, 64],
  [64, 64, 100_000],
  [16, 16, 65_536],
  [5, 5, 5],
];

/** The rule there was before: two tiles, and splits for 128 workgroups of either. */
function fixed({ batches, rows, columns, depth }: Extent): BlockedVariant {
  const count = (size: number) => batches * ceilDivide(rows, size) * ceilDivide(columns, size);
  const size = Math.min(rows, columns) > 32 && count(64) >= 128 ? 64 : 32;
  const tile = tiles.find((tile) => tile.rows === size && tile.columns === size) as Tile;
  const wanted = Math.min(ceilDivide(128, count(size)), Math.floor(depth / 256));
  return { tile, splits: Math.max(1, wanted) };
}

const choice = suite('choice of a blocked variant');

choice(
  'is never slower, by its own model, than the tiles and splits that were fixed before',
  () => {
    for (const gpu of gpus) {
      for (const shape of shapes) {
        const costOf = (variant: BlockedVariant) => cost(extentOf(shape), variant, lanesOf[gpu]);
        const old = costOf(fixed(extentOf(shape)));
        assert.ok(costOf(chosen(gpu, shape)) <= old, `${gpu}, ${shape}`);
      }
    }
  },
);

choice('gives every device as many invocations as it runs at once, where there is work', () => {
  for (const gpu of gpus) {
    for (const shape of [
      [1024, 1024, 1024],
      [4096, 4096, 4096],
      [100_000, 64, 64],
      [64, 64, 100_000],
    ] as const) {
      const variant = chosen(gpu, shape);
      const running = workgroups(shape, variant) * invocations(variant.tile);
      assert.ok(running >= lanesOf[gpu] / 3, `${gpu}, ${shape}: ${running}`);
    }
  }
});

choice('never walks a long reduction in few invocations', () => {
  for (const gpu of gpus) {
    for (const shape of [
      [64, 64, 100_000],
      [16, 16, 65_536],
      [8, 8, 1_000_000],
    ] as const) {
      const { tile, splits } = chosen(gpu, shape);
      const steps = shape[2] / splits / tile.depth;
      assert.ok(steps * lanesOf[gpu] <= 2 ** 23, `${gpu}, ${shape}: ${steps} steps`);
    }
  }
});

choice('takes large tiles where they fill the device, and shares out the reduction of few', () => {
  const words = (gpu: Gpu, shape: Shape) => {
    const { tile, splits } = chosen(gpu, shape);
    return `${tile.rows}×${tile.columns}×${tile.depth}, ${splits}`;
  };
  for (const gpu of gpus) {
    assert.is(words(gpu, [4096, 4096, 4096]), '128×128×16, 1');
    assert.is(words(gpu, [128, 10, 64]), '16×32×64, 1');
  }
  assert.is(words('h100', [1024, 1024, 1024]), '64×64×16, 1');
  assert.is(words('m2', [1024, 1024, 1024]), '128×128×16, 1');
  assert.is(words('h100', [100_000, 64, 64]), '64×64×16, 1');
  assert.is(words('m2', [100_000, 64, 64]), '128×64×8, 1');
  assert.is(words('m2', [128, 16, 784]), '16×32×128, 1');
  assert.is(words('h100', [128, 64, 576]), '16×32×128, 1');
  assert.is(words('h100', [256, 256, 256]), '16×32×128, 1');
});

choice('has tiles without workgroup memory tried, and never takes one by itself', () => {
  for (const gpu of gpus) {
    for (const shape of shapes) {
      const limits = { lanes: lanesOf[gpu], maxWorkgroupBytes };
      const [guess = '', ...others] = blockedWays(extentOf(shape), limits).keys();
      assert.not.match(guess, /direct/);
      const direct = others.filter((name) => /^direct_/.test(name));
      assert.is(direct.length, 2, `${gpu}, ${shape}: ${others}`);
    }
  }
});

choice('takes no tile that exceeds the workgroup memory of the device', () => {
  const extent = extentOf([4096, 4096, 4096]);
  const { tile } = guessOf(blockedWays(extent, { lanes: 4000, maxWorkgroupBytes: 2 ** 14 }));
  assert.is(`${tile.rows}×${tile.columns}`, '128×64');
});

choice.run();

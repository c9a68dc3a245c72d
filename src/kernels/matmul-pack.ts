import { ceilDivide, input, type Launch, program, temporary } from './launch.ts';
import type { Strides } from './matmul-small.ts';
import type { Extent, Variant } from './matmul-variant.ts';
import type { Preparation } from './split-reduction.ts';
import pack from './wgsl/matmul_pack.wgsl';

const LANES = 64;
/** Rows (or columns) that a tile of the packed order holds. */
const TILE = 8;
/** Each packed element should be read by this many tiles at least, or packing does not pay. */
const READERS = 32;

/** Whether both operands are worth a pass that puts them into the order of the register tiles. */
export function shouldPack({ rows, columns }: Extent, variant: Variant): boolean {
  return variant.kind === 'registers' && Math.min(rows, columns) >= READERS * TILE;
}

/** Puts operand `index`, which has `size` rows or columns, in tiles into temporary `index`. */
export function packOperand(
  index: 0 | 1,
  size: number,
  { depth, batches }: Extent,
  strides: Strides,
): Preparation {
  const tiles = ceilDivide(size, TILE);
  const vectors = ((strides.batch === 0 ? 1 : batches) * tiles * depth * TILE) / 4;
  const launch: Launch = {
    program: program('matmul_pack', pack, { LANES }),
    bindings: [input(index), temporary(index)],
    params: [vectors, tiles, depth, size, strides.batch, strides.outer, strides.k],
    workgroups: ceilDivide(vectors, LANES),
  };
  return { launch, bytes: vectors * 16 };
}

/** The strides of an operand that {@link packOperand} has packed. */
export function packedStrides(size: number, { depth }: Extent, { batch }: Strides): Strides {
  return { batch: batch === 0 ? 0 : ceilDivide(size, TILE) * depth * TILE, outer: 0, k: TILE };
}

import type { DeviceLimits } from '../../device/device.ts';
import { byteSize, type DType } from '../dtype.ts';
import { ceilDivide, input, launch, temporary } from '../launch.ts';
import type { Ways } from '../pick.ts';
import { program } from '../program.ts';
import pack from '../wgsl/matmul/pack.wgsl';
import { readsOfA } from './operand-reads.ts';
import type { Strides } from './problem.ts';
import type { Preparation } from './split-reduction.ts';
import type { Extent, Variant } from './variant.ts';

type Limits = Pick<DeviceLimits, 'maxBindingBytes'>;

const LANES = 8;
/** Steps of the reduction that one invocation moves. */
const RUN = 32;
/** Rows (or columns) that a tile of the packed order holds. */
const TILE = 8;
/** Each packed element should be read by this many tiles at least, or packing does not pay. */
const READERS = 8;
/** The same where columns of `b` are not neighbours in memory: elements are then read one by one. */
const FEW_READERS = 2;
/** The same where they are, and a core's own cache has all of `b`: it reads it well as it lies. */
const MANY_READERS = 32;
const CACHED_ELEMENTS = 2 ** 14;

/** A larger copy costs a training more memory than its speed is worth. */
const MOST_BYTES = 256 * 2 ** 20;

interface Run {
  readonly count: number;
  readonly stride: number;
}

/** Where an operand's elements are. */
export interface Source extends Strides {
  /** The reduction counts so many elements so far apart, and so many lines of those, before it goes on by `k`. */
  readonly inner?: Run;
  /** One if unsaid. */
  readonly lines?: Run;
  /** f32 if unsaid. */
  readonly dtype?: DType | undefined;
}

interface Packed {
  readonly a: boolean;
  readonly b: boolean;
}

/** Which operands are worth a pass that puts them into the order of the register tiles. */
export function shouldPack(extent: Extent, variant: Variant, b: Strides, limits: Limits): Packed {
  const { rows, columns, depth } = extent;
  const can = canPack(extent, limits);
  const readers = { a: columns / variant.columns, b: rows / variant.rows };
  const whereNeighbours = columns * depth <= CACHED_ELEMENTS ? MANY_READERS : READERS;
  const fewest = { a: READERS, b: b.outer === 1 ? whereNeighbours : FEW_READERS };
  return {
    a: can.a && readers.a >= fewest.a,
    b: can.b && readers.b >= fewest.b,
  };
}

function canPack({ rows, columns, depth, batches }: Extent, limits: Limits): Packed {
  return {
    a: mayPack(rows, batches * depth, limits),
    b: mayPack(columns, batches * depth, limits),
  };
}

/** What {@link shouldPack} says, and all else that the device has room for, by name. */
export function packings(
  extent: Extent,
  variant: Variant,
  b: Strides,
  limits: Limits,
): Ways<Packed> {
  const chosen = shouldPack(extent, variant, b, limits);
  const most = canPack(extent, limits);
  const either = [false, true];
  const others = either.flatMap((a) => either.map((b) => ({ a: a && most.a, b: b && most.b })));
  return new Map([chosen, ...others].map((way) => [nameOf(way), way]));
}

function nameOf({ a, b }: Packed): string {
  return ['packs', a && 'a', b && 'b'].filter(Boolean).join(' ');
}

/** Whether the packed copy of an operand is not too large. */
export function mayPack(size: number, depth: number, { maxBindingBytes }: Limits): boolean {
  return byteSize(packedElements(size, depth), 'f32') <= Math.min(MOST_BYTES, maxBindingBytes);
}

/** What one batch of a packed operand has: whole tiles. */
function packedElements(size: number, depth: number): number {
  return ceilDivide(size, TILE) * TILE * depth;
}

const ONE: Run = { count: 1, stride: 0 };

/** Puts input `index`, which has `size` rows or columns, in tiles into temporary `to`. */
export function packOperand(
  index: 0 | 1,
  to: 0 | 1,
  size: number,
  { depth, batches }: Pick<Extent, 'depth' | 'batches'>,
  { batch, outer, k, inner = { count: depth, stride: k }, lines = ONE, dtype }: Source,
): Preparation {
  const tiles = ceilDivide(size, TILE);
  const TILES = outer === 1 ? ([4, 2].find((most) => tiles % most === 0) ?? 1) : 1;
  const groups = tiles / TILES;
  const copies = batch === 0 ? 1 : batches;
  const runsPerTile = ceilDivide(depth, RUN);
  const runs = copies * groups * runsPerTile;
  const vector =
    outer === 1 && [size, batch, k, inner.stride, lines.stride].every((step) => step % 4 === 0);
  const constants = { LANES, RUN, TILES, VECTOR: Number(vector), ACROSS: Number(outer === 1) };
  const packing = launch({
    program: program('matmul_pack', pack, constants, [readsOfA(dtype)]),
    bindings: { a: input(index), packed: temporary(to) },
    params: {
      runs,
      runsPerTile,
      groups,
      depth,
      size,
      batchStride: batch,
      outerStride: outer,
      kStride: k,
      innerCount: inner.count,
      innerStride: inner.stride,
      lineCount: lines.count,
      lineStride: lines.stride,
    },
    workgroups: ceilDivide(runs, LANES),
  });
  return { launch: packing, bytes: byteSize(copies * packedElements(size, depth), 'f32') };
}

/** The strides of an operand that {@link packOperand} has packed. */
export function packedStrides(size: number, { depth }: Extent, { batch }: Strides): Strides {
  return { batch: batch === 0 ? 0 : packedElements(size, depth), outer: 0, k: TILE };
}

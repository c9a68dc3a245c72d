import type { DeviceLimits } from '../../device/device.ts';
import { ceilDivide } from '../launch.ts';
import { shortlist, type Ways } from '../pick.ts';
import type { Extent } from './variant.ts';

/** What a workgroup of blocked.wgsl or direct.wgsl computes: `rows` × `columns` outputs, `depth` steps of the reduction at a time. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
  /** An invocation owns `rowBlocks` × `columnBlocks` blocks of 4 × 4 outputs. */
  readonly rowBlocks: 1 | 2;
  readonly columnBlocks: 1 | 2;
  /** So many groups of invocations share a step's reduction. */
  readonly kGroups: number;
  /** Whether operands are read without workgroup memory, each invocation for itself. */
  readonly direct?: true;
  /**
   * The share of a device's multiply-adds that it reaches when enough of them run: estimates,
   * until real devices have been measured.
   */
  readonly efficiency: number;
}

/** A tile, and into how many pieces the reduction of one output is cut. */
export interface BlockedVariant {
  readonly tile: Tile;
  readonly splits: number;
}

const square = { rowBlocks: 2, columnBlocks: 2 } as const;
const high = { rowBlocks: 2, columnBlocks: 1 } as const;
const single = { rowBlocks: 1, columnBlocks: 1 } as const;

export const tiles = [
  { ...square, rows: 128, columns: 128, depth: 16, kGroups: 1, efficiency: 0.66 },
  { ...square, rows: 128, columns: 64, depth: 8, kGroups: 1, efficiency: 0.62 },
  { ...square, rows: 64, columns: 64, depth: 16, kGroups: 2, efficiency: 0.55 },
  { ...high, rows: 32, columns: 32, depth: 32, kGroups: 2, efficiency: 0.48 },
  { ...high, rows: 32, columns: 32, depth: 64, kGroups: 4, efficiency: 0.45 },
  { ...high, rows: 32, columns: 32, depth: 64, kGroups: 8, efficiency: 0.35 },
  { ...single, rows: 16, columns: 32, depth: 64, kGroups: 8, efficiency: 0.25 },
  { ...single, rows: 16, columns: 32, depth: 128, kGroups: 8, efficiency: 0.3 },
] as const satisfies readonly Tile[];

/**
 * Tiles that go through no workgroup memory, for GPUs whose cache is as near. No rule knows which those
 * are: they are tried where ways are measured.
 */
export const directTiles = [
  { ...square, rows: 64, columns: 64, depth: 4, kGroups: 1, efficiency: 0.4, direct: true },
  { ...high, rows: 64, columns: 32, depth: 4, kGroups: 1, efficiency: 0.3, direct: true },
] as const satisfies readonly Tile[];
/** So many of them are. */
const MOST_DIRECT = 2;

/** Invocations of a workgroup: one for each of its blocks, in each group. */
export function invocations({ rows, columns, rowBlocks, columnBlocks, kGroups }: Tile): number {
  return ((rows * columns) / (16 * rowBlocks * columnBlocks)) * kGroups;
}

/** Workgroup memory: both tiles, lines one vec4 longer. */
function workgroupBytes({ rows, columns, depth, direct }: Tile): number {
  return direct ? 0 : 4 * depth * (rows + columns + 8);
}

// What a device does in a microsecond, for each of the invocations that it runs at once; of two
// devices, one with more lanes has more of both. From an H100 and an M2, which differ by 20 %.
const OPERATIONS_PER_LANE = 1000;
export const BYTES_PER_LANE = 35;
/** Microseconds that a dispatch takes of the device, and of the host that sends it. */
export const DISPATCH = 6;
/** Microseconds until a step's operands have come, where nothing else hides it. */
const STEP = 0.3;
/** A shorter piece of the reduction is not worth a split. */
const SHORTEST_PIECE = 64;

/** Microseconds that a product should take on a device with so many lanes. */
export function cost(
  { batches, rows, columns, depth }: Extent,
  { tile, splits }: BlockedVariant,
  lanes: number,
): number {
  const perWorkgroup = invocations(tile);
  const outputs = batches * ceilDivide(rows, tile.rows) * ceilDivide(columns, tile.columns);
  const steps = ceilDivide(ceilDivide(depth, splits), tile.depth);
  const wanted = outputs * splits * perWorkgroup;
  // Two fifths of the lanes hide the latency of one another; a round of too few leaves the others idle.
  const busy = Math.min(1, wanted / (0.4 * lanes));
  const rounds = wanted / lanes;
  const full = rounds > 1 ? rounds / Math.ceil(rounds) : 1;
  const operations = 2 * outputs * tile.rows * tile.columns * steps * splits * tile.depth;
  const computing = operations / (OPERATIONS_PER_LANE * lanes * tile.efficiency * busy * full);
  const bytes = 4 * batches * (rows * depth + depth * columns + rows * columns);
  const moving = bytes / (BYTES_PER_LANE * lanes);
  const partial = splits > 1 ? 8 * splits * batches * rows * columns : 0;
  const summing = splits > 1 ? DISPATCH + partial / (BYTES_PER_LANE * lanes) : 0;
  return Math.max(computing, moving, steps * STEP) + summing + DISPATCH;
}

/** The name of a variant among others. */
export function nameOf({ tile, splits }: BlockedVariant): string {
  const { depth, kGroups, direct } = tile;
  return `${nameOfTile(tile)}${direct ? '' : `x${depth / kGroups}x${kGroups}`} in ${splits}`;
}

export function nameOfTile({ rows, columns, direct }: Tile): string {
  return `${direct ? 'direct_' : ''}${rows}x${columns}`;
}

/**
 * The cheapest of all tiles, and of all useful numbers of splits for each, by name; behind them those
 * without workgroup memory.
 */
export function blockedWays(
  extent: Extent,
  limits: Pick<DeviceLimits, 'lanes' | 'maxWorkgroupBytes'>,
): Ways<BlockedVariant> {
  const costOf = (variant: BlockedVariant) => cost(extent, variant, limits.lanes);
  const variants = blockedVariants(extent, limits);
  const isDirect = ({ tile }: BlockedVariant) => tile.direct ?? false;
  const through = variants.filter((variant) => !isDirect(variant));
  const direct = shortlist(variants.filter(isDirect), costOf, nameOf);
  return new Map([...shortlist(through, costOf, nameOf), ...[...direct].slice(0, MOST_DIRECT)]);
}

/** Those that the device has workgroup memory for. */
export function blockedVariants(
  { depth }: Extent,
  { maxWorkgroupBytes }: Pick<DeviceLimits, 'maxWorkgroupBytes'>,
): BlockedVariant[] {
  return [...tiles, ...directTiles]
    .filter((tile) => workgroupBytes(tile) <= maxWorkgroupBytes)
    .flatMap((tile) => splitNumbers(depth).map((splits) => ({ tile, splits })));
}

/** 1, 2, 3, 4, 6, 8, 12, … as long as pieces are not too short. */
function splitNumbers(depth: number): number[] {
  const numbers = [1];
  for (let power = 2; power * SHORTEST_PIECE <= depth; power *= 2) {
    numbers.push(power);
    if (1.5 * power * SHORTEST_PIECE <= depth) numbers.push(1.5 * power);
  }
  return numbers;
}

import type { DeviceLimits } from '../../device/device.ts';
import { ceilDivide } from '../launch.ts';

/** `batches` products of [rows × depth] and [depth × columns]. */
export interface Extent {
  readonly batches: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** How a product is computed, and into how many pieces the reduction of one output is cut. */
export type Variant =
  /** For CPUs: one invocation computes `rows` × `columns` outputs. */
  | {
      readonly kind: 'registers';
      readonly rows: 1 | 4 | 8;
      readonly columns: 4 | 8 | 16;
      readonly splits: number;
    }
  /** For GPUs: one workgroup computes `tile` × `tile` outputs, one invocation `threadRows` × 4. */
  | {
      readonly kind: 'tiled';
      readonly tile: 32 | 64;
      readonly threadRows: 4 | 8;
      readonly splits: number;
    };

/** Invocations that keep a few cores busy, each running eight of them side by side. */
const ENOUGH_INVOCATIONS = 64;
/** Workgroups that keep a GPU busy. */
const ENOUGH_WORKGROUPS = 128;
/** A shorter piece of the reduction is not worth a second pass. */
const SHORTEST_PIECE = 256;

export function chooseVariant(
  extent: Extent,
  limits: Pick<DeviceLimits, 'cpu' | 'slowLoads'>,
): Variant {
  const { batches, rows, columns } = extent;
  const tiles = (high: number, wide: number) =>
    batches * ceilDivide(rows, high) * ceilDivide(columns, wide);
  if (limits.cpu) {
    const tile = limits.slowLoads ? loadSavingTile(extent) : registerTile(extent);
    const splits = splitsFor(ENOUGH_INVOCATIONS, tiles(tile.rows, tile.columns), extent.depth);
    return { kind: 'registers', ...tile, splits };
  }
  const large = Math.min(rows, columns) > 32 && tiles(64, 64) >= ENOUGH_WORKGROUPS;
  const tile = large
    ? ({ tile: 64, threadRows: 8 } as const)
    : ({ tile: 32, threadRows: 4 } as const);
  const splits = splitsFor(ENOUGH_WORKGROUPS, tiles(tile.tile, tile.tile), extent.depth);
  return { kind: 'tiled', ...tile, splits };
}

/** As large as the output allows: a large tile shares its loads among many sums. */
function loadSavingTile({ rows, columns }: Extent) {
  return { rows: rows > 4 ? 8 : rows > 1 ? 4 : 1, columns: columns > 4 ? 8 : 4 } as const;
}

/** Below this depth a tile's fixed work counts for more than its spilled sums. */
const SHALLOW = 16;

/**
 * Eight sums: with their operands, as many as stay in a CPU's sixteen vector registers. A shallow
 * reduction takes twice as many along the contiguous axis.
 */
function registerTile({ rows, columns, depth }: Extent) {
  const widest = depth < SHALLOW ? 16 : 8;
  return { rows: rows > 1 ? 4 : 1, columns: columns > 8 ? widest : columns > 4 ? 8 : 4 } as const;
}

function splitsFor(wanted: number, tiles: number, depth: number): number {
  return Math.max(1, Math.min(ceilDivide(wanted, tiles), Math.floor(depth / SHORTEST_PIECE)));
}

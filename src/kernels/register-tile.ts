import { ceilDivide } from './launch.ts';

/** `batches` products of [rows × depth] and [depth × columns]. */
export interface Extent {
  readonly batches: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/** What one invocation computes, and how many of them share the reduction of one output. */
export interface RegisterTile {
  readonly rows: 1 | 4 | 8;
  readonly columns: 4 | 8;
  readonly splits: number;
}

/** Tiles that keep a few cores busy, each running eight invocations side by side. */
const ENOUGH_TILES = 64;
/** A shorter piece of the reduction is not worth a second pass. */
const SHORTEST_PIECE = 256;

/** The tile of the kernels for CPUs: as large as the output allows, since loads are what costs. */
export function chooseRegisterTile({ batches, rows, columns, depth }: Extent): RegisterTile {
  const tile = { rows: rows > 4 ? 8 : rows > 1 ? 4 : 1, columns: columns > 4 ? 8 : 4 } as const;
  const tiles = batches * ceilDivide(rows, tile.rows) * ceilDivide(columns, tile.columns);
  const wanted = ceilDivide(ENOUGH_TILES, tiles);
  return { ...tile, splits: Math.max(1, Math.min(wanted, Math.floor(depth / SHORTEST_PIECE))) };
}

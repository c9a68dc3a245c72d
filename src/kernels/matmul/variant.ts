import type { DeviceLimits } from '../../device/device.ts';
import { ceilDivide, type LaunchContext } from '../launch.ts';
import { picked, sizesOf, type Ways } from '../pick.ts';

/** `batches` products of [rows × depth] and [depth × columns]. */
export interface Extent {
  readonly batches: number;
  readonly rows: number;
  readonly columns: number;
  readonly depth: number;
}

/**
 * How a CPU computes a product: one invocation has `rows` × `columns` outputs, and the reduction of
 * each is cut into so many pieces.
 */
export interface Variant {
  readonly rows: 1 | 4 | 8;
  readonly columns: 4 | 8 | 16;
  readonly splits: number;
}

/** Invocations that keep a few cores busy, each running eight of them side by side. */
const ENOUGH_INVOCATIONS = 64;
/** A shorter piece of the reduction is not worth a second pass. */
const SHORTEST_PIECE = 256;

export function chooseVariant(
  extent: Extent,
  { slowLoads }: Pick<DeviceLimits, 'slowLoads'>,
): Variant {
  const { batches, rows, columns } = extent;
  const tile = slowLoads ? loadSavingTile(extent) : registerTile(extent);
  const tiles = batches * ceilDivide(rows, tile.rows) * ceilDivide(columns, tile.columns);
  return { ...tile, splits: splitsFor(ENOUGH_INVOCATIONS, tiles, extent.depth) };
}

/** What a product is called where ways are measured; `layout` is what else its time depends on. */
export function problemName(
  name: string,
  { batches, rows, columns, depth }: Extent,
  layout: readonly boolean[],
): string {
  return `${name} ${sizesOf([batches, rows, depth, columns])} ${layout.map(Number).join('')}`;
}

/** What is the fastest on a CPU, as far as is known. */
export function pickVariant(
  context: LaunchContext,
  name: string,
  extent: Extent,
  layout: readonly boolean[],
): Variant {
  const problem = problemName(name, extent, layout);
  return picked(context, problem, registerWays(extent, context.limits));
}

/** What is worth a try beside the choice. */
const otherTiles = [
  { rows: 4, columns: 8 },
  { rows: 4, columns: 16 },
  { rows: 8, columns: 8 },
  { rows: 8, columns: 4 },
] as const;

/** What is chosen, other tiles, and more or fewer splits, by name. */
export function registerWays(
  extent: Extent,
  limits: Pick<DeviceLimits, 'slowLoads'>,
): Ways<Variant> {
  const chosen = chooseVariant(extent, limits);
  const most = Math.max(1, Math.floor(extent.depth / SHORTEST_PIECE));
  const ways = [
    chosen,
    ...otherTiles.map((tile) => ({ ...chosen, ...tile })),
    { ...chosen, splits: Math.min(2 * chosen.splits, most) },
    { ...chosen, splits: 1 },
  ];
  return new Map(ways.map((way) => [`${way.rows}x${way.columns} in ${way.splits}`, way]));
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

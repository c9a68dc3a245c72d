import { ceilDivide } from '../launch.ts';
import { splitStride } from './split-reduction.ts';
import type { Extent } from './variant.ts';

/** What every tiled kernel is told of its output, cut into tiles of `high` × `wide` in each split. */
export function tilingOf(extent: Extent, [high, wide]: readonly [number, number], splits: number) {
  const { batches, rows, columns } = extent;
  const rowTiles = ceilDivide(rows, high);
  const columnTiles = ceilDivide(columns, wide);
  return {
    rows,
    columns,
    rowTiles,
    columnTiles,
    tiles: splits * batches * rowTiles * columnTiles,
    batches,
    splitStride: splitStride(extent),
  };
}

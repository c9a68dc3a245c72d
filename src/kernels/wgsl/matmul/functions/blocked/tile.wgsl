// Which outputs a workgroup owns, which part of their reduction, and how they are stored: a function file
// for matmul/blocked.wgsl and matmul/direct.wgsl.
//
//     tile columns ──▶
//   ┌────┬────┬────┐         Workgroups that run at the same time share operands in the cache: tiles
//   │ 0  │ 8  │ 16 │         are walked in bands of BAND tile rows, down each column of a band. All
//   │ 1  │ 9  │ …  │         tiles of a batch come first, then those of the next, then those of the
//   │ …  │ …  │    │         next part of the reduction.
//   └────┴────┴────┘

const BAND = 8u;
const FOUR = vec4<u32>(0u, 1u, 2u, 3u);
// What result_row() says of a row that is none of the output.
const NO_ROW = 0xffffffffu;

struct Place {
  split: u32,
  batch: u32,
  row: u32,
  column: u32,
}

fn place_of(tile: u32) -> Place {
  let slab = tile / (params.rowTiles * params.columnTiles);
  let in_slab = tile - slab * params.rowTiles * params.columnTiles;
  let split = slab / params.batches;
  let band = in_slab / (BAND * params.columnTiles);
  let in_band = in_slab - band * BAND * params.columnTiles;
  let high = min(BAND, params.rowTiles - band * BAND);
  return Place(
    split,
    slab - split * params.batches,
    (band * BAND + in_band % high) * TILE_ROWS,
    in_band / high * TILE_COLUMNS,
  );
}

// A split's part of the reduction: where it begins, in how many steps of DEPTH, and how much the first
// lacks of a whole one.
struct Share {
  start: u32,
  steps: u32,
  lacking: u32,
}

fn share_of(split: u32, walk: Walk) -> Share {
  let start = split * params.reductionPerSplit;
  let length = max(min(start + params.reductionPerSplit, reduction_of(walk)), start) - start;
  // Where there is nothing to reduce, one step of zeros.
  let steps = max((length + DEPTH - 1u) / DEPTH, 1u);
  return Share(start, steps, steps * DEPTH - length);
}

fn put(base: u32, batch: u32, row: u32, column: u32, sums: Block) {
  if (column >= params.columns) { return; }
  put_row(base, batch, row, column, sums.x);
  put_row(base, batch, row + 1u, column, sums.y);
  put_row(base, batch, row + 2u, column, sums.z);
  put_row(base, batch, row + 3u, column, sums.w);
}

// Stores those of four columns that exist.
fn put_row(base: u32, batch: u32, row: u32, column: u32, value: vec4<f32>) {
  if (row >= params.rows) { return; }
  let to = result_row(row, batch);
  if (to == NO_ROW) { return; }
  let at = base + to * params.columns + column;
  store(at, column, min(4u, params.columns - column), value);
}

// A matmul with few rows or few columns, for GPUs: a tile would be mostly empty, so all
// invocations of a workgroup share the reduction of a handful of outputs.
//
//              COLUMN_LANES
//             ┌─┬─┬─┬─┬─┐
//    K_LANES  │0│1│2│ …  │  each adds up every K_LANES-th product of its column,
//             ├─┼─┼─┼─┼─┤
//             │ │ │ │ …  │  then the K_LANES sums of a column are halved until one is left
//             └─┴─┴─┴─┴─┘
//
// One workgroup owns one row × COLUMN_LANES outputs, one invocation a share of one of them. Per
// output and k: 4 + 4 bytes read (the row again from cache), 2 operations. Where `b` is stored
// along columns, lanes lie along columns; else along k. Rows and columns may be those
// of the transposed product.

struct Params {
  rows: u32,
  columns: u32,
  depth: u32,
  columnTiles: u32,
  tiles: u32,
  aBatch: u32,
  aRow: u32,
  aK: u32,
  bBatch: u32,
  bK: u32,
  bColumn: u32,
  resultRow: u32,
  resultColumn: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

var<workgroup> sums: array<f32, K_LANES * COLUMN_LANES>;

@compute @workgroup_size(K_LANES * COLUMN_LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = group_id.x + group_id.y * groups.x;
  if (tile >= params.tiles) { return; }
  let line = tile / params.columnTiles;
  let batch = line / params.rows;
  let row = line - batch * params.rows;
  let column = (tile - line * params.columnTiles) * COLUMN_LANES + lane % COLUMN_LANES;
  let share = lane / COLUMN_LANES;

  let a_start = batch * params.aBatch + row * params.aRow;
  let b_start = batch * params.bBatch + min(column, params.columns - 1u) * params.bColumn;
  var sum = 0.0;
  for (var k = share; k < params.depth; k += K_LANES) {
    sum += a[a_start + k * params.aK] * b[b_start + k * params.bK];
  }
  sums[lane] = sum;
  for (var half = K_LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (share < half) { sums[lane] += sums[lane + half * COLUMN_LANES]; }
  }
  if (share == 0u && column < params.columns) {
    let at = batch * params.rows * params.columns + row * params.resultRow + column * params.resultColumn;
    result[at] = finished_one(at, sums[lane]);
  }
}

// The (implicit) matmul for GPUs: tiles of both operands go through workgroup memory.
//
//                columns ──▶          b_tile: DEPTH × TILE
//                                    ┌────────────┐
//             a_tile: TILE × DEPTH   └────────────┘
//   rows      ┌──┐                   ┌─┬─┬─┬─┬────┐
//    │        │  │                   │x│ │x│ │x  x│  one invocation: THREAD_ROWS neighbouring
//    ▼        │  │                   │x│ │x│ │x  x│  rows × 4 columns TILE/4 apart
//             └──┘                   └─┴─┴─┴─┴────┘
//
// One workgroup owns TILE × TILE outputs and walks the reduction in steps of DEPTH: all load a
// part of both tiles, wait, multiply, wait. Columns are dealt out in turns so that neighbouring
// invocations read neighbouring words of workgroup memory and store neighbouring outputs. Per
// output and k: 8/TILE bytes of storage and 1 + 4/THREAD_ROWS … of workgroup memory, 2 operations.
//
// A_ALONG_K and B_ALONG_K say along which axis an operand's elements are neighbours in memory:
// neighbouring invocations load along it. The function file (`functions/*operands.wgsl`) declares
// `params` and says where elements lie, split into what depends on the row and what on k, either of
// which stays the same for an invocation:
//   row_part(row, batch), k_part(k), element_at(row_part, k_part)   for `a`; .y = 0: it is zero
//   b_part(k, batch), b_stride()                                    for `b`

@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

const DEPTH = 16u;
const ACROSS = TILE / 4u;
const THREADS = ACROSS * (TILE / THREAD_ROWS);
const LOADS = TILE * DEPTH / THREADS;
// One more than TILE, so that columns of a tile do not all fall into one memory bank.
const PITCH = TILE + 1u;

var<workgroup> a_tile: array<f32, DEPTH * PITCH>;
var<workgroup> b_tile: array<f32, DEPTH * PITCH>;

fn row_of(load: u32) -> u32 {
  return select(load % TILE, load / DEPTH, A_ALONG_K == 1u);
}
fn a_k_of(load: u32) -> u32 {
  return select(load / TILE, load % DEPTH, A_ALONG_K == 1u);
}
fn column_of(load: u32) -> u32 {
  return select(load % TILE, load / DEPTH, B_ALONG_K == 1u);
}
fn b_k_of(load: u32) -> u32 {
  return select(load / TILE, load % DEPTH, B_ALONG_K == 1u);
}

@compute @workgroup_size(THREADS)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = group_id.x + group_id.y * groups.x;
  if (tile >= params.tiles) { return; }
  let across = tile / params.columnTiles;
  let slab = across / params.rowTiles;
  let split = slab / params.batches;
  let batch = slab - split * params.batches;
  let first_column = (tile - across * params.columnTiles) * TILE;
  let first_row = (across - slab * params.rowTiles) * TILE;
  let x = lane % ACROSS;
  let y = lane / ACROSS * THREAD_ROWS;

  var rows: array<vec3<i32>, LOADS>;
  for (var i = 0u; i < LOADS; i++) {
    let row = first_row + row_of(i * THREADS + lane);
    rows[i] = row_part(min(row, params.rows - 1u), batch);
  }

  var sums: array<vec4<f32>, THREAD_ROWS>;
  let end = min((split + 1u) * params.reductionPerSplit, params.reduction);
  for (var start = split * params.reductionPerSplit; start < end; start += DEPTH) {
    for (var i = 0u; i < LOADS; i++) {
      let load = i * THREADS + lane;
      let k = a_k_of(load);
      let at = element_at(rows[i], k_part(min(start + k, params.reduction - 1u)));
      let there = at.y != 0 && start + k < end;
      a_tile[k * PITCH + row_of(load)] = select(0.0, a[select(0u, u32(at.x), there)], there);
    }
    for (var i = 0u; i < LOADS; i++) {
      let load = i * THREADS + lane;
      let k = b_k_of(load);
      let column = column_of(load);
      let there = start + k < end;
      let at = b_part(min(start + k, params.reduction - 1u), batch)
        + min(first_column + column, params.columns - 1u) * b_stride();
      b_tile[k * PITCH + column] = select(0.0, b[at], there);
    }
    workgroupBarrier();
    for (var k = 0u; k < DEPTH; k++) {
      let at = k * PITCH + x;
      let right = vec4<f32>(
        b_tile[at], b_tile[at + ACROSS], b_tile[at + 2u * ACROSS], b_tile[at + 3u * ACROSS],
      );
      for (var r = 0u; r < THREAD_ROWS; r++) { sums[r] += a_tile[k * PITCH + y + r] * right; }
    }
    workgroupBarrier();
  }

  let base = split * params.splitStride + batch * params.rows * params.columns;
  let column = first_column + x + vec4<u32>(0u, 1u, 2u, 3u) * ACROSS;
  for (var r = 0u; r < THREAD_ROWS; r++) {
    let row = first_row + y + r;
    if (row >= params.rows) { break; }
    let begin = base + row * params.columns;
    for (var j = 0u; j < 4u; j++) {
      let at = begin + column[j];
      if (column[j] < params.columns) { result[at] = finished_one(at, sums[r][j]); }
    }
  }
}

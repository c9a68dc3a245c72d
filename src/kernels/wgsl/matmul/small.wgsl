// A matmul with few rows or few columns, for GPUs: a tile would be mostly empty, so all
// invocations of a workgroup share the reduction of a handful of outputs.
//
//              COLUMN_LANES
//             ┌─┬─┬─┬─┬─┐
//    K_LANES  │0│1│2│ …  │  each adds up every K_LANES-th product of its columns,
//             ├─┼─┼─┼─┼─┤
//             │ │ │ │ …  │  then the K_LANES sums of a column are halved until one is left
//             └─┴─┴─┴─┴─┘
//
// One workgroup owns all ROWS rows × COLUMN_LANES · WIDE columns, one invocation a share of WIDE
// neighbouring columns: it reads `b` four neighbours at a time, four such reads in flight. Where `b`
// is stored along columns those are 4 columns of one k, else (ALONG_K) 4 k of one column. Per
// column and k: 4 bytes of `b` read, `a` again from cache, 2 · ROWS operations. Rows and columns may
// be those of the transposed product. What is at a place of an operand is told by a function file for
// each, by its dtype (`functions/a-f32.wgsl` and so on). A_VECTOR, B_VECTOR: four neighbours are one aligned vec4.

struct Params {
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
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

const WIDE = select(4u, 1u, ALONG_K == 1u);
const STEP = select(1u, 4u, ALONG_K == 1u);
const FOUR = vec4<u32>(0u, 1u, 2u, 3u);

var<workgroup> partial: array<vec4<f32>, K_LANES * COLUMN_LANES>;

@compute @workgroup_size(K_LANES * COLUMN_LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = group_id.x + group_id.y * groups.x;
  if (tile >= params.tiles) { return; }
  let batch = tile / params.columnTiles;
  let column = ((tile - batch * params.columnTiles) * COLUMN_LANES + lane % COLUMN_LANES) * WIDE;
  let share = lane / COLUMN_LANES;

  // Columns that do not exist repeat the last: what comes of them is not stored.
  let known = min(column, (params.columns - 1u) / WIDE * WIDE);
  let a_start = batch * params.aBatch;
  let b_start = batch * params.bBatch + known * params.bColumn;
  let reach = min(FOUR, vec4<u32>(params.columns - 1u - known));
  var sums: array<vec4<f32>, ROWS>;
  var k = share * STEP;
  for (; k + 3u * K_LANES * STEP < params.depth; k += 4u * K_LANES * STEP) {
    let b0 = b_four(b_start, k, reach);
    let b1 = b_four(b_start, k + K_LANES * STEP, reach);
    let b2 = b_four(b_start, k + 2u * K_LANES * STEP, reach);
    let b3 = b_four(b_start, k + 3u * K_LANES * STEP, reach);
    for (var r = 0u; r < ROWS; r++) {
      let row = a_start + r * params.aRow;
      sums[r] += a_four(row, k) * b0;
      sums[r] += a_four(row, k + K_LANES * STEP) * b1;
      sums[r] += a_four(row, k + 2u * K_LANES * STEP) * b2;
      sums[r] += a_four(row, k + 3u * K_LANES * STEP) * b3;
    }
  }
  for (; k < params.depth; k += K_LANES * STEP) {
    let there = b_four(b_start, k, reach);
    for (var r = 0u; r < ROWS; r++) { sums[r] += a_four(a_start + r * params.aRow, k) * there; }
  }

  for (var r = 0u; r < ROWS; r++) {
    partial[lane] = sums[r];
    for (var half = K_LANES / 2u; half > 0u; half /= 2u) {
      workgroupBarrier();
      if (share < half) { partial[lane] += partial[lane + half * COLUMN_LANES]; }
    }
    if (share == 0u) {
      var value = partial[lane];
      if (ALONG_K == 1u) { value.x = dot(value, vec4<f32>(1.0)); }
      let begin = batch * ROWS * params.columns + r * params.resultRow;
      for (var i = 0u; i < WIDE && column + i < params.columns; i++) {
        let at = begin + (column + i) * params.resultColumn;
        result[at] = finished_one(at, value[i]);
      }
    }
    workgroupBarrier();
  }
}

// Four neighbours of `b`: columns, or k, behind whose end there are zeros.
fn b_four(start: u32, k: u32, reach: vec4<u32>) -> vec4<f32> {
  if (B_VECTOR == 1u) { return b_vector((start + k * params.bK) >> 2u); }
  if (ALONG_K == 0u) {
    let i = start + k * params.bK + reach;
    return vec4<f32>(b_element(i.x), b_element(i.y), b_element(i.z), b_element(i.w));
  }
  let i = start + min(k + FOUR, vec4<u32>(params.depth - 1u)) * params.bK;
  let four = vec4<f32>(b_element(i.x), b_element(i.y), b_element(i.z), b_element(i.w));
  return select(vec4<f32>(), four, k + FOUR < vec4<u32>(params.depth));
}

// What `a` has for them.
fn a_four(row: u32, k: u32) -> vec4<f32> {
  if (ALONG_K == 0u) { return vec4<f32>(a_element(row + k * params.aK)); }
  if (A_VECTOR == 1u) { return a_vector((row + k * params.aK) >> 2u); }
  let i = row + min(k + FOUR, vec4<u32>(params.depth - 1u)) * params.aK;
  let four = vec4<f32>(a_element(i.x), a_element(i.y), a_element(i.z), a_element(i.w));
  return select(vec4<f32>(), four, k + FOUR < vec4<u32>(params.depth));
}

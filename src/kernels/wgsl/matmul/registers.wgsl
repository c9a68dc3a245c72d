// The (implicit) matmul for devices that run on a CPU: no workgroup memory, no barriers.
//
//              columns ──▶   b: reduction × columns
//                          ┌─────────┐
//                          │ COLUMNS │ ◀─ one k
//              a           └─────────┘
//   rows ┌────┬─┐          ┌─────────┐
//    │   │ROWS│ │ one k ──▶│  sums   │  ROWS × COLUMNS, all in one invocation
//    ▼   └────┴─┘          └─────────┘
//
// One invocation owns a tile of ROWS × COLUMNS outputs and adds up their outer products, k by k.
// Per output and k: 4/COLUMNS + 4/ROWS bytes read, 2 operations. Loads, not multiplications, are
// what a software driver is slow at (each is done lane by lane), hence the large tile. So is
// compiling them, hence one load per row instead of four at a time, and a store loop that is not
// unrolled.
//
// What is at a place of an operand is told by a function file for each, by its dtype (`functions/a-f32.wgsl`
// and so on), and where the operands lie by another (`functions/*operands.wgsl`), which declares
// `params` and
//   row_origin(row, batch)        what stays the same about a row of `a`; computed once
//   row_start(origin, segment)    where the row's elements for this segment begin; .y = 0: all zero
//   row_inside(origin, k)         whether element k is there (padding within a segment)
//   row_step()                    elements from one k to the next
//   result_row(row)               which row of the output it is
//   column_start(origin, segment, batch), column_step(), column_offset(column)    the same for `b`
//   segment_step(), segment_length(origin, segment)    `origin` is that of the tile's first row
// ROWS_APART = 0: all rows of a tile lie outside at the same time, or none does.
// A segment is a stretch of the reduction in which both operands advance by a constant step: all
// of it for matmul, the channels below one filter tap, one row of pixels for the filter gradient.

const VECTORS = COLUMNS / 4u;

// Where the last four of `size` begin; operands read by vec4 are padded to whole ones.
fn last_vector(size: u32) -> u32 { return (size - 1u) & ~3u; }

// Four columns of `b` at one k; columns that do not exist repeat the last.
fn b_columns(start: u32, column: u32) -> vec4<f32> {
  if (B_VECTOR == 1u) {
    return b_vector((start + column_offset(min(column, last_vector(params.columns)))) >> 2u);
  }
  let known = min(column + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.columns - 1u));
  return vec4<f32>(
    b_element(start + column_offset(known.x)),
    b_element(start + column_offset(known.y)),
    b_element(start + column_offset(known.z)),
    b_element(start + column_offset(known.w)),
  );
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let tile = (group_id.x + group_id.y * groups.x) * LANES + lane;
  if (tile >= params.tiles) { return; }
  let across = tile / params.columnTiles;
  let slab = across / params.rowTiles;
  let split = slab / params.batches;
  let batch = slab - split * params.batches;
  let column = (tile - across * params.columnTiles) * COLUMNS;
  let first_row = (across - slab * params.rowTiles) * ROWS;

  var sums: array<array<vec4<f32>, VECTORS>, ROWS>;
  var origins: array<vec3<i32>, ROWS>;
  for (var r = 0u; r < ROWS; r++) {
    // In vec4 mode the last four rows stay together.
    let most = select(params.rows - 1u, last_vector(params.rows) + (r & 3u), A_VECTOR == 1u);
    origins[r] = row_origin(min(first_row + r, most), batch);
  }

  let end = min((split + 1u) * params.reductionPerSplit, params.reduction);
  for (var segment = split * params.reductionPerSplit; segment < end; segment += segment_step()) {
    var at: array<u32, ROWS>;
    var inside: array<bool, ROWS>;
    var any_inside = PADDED == 0u;
    for (var r = 0u; r < ROWS; r++) {
      let start = row_start(origins[r], segment);
      at[r] = u32(start.x);
      inside[r] = PADDED == 0u || start.y != 0;
      any_inside = any_inside || inside[r];
    }
    let length = select(0u, segment_length(origins[0], segment), any_inside);
    var b_at = column_start(origins[0], segment, batch);
    for (var k = 0u; k < length; k++) {
      var b_row: array<vec4<f32>, VECTORS>;
      for (var j = 0u; j < VECTORS; j++) { b_row[j] = b_columns(b_at, column + 4u * j); }
      b_at += column_step();
      if (A_VECTOR == 1u) {
        for (var r = 0u; r < ROWS; r += 4u) {
          let there = ROWS_APART == 0u || (inside[r] && row_inside(origins[r], k));
          let x = select(vec4<f32>(), a_vector(select(0u, at[r], there) >> 2u), there);
          at[r] += row_step();
          for (var i = 0u; i < 4u; i++) {
            for (var j = 0u; j < VECTORS; j++) { sums[r + i][j] += x[i] * b_row[j]; }
          }
        }
      } else {
        for (var r = 0u; r < ROWS; r++) {
          let there = ROWS_APART == 0u || (inside[r] && row_inside(origins[r], k));
          let i = select(0u, at[r], there);
          let x = select(0.0, a_element(i), there);
          at[r] += row_step();
          for (var j = 0u; j < VECTORS; j++) { sums[r][j] += x * b_row[j]; }
        }
      }
    }
  }

  let base = split * params.splitStride + batch * params.rows * params.columns;
  // `tileVectors` is ROWS · VECTORS, as a number no compiler can unroll the loop by.
  var begin = 0u;
  for (var i = 0u; i < params.tileVectors; i++) {
    let r = i / VECTORS;
    let j = i % VECTORS;
    let row = first_row + r;
    let c = column + 4u * j;
    if (j == 0u) { begin = base + result_row(row) * params.columns; }
    if (row < params.rows && c < params.columns) {
      store(begin + c, c, min(4u, params.columns - c), sums[r][j]);
    }
  }
}

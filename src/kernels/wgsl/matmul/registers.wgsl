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
// One invocation owns a tile of ROWS × COLUMNS outputs and adds up their outer products, k by k. A
// workgroup owns a block of tiles, TALL above each other: they follow each other on a core, whose cache
// then has their columns of `b`.
// Per output and k: 4/COLUMNS + 4/ROWS bytes read, 2 operations. Loads, not multiplications, are
// what a software driver is slow at (each is done lane by lane), hence the large tile. So is
// compiling them, hence one load per row instead of four at a time, and a store loop that is not
// unrolled, but for small tiles.
//
// What is at a place of an operand is told by a function file for each, by its dtype (`functions/a-f32.wgsl`
// and so on), and where the operands lie by another (`functions/*operands.wgsl`), which declares
// `params` and
//   row_origin(row, batch)        what stays the same about a row of `a`; computed once
//   row_start(origin, segment)    where the row's elements for this segment begin; .y = 0: all zero
//   row_inside(origin, k)         whether element k is there (padding within a segment)
//   row_step()                    elements from one k to the next
//   row_apart()                   elements from one row to the next, where ROWS_ALIKE = 1
//   result_start(batch)           where the output of a batch begins
//   result_row(row)               which row of the output it is
//   result_apart()                rows of the output from one row to the next, where ROWS_ALIKE = 1
//   column_start(origin, segment, batch), column_step(), column_offset(column)    the same for `b`
//   segment_step(), segment_length(origin, segment)    `origin` is that of the tile's first row
// ROWS_ALIKE = 1: all rows of a tile are there and as far apart as the next, so that the first tells
// where the others are. ROWS_APART = 0: all rows of a tile lie outside at the same time, or none does.
// A segment is a stretch of the reduction in which both operands advance by a constant step: all
// of it for matmul, the channels below one filter tap, one row of pixels for the filter gradient.

const VECTORS = COLUMNS / 4u;
const WIDE = LANES / TALL;
// Rows of a tile whose places have to be found.
const PLACED = select(ROWS, 1u, ROWS_ALIKE == 1u);
// Places are counted in what is read at once.
const A_SHIFT = 2u * A_VECTOR;
const B_SHIFT = 2u * B_VECTOR;

// Where the last four of `size` begin; operands read by vec4 are padded to whole ones.
fn last_vector(size: u32) -> u32 { return (size - 1u) & ~3u; }

// Where four columns of `b` are at the first k.
fn b_place(start: u32, column: u32) -> u32 {
  if (B_VECTOR == 0u) { return start; }
  return (start + column_offset(min(column, last_vector(params.columns)))) >> 2u;
}

// Four columns of `b` at one k; columns that do not exist repeat the last.
fn b_columns(start: u32, column: u32) -> vec4<f32> {
  if (B_VECTOR == 1u) { return b_vector(start); }
  let known = min(column + vec4<u32>(0u, 1u, 2u, 3u), vec4<u32>(params.columns - 1u));
  return vec4<f32>(
    b_element(start + column_offset(known.x)),
    b_element(start + column_offset(known.y)),
    b_element(start + column_offset(known.z)),
    b_element(start + column_offset(known.w)),
  );
}

// Which row of the output row `r` of a tile is.
fn stored_row(first_row: u32, r: u32) -> u32 {
  if (ROWS_ALIKE == 1u) { return result_row(first_row) + r * result_apart(); }
  return result_row(first_row + r);
}

// Stores four columns, as far as they exist, of the row of the output that begins at `begin`.
fn store_four(begin: u32, column: u32, value: vec4<f32>) {
  store(begin + column, column, min(4u, params.columns - column), value);
}

@compute @workgroup_size(LANES)
fn main(
  @builtin(workgroup_id) group_id: vec3<u32>,
  @builtin(num_workgroups) groups: vec3<u32>,
  @builtin(local_invocation_index) lane: u32,
) {
  let block = group_id.x + group_id.y * groups.x;
  if (block >= params.tiles) { return; }
  let across = block / params.columnTiles;
  let slab = across / params.rowTiles;
  let split = slab / params.batches;
  let batch = slab - split * params.batches;
  let column = ((block - across * params.columnTiles) * WIDE + lane / TALL) * COLUMNS;
  let first_row = ((across - slab * params.rowTiles) * TALL + lane % TALL) * ROWS;
  if (first_row >= params.rows || column >= params.columns) { return; }

  var sums: array<array<vec4<f32>, VECTORS>, ROWS>;
  var origins: array<vec3<i32>, ROWS>;
  for (var r = 0u; r < PLACED; r++) {
    // In vec4 mode the last four rows stay together.
    let most = select(params.rows - 1u, last_vector(params.rows) + (r & 3u), A_VECTOR == 1u);
    origins[r] = row_origin(min(first_row + r, most), batch);
  }

  let end = min((split + 1u) * params.segmentsPerSplit, params.segments);
  for (var segment = split * params.segmentsPerSplit; segment < end; segment += segment_step()) {
    var at: array<u32, ROWS>;
    var inside: array<bool, ROWS>;
    var any_inside = PADDED == 0u;
    for (var r = 0u; r < PLACED; r++) {
      let start = row_start(origins[r], segment);
      at[r] = u32(start.x) >> A_SHIFT;
      inside[r] = PADDED == 0u || start.y != 0;
      any_inside = any_inside || inside[r];
    }
    for (var r = PLACED; r < ROWS; r++) { at[r] = at[0] + ((r * row_apart()) >> A_SHIFT); }
    let length = select(0u, segment_length(origins[0], segment), any_inside);
    let b_start = column_start(origins[0], segment, batch);
    var b_at: array<u32, VECTORS>;
    for (var j = 0u; j < VECTORS; j++) { b_at[j] = b_place(b_start, column + 4u * j); }
    for (var k = 0u; k < length; k++) {
      var b_row: array<vec4<f32>, VECTORS>;
      for (var j = 0u; j < VECTORS; j++) {
        b_row[j] = b_columns(b_at[j], column + 4u * j);
        b_at[j] += column_step() >> B_SHIFT;
      }
      if (A_VECTOR == 1u) {
        for (var r = 0u; r < ROWS; r += 4u) {
          let there = ROWS_APART == 0u || (inside[r] && row_inside(origins[r], k));
          let x = select(vec4<f32>(), a_vector(select(0u, at[r], there)), there);
          at[r] += row_step() >> A_SHIFT;
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

  let base = split * params.splitStride + result_start(batch);
  // Of a tile that is whole, stores know their sums, and nothing is tested between them.
  if (ROWS * VECTORS <= 8u && first_row + ROWS <= params.rows && column + COLUMNS <= params.columns) {
    for (var r = 0u; r < ROWS; r++) {
      let begin = base + stored_row(first_row, r) * params.columns;
      for (var j = 0u; j < VECTORS; j++) { store_four(begin, column + 4u * j, sums[r][j]); }
    }
    return;
  }
  // `tileVectors` is ROWS · VECTORS, as a number no compiler can unroll the loop by.
  var begin = 0u;
  for (var i = 0u; i < params.tileVectors; i++) {
    let r = i / VECTORS;
    let j = i % VECTORS;
    let row = first_row + r;
    let c = column + 4u * j;
    if (j == 0u) { begin = base + stored_row(first_row, r) * params.columns; }
    if (row < params.rows && c < params.columns) {
      store_four(begin, c, sums[r][j]);
    }
  }
}

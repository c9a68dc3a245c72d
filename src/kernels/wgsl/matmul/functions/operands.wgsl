// Where the operands of a plain matmul lie; for matmul/registers.wgsl the whole reduction is one
// segment. An invocation's tile of the [rows × depth] operand `a` and of `b`:
//
//   a  row-major  [row · aRow + k · aK]      b  [k · bK + column · bColumn]
//
// Transposing is a matter of strides. PACKED_A, PACKED_B: the operand was put into tiles first
// (matmul/pack.wgsl). Nothing is read or computed here but addresses.

struct Params {
  rows: u32, columns: u32,
  rowTiles: u32, columnTiles: u32, tiles: u32,
  batches: u32, splitStride: u32,
  reduction: u32, segments: u32, segmentsPerSplit: u32,
  tileVectors: u32,
  aBatch: u32, aRow: u32, aK: u32,
  bBatch: u32, bK: u32, bColumn: u32,
  resultBatch: u32, resultRow: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

// The place of a row or column in an operand packed by matmul/pack.wgsl, eight to a tile.
fn packed_offset(index: u32) -> u32 { return (index >> 3u) * params.reduction * 8u + (index & 7u); }

fn row_origin(row: u32, batch: u32) -> vec3<i32> {
  let offset = select(row * params.aRow, packed_offset(row), PACKED_A == 1u);
  return vec3<i32>(i32(batch * params.aBatch + offset), 0, 0);
}
fn row_start(origin: vec3<i32>, segment: u32) -> vec2<i32> {
  return vec2<i32>(origin.x + i32(segment * params.aK), 1);
}
fn row_inside(origin: vec3<i32>, k: u32) -> bool { return true; }
fn row_apart() -> u32 { return select(params.aRow, 1u, PACKED_A == 1u); }
fn result_start(batch: u32) -> u32 { return batch * params.resultBatch; }
fn result_row(row: u32) -> u32 { return row * params.resultRow; }
fn result_apart() -> u32 { return params.resultRow; }
fn row_step() -> u32 { return params.aK; }

fn column_start(origin: vec3<i32>, segment: u32, batch: u32) -> u32 {
  return batch * params.bBatch + segment * params.bK;
}
fn column_step() -> u32 { return params.bK; }
fn column_offset(column: u32) -> u32 {
  return select(column * params.bColumn, packed_offset(column), PACKED_B == 1u);
}

fn segment_step() -> u32 { return params.segmentsPerSplit; }
fn segment_length(origin: vec3<i32>, segment: u32) -> u32 {
  return min(params.segmentsPerSplit, params.reduction - segment);
}

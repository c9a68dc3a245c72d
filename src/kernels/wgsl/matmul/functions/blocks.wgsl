// Where the operands of a plain matmul lie, for matmul/blocked.wgsl: a function file. What a split
// takes of the reduction is one segment. A 4 × 4 block of the [rows × depth] operand `a` and of `b`:
//
//   a  [row · aRow + k · aK]      b  [k · bK + column · bColumn]
//
// Transposing is a matter of strides. Nothing is read or computed here but addresses.

struct Params {
  rows: u32, columns: u32,
  rowTiles: u32, columnTiles: u32, tiles: u32,
  batches: u32, splitStride: u32,
  reduction: u32, reductionPerSplit: u32, segmentLength: u32,
  aBatch: u32, aRow: u32, aK: u32,
  bBatch: u32, bK: u32, bColumn: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

fn a_places(outer: vec4<u32>, start: u32, k: vec4<i32>, batch: u32) -> Places {
  let known = vec4<i32>(outer * params.aRow) + (i32(start) + k) * i32(params.aK);
  return Places(i32(batch * params.aBatch) + known, vec4<bool>(true));
}
fn b_places(outer: vec4<u32>, start: u32, k: vec4<i32>, batch: u32) -> vec4<i32> {
  let known = vec4<i32>(outer * params.bColumn) + (i32(start) + k) * i32(params.bK);
  return i32(batch * params.bBatch) + known;
}
fn a_stride() -> u32 { return params.aK; }
fn b_stride() -> u32 { return params.bK; }
fn result_row(row: u32) -> u32 { return row; }

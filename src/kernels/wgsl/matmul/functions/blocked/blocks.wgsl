// Where the operands of a plain matmul lie, for matmul/blocked.wgsl: a function file. A 4 × 4 block of
// the [rows × depth] operand `a` and of `b`:
//
//   a  [row · aRow + k · aK]      b  [k · bK + column · bColumn]
//
// Transposing is a matter of strides. Nothing is read or computed here but addresses.

struct Params {
  rows: u32, columns: u32,
  rowTiles: u32, columnTiles: u32, tiles: u32,
  batches: u32, splitStride: u32,
  reduction: u32, reductionPerSplit: u32,
  aBatch: u32, aRow: u32, aK: u32,
  bBatch: u32, bK: u32, bColumn: u32,
}

@group(0) @binding(0) var<uniform> params: Params;

struct Walk {
  batch: u32,
  a_step: u32,
  b_step: u32,
}

struct Places {
  at: vec4<i32>,
  inside: vec4<bool>,
  reach: u32,
}

fn walk_of(batch: u32) -> Walk {
  return Walk(batch, (params.aK * DEPTH) >> A_SHIFT, (params.bK * DEPTH) >> B_SHIFT);
}
fn reduction_of(walk: Walk) -> u32 { return params.reduction; }

fn places(loads_a: bool, outer: vec4<u32>, k: vec4<i32>, walk: Walk) -> Places {
  let batch = walk.batch * select(params.bBatch, params.aBatch, loads_a);
  let apart = select(vec2<u32>(params.bColumn, params.bK), vec2<u32>(params.aRow, params.aK), loads_a);
  let at = vec4<i32>(batch + outer * apart.x) + k * i32(apart.y);
  let shift = vec4<u32>(select(B_SHIFT, A_SHIFT, loads_a));
  return Places(at >> shift, vec4<bool>(true), 3u);
}
fn next(loads_a: bool, past: Places, walk: Walk) -> Places {
  let at = past.at + i32(select(walk.b_step, walk.a_step, loads_a));
  return Places(at, past.inside, past.reach);
}

fn result_row(row: u32, batch: u32) -> u32 { return batch * params.rows + row; }

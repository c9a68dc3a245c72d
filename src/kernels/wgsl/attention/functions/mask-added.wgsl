@group(0) @binding(MASK) var<storage, read> mask: array<f32>;

// What is added to the scores of an own row by four walked ones. A mask may be that of several batches, or
// of all own rows.
fn added(tile: Tile, row: u32, others: vec4<u32>) -> vec4<f32> {
  let batch = tile.batch / params.maskDivide % params.maskModulo;
  let at = batch * params.maskBatch + row * params.maskOwn + others * params.maskWalked;
  return vec4<f32>(mask[at.x], mask[at.y], mask[at.z], mask[at.w]);
}

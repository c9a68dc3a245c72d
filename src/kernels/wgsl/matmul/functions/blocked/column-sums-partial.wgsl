// The sums of the columns of `b` over a split's share of the reduction, for matmul/blocked.wgsl: they
// lie behind the split's partial result, whole vec4s, for matmul/sum.wgsl. 4 bytes written a column.
fn keep_sums(split: u32, column: u32, sums: vec4<f32>) {
  if (column >= params.columns) { return; }
  let behind = (split + 1u) * params.splitStride - (params.columns + 3u) / 4u * 4u;
  store(behind + column, column, min(4u, params.columns - column), sums);
}

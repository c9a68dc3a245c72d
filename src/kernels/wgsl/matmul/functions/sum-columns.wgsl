// What matmul/sum.wgsl makes of sums of which the last are not results, but the sums of the columns of
// `b` (functions/column-sums-partial.wgsl).
@group(0) @binding(3) var<storage, read_write> columnSums: array<vec4<f32>>;

fn put(i: u32, sum: vec4<f32>) {
  if (i < params.resultVectors) {
    store(i, sum);
  } else {
    columnSums[i - params.resultVectors] = sum;
  }
}

// The sums of the columns of `b`, for matmul/blocked.wgsl, whose loads bring all of `b` through
// registers anyway. 4 bytes written a column, 1 operation an element of `b`.
@group(0) @binding(4) var<storage, read_write> columnSums: array<vec4<f32>>;

fn keep_sums(split: u32, column: u32, sums: vec4<f32>) {
  if (column < params.columns) { columnSums[column >> 2u] = sums; }
}

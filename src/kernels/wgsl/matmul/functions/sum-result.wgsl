// What matmul/sum.wgsl makes of sums that are all results.
fn put(i: u32, sum: vec4<f32>) {
  store(i, sum);
}

// How matmul/sum.wgsl stores four results: as f32.
@group(0) @binding(2) var<storage, read_write> result: array<vec4<f32>>;

fn store(i: u32, sum: vec4<f32>) {
  result[i] = finished(i, sum);
}

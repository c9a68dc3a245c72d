// How matmul/sum.wgsl stores four results: as f16, two to a word.
@group(0) @binding(2) var<storage, read_write> result: array<vec2<u32>>;

fn store(i: u32, sum: vec4<f32>) {
  result[i] = packed_halves(finished(i, sum));
}

// Completes adam.wgsl: steps are divided by the largest variance there has been, which it keeps.
@group(0) @binding(5) var<storage, read_write> largest: array<vec4<f32>>;

fn divisor(i: u32, v: vec4<f32>) -> vec4<f32> {
  let most = select(v, largest[i], largest[i] > v);
  largest[i] = most;
  return most;
}

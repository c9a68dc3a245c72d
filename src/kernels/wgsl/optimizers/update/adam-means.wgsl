// What adam.wgsl and nadam.wgsl keep: running means of gradients and of their squares, the new ones of
// vec4 i. Each is written where it is computed.
@group(0) @binding(3) var<storage, read_write> mean: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> variance: array<vec4<f32>>;

fn next_mean(i: u32, slope: vec4<f32>) -> vec4<f32> {
  let m = flushed(params.beta1 * mean[i] + (1.0 - params.beta1) * slope);
  mean[i] = m;
  return m;
}

fn next_variance(i: u32, slope: vec4<f32>) -> vec4<f32> {
  let v = flushed(params.beta2 * variance[i] + (1.0 - params.beta2) * slope * slope);
  variance[i] = v;
  return v;
}

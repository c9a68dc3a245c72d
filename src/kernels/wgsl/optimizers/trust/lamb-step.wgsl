// LAMB's step along its direction, as long as the norms of the variable say.
@group(0) @binding(3) var<storage, read_write> mean: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> variance: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let m = next_mean(mean[i], grad);
  let v = next_variance(variance[i], grad);
  mean[i] = m;
  variance[i] = v;
  let ratio = trust_ratio(i);
  let trust = select(1.0, ratio, params.adapts * ratio > 0.0);
  return weight - params.lr * trust * heading(weight, m, v);
}

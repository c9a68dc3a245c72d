// Where LAMB would go, moments left as they are.
@group(0) @binding(3) var<storage, read> mean: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> variance: array<vec4<f32>>;

fn direction(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  return heading(weight, next_mean(mean[i], grad), next_variance(variance[i], grad));
}

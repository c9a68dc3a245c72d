// RMSprop's step, centered and with momentum.
@group(0) @binding(4) var<storage, read_write> velocity: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> mean: array<vec4<f32>>;

fn displacement(i: u32, grad: vec4<f32>, square: vec4<f32>) -> vec4<f32> {
  let m = flushed(params.alpha * mean[i] + (1.0 - params.alpha) * grad);
  mean[i] = m;
  // Rounding may take the variance a little below zero.
  let spread = sqrt(max(square - m * m, vec4<f32>())) + params.epsilon;
  let step = flushed(params.momentum * velocity[i] + grad / spread);
  velocity[i] = step;
  return step;
}

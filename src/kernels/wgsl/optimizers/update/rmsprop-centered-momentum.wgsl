// RMSprop's step, centered and with momentum.
@group(0) @binding(4) var<storage, read_write> buffer: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> means: array<vec4<f32>>;

fn displacement(i: u32, grad: vec4<f32>, square: vec4<f32>) -> vec4<f32> {
  let mean = flushed(params.alpha * means[i] + (1.0 - params.alpha) * grad);
  means[i] = mean;
  // Rounding may take the variance a little below zero.
  let spread = sqrt(max(square - mean * mean, vec4<f32>())) + params.epsilon;
  let step = flushed(params.momentum * buffer[i] + grad / spread);
  buffer[i] = step;
  return step;
}

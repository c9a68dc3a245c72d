// RMSprop's step, centered: the gradient in units of its standard deviation.
@group(0) @binding(4) var<storage, read_write> mean: array<vec4<f32>>;

fn displacement(i: u32, grad: vec4<f32>, square: vec4<f32>) -> vec4<f32> {
  let m = flushed(params.alpha * mean[i] + (1.0 - params.alpha) * grad);
  mean[i] = m;
  // Rounding may take the variance a little below zero.
  return grad / (sqrt(max(square - m * m, vec4<f32>())) + params.epsilon);
}

// RMSprop's step with momentum: the scaled gradients pile up in a velocity.
@group(0) @binding(4) var<storage, read_write> velocity: array<vec4<f32>>;

fn displacement(i: u32, grad: vec4<f32>, square: vec4<f32>) -> vec4<f32> {
  let step = flushed(params.momentum * velocity[i] + grad / (sqrt(square) + params.epsilon));
  velocity[i] = step;
  return step;
}

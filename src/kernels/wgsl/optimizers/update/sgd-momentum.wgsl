// Stochastic gradient descent with momentum (PyTorch's formula; with NESTEROV the step looks ahead
// along the new velocity): 7 operations an element, 9 with NESTEROV.
struct Params {
  vectors: u32,
  lr: f32,
  momentum: f32,
  weightDecay: f32,
  dampening: f32,
  clipValue: f32,
}

@group(0) @binding(3) var<storage, read_write> velocity: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let speed = flushed(params.momentum * velocity[i] + (1.0 - params.dampening) * slope);
  velocity[i] = speed;
  var step = speed;
  if (NESTEROV == 1u) { step = slope + params.momentum * speed; }
  return weight - params.lr * step;
}

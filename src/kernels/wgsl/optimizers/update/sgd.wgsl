// Stochastic gradient descent (PyTorch's formula without momentum): 4 operations an element.
struct Params {
  vectors: u32,
  lr: f32,
  weightDecay: f32,
  clipValue: f32,
}

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  return weight - params.lr * (grad + params.weightDecay * weight);
}

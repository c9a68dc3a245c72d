// Adagrad (PyTorch's formula): 8 operations an element with a root and a division.
struct Params {
  vectors: u32,
  lr: f32,
  epsilon: f32,
  weightDecay: f32,
  clipValue: f32,
}

@group(0) @binding(3) var<storage, read_write> squareSum: array<vec4<f32>>;

fn updated(i: u32, weight: vec4<f32>, grad: vec4<f32>) -> vec4<f32> {
  let slope = grad + params.weightDecay * weight;
  let sum = squareSum[i] + slope * slope;
  squareSum[i] = sum;
  return weight - params.lr * slope / (sqrt(sum) + params.epsilon);
}
